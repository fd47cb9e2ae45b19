import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { record, startWorld, type World } from '../../test/world/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
  await record(world, { complainant: { name: '吳先生', phone: '0912 345 678', mail: 'wu@example.com' } })
  const secret = await record(world, { complainant: { name: '吳小姐', phone: '0933 999 888' } })
  await world.as('lead')('POST', `/api/v1/complaints/${secret.id}/restriction`, {
    version: 1,
    confidentiality: 'restricted',
    staffIds: [],
  })
  await record(world, { mode: 'confidential', complainant: { name: '吳太太', phone: '0955 111 222' } })
})
afterAll(() => world.stop())

const names = async (who: 'intake' | 'lead', q: string, house: 'home' | 'neighbour' = 'home') =>
  (await world.as(who, house)('GET', `/api/v1/customers?q=${encodeURIComponent(q)}`))
    .json()
    .items.map((c: { name: string }) => c.name)

describe('finding a known customer', () => {
  it.each(['吳先', '5678', '12345678', '0912-345-678', 'WU@example.com'])('by %s', async (q) => {
    expect(await names('intake', q)).toEqual(['吳先生'])
  })

  it('does not tell of one whose only complaint is restricted or in confidence', async () => {
    expect(await names('intake', '吳')).toEqual(['吳先生'])
    expect(await names('lead', '吳')).toEqual(['吳先生', '吳小姐'].sort())
  })

  it('knows nobody of another organisation', async () => {
    expect(await names('intake', '吳', 'neighbour')).toEqual([])
  })
})
