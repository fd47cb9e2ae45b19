import { afterAll, beforeAll, expect, it } from 'vitest'
import { everyone, ms, startWorld, type World } from '../../test/world/world.ts'
import { schedules, tasksOf } from '../jobs.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const health = async () => (await world.as('admin')('GET', '/api/v1/health')).json()
type Told = { name: string; state: string; as: string }
const of = async (name: string) => ((await health()).checks as Told[]).find((c) => c.name === name)

it('is the administrator’s alone', async () => {
  for (const who of everyone)
    expect([who, (await world.as(who)('GET', '/api/v1/health')).statusCode]).toEqual([who, who === 'admin' ? 200 : 403])
})

it('makes every check, and names what was never done', async () => {
  const { checks } = await health()
  expect(checks.filter((c: Told) => c.as === 'failed')).toEqual([])
  expect(checks.map((c: Told) => c.name)).toHaveLength(13)
  expect(await of('backup')).toMatchObject({ state: 'warn', as: 'never' })
  expect(await of('migrations')).toMatchObject({ state: 'good' })
})

it('knows when a job last came to its end, and that it has not for long', async () => {
  const job = async () => (await health()).jobs.find((j: { task: string }) => j.task === 'lapse_clocks')
  await tasksOf(world.app).lapse_clocks?.({})
  expect(await job()).toMatchObject({ state: 'good', at: new Date(world.clock.now).toISOString() })
  world.clock.advance(ms.hour)
  expect(await job()).toMatchObject({ state: 'bad' })
  expect(await of('worker')).toMatchObject({ state: 'bad' })
  expect(schedules.map((s) => s.task)).toContain('lapse_clocks')
})
