import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { record, startWorld, type Who, type World } from '../../test/world/world.ts'
import { verifyComplaint } from '../audit/index.ts'

// Whoever writes a letter has an address: it is how they are reached, and nothing by which somebody is taken for somebody.

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const lines = '臺北市信義區松高路 1 號\n 12 樓之 3 '
const address = { lines, country: '臺灣' }
const kept = '臺北市信義區松高路 1 號\n12 樓之 3\n臺灣'
const letter = (complainant: object, more: object = {}) => record(world, { channel: 'letter', complainant, ...more })
const page = async (id: string, who: Who = 'lead') => (await world.as(who)('GET', `/api/v1/complaints/${id}`)).json()
const ofKind = (p: { customer: { identities: { kind: string }[] } | null }) =>
  (p.customer?.identities ?? []).filter((i) => i.kind === 'address')

describe('the postal address of a complainant', () => {
  it('stands with the other ways to reach them, in lines as on an envelope, and verifies', async () => {
    const { id } = await letter({ name: '郭太太', address })
    expect(ofKind(await page(id))).toMatchObject([{ kind: 'address', value: kept, verified: false }])
    const verified = await world.app.db.withScope({ org: world.home.org, scope: 'organisation' }, (tx) =>
      verifyComplaint(tx, world.home.org, id),
    )
    expect(verified).toMatchObject({ ok: true, problems: [] })
  })

  it('makes nobody the same person: it is suggested at most where it reads the same', async () => {
    const one = await letter({ name: '林一', address: { lines: '高雄市中山一路 5 號' } })
    const same = await letter({ name: '林二', address: { lines: '高雄市中山一路5號' } })
    const near = await letter({ name: '林三', address: { lines: '高雄市中山一路 5 號 2 樓' } })
    const [a, b, c] = [await page(one.id), await page(same.id), await page(near.id)]
    expect(new Set([a, b, c].map((p) => p.customer.id)).size).toBe(3)
    const alike = (p: { customer: { samePeople: { name: string }[] } }) => p.customer.samePeople.map((s) => s.name)
    expect(alike(a)).toEqual(['林二'])
    expect(alike(c)).toEqual([])
    const found = await world.as('lead')('GET', `/api/v1/customers?q=${encodeURIComponent('高雄市中山一路5號')}`)
    expect(found.json().items).toEqual([])
  })

  it('is kept from whoever may not know who complains in confidence, and of nobody anonymous', async () => {
    const secret = await letter({ name: '保密者', address }, { mode: 'confidential' })
    expect((await page(secret.id, 'mei')).customer).toBeNull()
    expect(ofKind(await page(secret.id, 'lead'))).toHaveLength(1)
    const nobody = await letter({ name: '某', address }, { mode: 'anonymous' })
    expect((await page(nobody.id)).customer).toBeNull()
    const { rows } = await world.app.systemDb.pool.query(
      "select 1 from inbound_item where complaint_id = $1 and convert_from(raw, 'UTF8') like '%松高路%'",
      [nobody.id],
    )
    expect(rows).toEqual([])
  })
})
