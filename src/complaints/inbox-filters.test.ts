import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { ms, record, startWorld, type World } from '../../test/world/world.ts'

// What each filter finds, through HTTP: seven complaints that differ in everything a list can be filtered by.

let world: World
const ids: Record<string, string> = {}
let product = ''

beforeAll(async () => {
  world = await startWorld()
  const { org, staff } = world.home
  const { app, clock } = world
  product = '01950000-0000-7000-8000-0000000000aa'
  const abroad = '01950000-0000-7000-8000-0000000000bb'
  await app.db.withScope({ org }, async (tx) => {
    await tx.run(
      sql`insert into product (org_id, id, code, name, kind) values (${org}, ${product}, 'KETTLE', '{"zhHant":"水壺","zhHans":"水壶","en":"Kettle"}', 'product')`,
    )
    await tx.run(sql`insert into place (org_id, id, code, name, jurisdiction, zone, calendar_key)
      values (${org}, ${abroad}, 'LONDON', '{"zhHant":"倫敦","zhHans":"伦敦","en":"London"}', 'UK', 'Europe/London', 'uk-office')`)
  })
  const make = async (name: string, body: object) => (ids[name] = (await record(world, body)).id)
  await make('plain', {})
  await make('kettle', { productId: product, channel: 'store_visit' })
  await make('london', { placeId: abroad })
  await make('anonymous', { mode: 'anonymous' })
  await make('secret', { confidentiality: 'restricted' })
  await make('ended', {})
  clock.advance(3 * ms.day)
  await make('later', {})
  const { mei } = staff
  await act('kettle', 'assignment', { ownerId: mei })
  await act('london', 'assessment', { impact: 4, likelihood: 3, flags: ['safety'], typeCode: 'R1' })
  await act('anonymous', 'information-request', { of: 'third_party', text: '請廠商回覆。' })
  await act('plain', 'decision', { outcomeCode: 'O1', findings: 'all' })
  await act('ended', 'withdrawal', { reason: '不用了' })
})
afterAll(() => world.stop())

async function act(name: string, path: string, body: Record<string, unknown>): Promise<void> {
  const page = (await world.as('lead')('GET', `/api/v1/complaints/${ids[name]}`)).json()
  const findings = page.points.map((p: { id: string }) => ({ pointId: p.id, finding: 'upheld' }))
  const reply = await world.as('lead')('POST', `/api/v1/complaints/${ids[name]}/${path}`, {
    version: page.complaint.version,
    ...body,
    ...(body.findings ? { findings } : {}),
  })
  if (reply.statusCode !== 200) throw new Error(`${name} ${path}: ${reply.body}`)
}

async function found(query: string, who: 'lead' | 'mei' | 'xiu' = 'lead'): Promise<string[]> {
  const reply = await world.as(who)('GET', `/api/v1/complaints?${query}`)
  expect(reply.statusCode, reply.body).toBe(200)
  const names = Object.fromEntries(Object.entries(ids).map(([name, id]) => [id, name]))
  return (reply.json().items as { id: string }[]).map((r) => names[r.id] ?? r.id).sort()
}

const open = ['anonymous', 'kettle', 'later', 'london', 'plain', 'secret']
const without = (...names: string[]) => open.filter((n) => !names.includes(n))

