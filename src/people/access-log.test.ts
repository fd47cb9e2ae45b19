import { afterAll, beforeAll, expect, it } from 'vitest'
import { record, startWorld, type Who, type World } from '../../test/world/world.ts'
import type { AccessEntry } from './contract.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const read = async (who: Who, more = ''): Promise<{ items: AccessEntry[]; next: string | null }> =>
  (await world.as(who)('GET', `/api/v1/access-log?${more}`)).json()
const open = (who: Who, id: string) => world.as(who)('GET', `/api/v1/complaints/${id}`)

it('tells who opened a restricted complaint, once a while, and names it only to those who may see it', async () => {
  const secret = await record(world, { confidentiality: 'restricted' }, 'lead')
  const plain = await record(world)
  for (let i = 0; i < 3; i++) await open('lead', secret.id)
  await open('mei', secret.id)
  await open('lead', plain.id)
  const readings = async () => (await read('auditor')).items.filter((i) => i.what === 'complaint.read-restricted')
  await expect.poll(readings, { timeout: 10_000 }).toHaveLength(1)
  expect(await readings()).toMatchObject([{ staff: { id: world.home.staff.lead }, complaint: null }])
  world.clock.advance(16 * 60_000)
  await open('lead', secret.id)
  await expect.poll(readings, { timeout: 10_000 }).toHaveLength(2)
})

it('pages from the newest on, by person, for those who check others only', async () => {
  const all = await read('auditor')
  const first = await read('auditor', 'limit=1')
  expect(first.items).toEqual(all.items.slice(0, 1))
  const second = await read('auditor', `limit=1&cursor=${first.next}`)
  expect(second.items).toEqual(all.items.slice(1, 2))
  expect(
    (await read('auditor', `staffId=${world.home.staff.mei}`)).items.every((i) => i.staff?.id === world.home.staff.mei),
  ).toBe(true)
  expect(await read('auditor', 'cursor=x')).toMatchObject({ code: 'request.bad-cursor' })
  for (const who of ['lead', 'mei', 'executive'] as const)
    expect((await world.as(who)('GET', '/api/v1/access-log')).statusCode).toBe(403)
  const neighbour = (await world.as('auditor', 'neighbour')('GET', '/api/v1/access-log')).json()
  expect(neighbour.items.filter((i: AccessEntry) => all.items.some((a) => a.id === i.id))).toEqual([])
})
