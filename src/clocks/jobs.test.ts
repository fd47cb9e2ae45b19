import { afterAll, beforeAll, expect, it } from 'vitest'
import { ms, record, startWorld, type World } from '../../test/world/world.ts'
import { lapseClocks } from './jobs.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

it('a clock past due is noted once as breached, at its true time, by the system', async () => {
  const [made, other] = [await record(world), await record(world, {}, 'intake', 'neighbour')]
  const page = async () => (await world.as('lead')('GET', `/api/v1/complaints/${made.id}`)).json()
  const due = (await page()).clocks.find((c: { kind: string }) => c.kind === 'first_reply').dueAt
  expect(await lapseClocks(world.app)).toEqual({ complaints: 0, clocks: 0 })
  world.clock.now = Date.parse(due)
  expect(await lapseClocks(world.app)).toEqual({ complaints: 0, clocks: 0 })
  world.clock.advance(3 * ms.minute)
  expect(await lapseClocks(world.app)).toEqual({ complaints: 2, clocks: 2 })
  expect(await lapseClocks(world.app)).toEqual({ complaints: 0, clocks: 0 })
  const rows = await world.app.systemDb.withoutScope((tx) =>
    tx.client.query(
      `select e.complaint_id, e.actor, e.payload from complaint_event e where type = 'clock_breached' order by 1`,
    ),
  )
  expect(rows.rows.map((r) => r.complaint_id).sort()).toEqual([made.id, other.id].sort())
  expect(rows.rows[0]).toMatchObject({
    actor: { kind: 'system', id: null },
    payload: { facts: { kind: 'first_reply', breachedAt: due } },
  })
  const clocks = await world.app.systemDb.withoutScope((tx) =>
    tx.client.query(`select state, breached_at, ended_at from clock where kind = 'first_reply'`),
  )
  for (const c of clocks.rows) expect(c).toEqual({ state: 'breached', breached_at: Date.parse(due), ended_at: null })
})

it('two workers at once breach a clock once', async () => {
  const made = await record(world)
  world.clock.advance(40 * ms.day)
  await Promise.all([lapseClocks(world.app), lapseClocks(world.app)])
  const rows = await world.app.systemDb.withoutScope((tx) =>
    tx.client.query(
      `select payload->'facts'->>'kind' as kind from complaint_event where type = 'clock_breached' and complaint_id = $1 order by 1`,
      [made.id],
    ),
  )
  expect(rows.rows.map((r) => r.kind)).toEqual(['first_reply', 'resolve', 'statutory'])
})