describe('a list filtered by', () => {
  const cases: [string, () => string, string[]][] = [
    ['nothing', () => '', open],
    ['what is ended', () => 'open=false', ['ended']],
    ['open or not', () => 'open=any', [...open, 'ended'].sort()],
    ['mine', () => 'view=mine', []],
    ['my team', () => 'view=team', open],
    ['unassigned', () => 'view=unassigned', without('kettle')],
    ['state', () => 'state=awaiting_info', ['anonymous']],
    ['an ended state', () => 'state=withdrawn&open=any', ['ended']],
    ['team', () => `teamId=${world.home.teams.shanghai}&open=any`, []],
    ['owner', () => `ownerId=${world.home.staff.mei}&open=any`, ['kettle']],
    ['place', () => `placeId=${world.home.place}`, without('london')],
    ['jurisdiction', () => 'jurisdiction=UK', ['london']],
    ['jurisdiction, ended ones too', () => 'jurisdiction=TW&open=any', [...without('london'), 'ended'].sort()],
    ['a jurisdiction without places', () => 'jurisdiction=MARS&open=any', []],
    ['product', () => `productId=${product}&open=any`, ['kettle']],
    ['type', () => 'type=retail_ecommerce', ['london']],
    ['type and jurisdiction', () => 'type=retail_ecommerce&jurisdiction=UK&open=any', ['london']],
    ['type and another jurisdiction', () => 'type=retail_ecommerce&jurisdiction=TW&open=any', []],
    ['severity', () => 'severity=high', ['london']],
    ['nobody has weighed it', () => 'severity=unassessed', without('london')],
    ['channel', () => 'channel=store_visit&open=any', ['kettle']],
    ['flag', () => 'flag=safety', ['london']],
    ['mode', () => 'mode=anonymous', ['anonymous']],
    ['the usual mode', () => 'mode=named&open=any', [...without('anonymous'), 'ended'].sort()],
    ['restricted', () => 'restricted=true', ['secret']],
    ['not restricted', () => 'restricted=false', without('secret')],
    ['whom it waits for', () => 'waitingFor=third_party', ['anonymous']],
    ['outcome', () => 'outcome=O1&open=any', ['plain']],
    ['remedy', () => 'remedy=A3&open=any', []],
    ['the day it came, in the reader’s zone', () => 'receivedFrom=2026-03-06&receivedTo=2026-03-06', ['later']],
    ['before that day', () => 'receivedTo=2026-03-05&open=any', [...without('later'), 'ended'].sort()],
    ['overdue', () => 'due=overdue&view=unassigned', ['anonymous', 'london', 'plain', 'secret']],
    ['several at once', () => 'restricted=false&mode=named&severity=unassessed&view=unassigned', ['later', 'plain']],
  ]
  test.each(cases)('%s', async (_what, query, expected) => {
    expect(await found(query())).toEqual(expected)
    // A count is of the same complaints.
    const count = (await world.as('lead')('GET', `/api/v1/complaints/count?${query()}`)).json()
    expect(count).toMatchObject({ count: expected.length, exact: true })
    // One row a page finds the same as all on one.
    expect(await paged(query())).toEqual(expected)
  })

  it('something wrong is refused, not guessed', async () => {
    for (const query of ['mode=x', 'receivedFrom=2026-02-30', 'waitingFor=nobody', 'restricted=maybe', 'view=x'])
      expect((await world.as('lead')('GET', `/api/v1/complaints?${query}`)).statusCode, query).toBe(400)
  })
})

async function paged(query: string): Promise<string[]> {
  const names = Object.fromEntries(Object.entries(ids).map(([name, id]) => [id, name]))
  const all: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: { items: { id: string }[]; next: string | null } = (
      await world.as('lead')('GET', `/api/v1/complaints?${query}&limit=1${cursor ? `&cursor=${cursor}` : ''}`)
    ).json()
    all.push(...page.items.map((r) => names[r.id] ?? r.id))
    cursor = page.next
  }
  expect(new Set(all).size).toBe(all.length)
  return all.sort()
}

describe('what a reader may not see', () => {
  it('is in no list and no number of theirs', async () => {
    for (const query of [
      '',
      'open=any',
      'restricted=true',
      'restricted=true&open=any',
      `placeId=${world.home.place}`,
    ]) {
      expect(await found(query, 'mei'), query).not.toContain('secret')
      const { count } = (await world.as('mei')('GET', `/api/v1/complaints/count?${query}`)).json()
      expect(count, query).toBe((await found(query, 'mei')).length)
    }
    expect(await found('open=any', 'xiu')).toEqual([])
    expect((await world.as('xiu')('GET', '/api/v1/complaints/count?open=any')).json().count).toBe(0)
  })

  it('does not weigh on anybody’s load in the list of owners', async () => {
    await act('secret', 'assignment', { ownerId: world.home.staff.specialist })
    const load = async (who: 'lead' | 'mei') =>
      (await world.as(who)('GET', '/api/v1/complaints/owners'))
        .json()
        .items.find((o: { id: string }) => o.id === world.home.staff.specialist).open
    expect([await load('lead'), await load('mei')]).toEqual([1, 0])
  })
})

it('the counts of the navigation tell whom complaints wait for', async () => {
  const counts = (await world.as('lead')('GET', '/api/v1/complaints/counts')).json()
  expect(counts).toMatchObject({ all: 6, waitingThirdParty: 1, waitingCustomer: 0, waitingInternal: 0 })
})
