import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ms, record, startWorld, type Who, type World } from '../../test/world/world.ts'
import { verifyAll } from '../audit/index.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

type Item = { complaintId: string; version: number }
type Reply = {
  done: (Item & { row: { owner: { id: string } | null; typeCode: string | null; severity: string } | null })[]
  refused: { complaintId: string; code: string }[]
}

const some = async (n: number, body: object = {}): Promise<Item[]> => {
  const items: Item[] = []
  for (let i = 0; i < n; i++) {
    const { id, version } = await record(world, body)
    items.push({ complaintId: id, version })
  }
  return items
}
const bulk = async (action: object, items: readonly Item[], who: Who = 'lead', headers = {}): Promise<Reply> => {
  const reply = await world.as(who)(
    'POST',
    '/api/v1/complaints/bulk',
    { action, items: items.map(({ complaintId, version }) => ({ complaintId, version })) },
    headers,
  )
  expect(reply.statusCode, reply.body).toBe(200)
  return reply.json()
}
const page = async (id: string) => (await world.as('lead')('GET', `/api/v1/complaints/${id}`)).json()

describe('the same to many', () => {
  it('gives them an owner, a type and a severity, each by a command of its own', async () => {
    const items = await some(3)
    const { mei } = world.home.staff
    const given = await bulk({ name: 'assign', ownerId: mei }, items)
    expect(given.refused).toEqual([])
    expect(given.done.map((d) => d.row?.owner?.id)).toEqual([mei, mei, mei])
    const typed = await bulk({ name: 'classify', typeCode: 'R1' }, given.done)
    expect(typed.done.map((d) => d.row?.typeCode)).toEqual(Array(3).fill('R1'))
    const judged = await bulk({ name: 'assess', impact: 4, likelihood: 3 }, typed.done)
    expect(judged.done.map((d) => d.row?.severity)).toEqual(['high', 'high', 'high'])
    // Severity alone leaves the type.
    expect(judged.done.map((d) => d.row?.typeCode)).toEqual(Array(3).fill('R1'))
    const noted = await bulk({ name: 'note', text: '同一批貨。' }, judged.done)
    const helped = await bulk({ name: 'helper', staffId: world.home.staff.specialist }, noted.done)
    const [other] = await some(1)
    const linked = await bulk({ name: 'link', otherId: other?.complaintId, kind: 'related' }, helped.done)
    expect(linked.refused).toEqual([])
    const types = (await page(items[0]?.complaintId ?? '')).timeline.map((i: { type?: string }) => i.type)
    for (const type of ['assigned', 'classified', 'assessed', 'helper_added', 'linked']) expect(types).toContain(type)
  })

  it('does what it can and says of each other one why not', async () => {
    const [good, stale, ended, hidden] = await some(4)
    const [secret] = await some(1, { confidentiality: 'restricted' })
    if (!good || !stale || !ended || !hidden || !secret) throw new Error('too few')
    await bulk({ name: 'note', text: 'x' }, [stale])
    await world.as('lead')('POST', `/api/v1/complaints/${ended.complaintId}/withdrawal`, {
      version: ended.version,
      reason: '不用了',
    })
    const { version } = (await page(ended.complaintId)).complaint
    const neighbour = (await record(world, {}, 'intake', 'neighbour')).id
    const items = [good, stale, { ...ended, version }, secret, { complaintId: neighbour, version: 1 }]
    const { done, refused } = await bulk({ name: 'assign', ownerId: world.home.staff.mei }, items, 'mei')
    expect(done.map((d) => d.complaintId)).toEqual([good.complaintId])
    expect(refused.map((r) => [r.complaintId, r.code])).toEqual([
      [stale.complaintId, 'complaints.stale'],
      [ended.complaintId, 'complaints.not-now'],
      [secret.complaintId, 'complaints.not-found'],
      [neighbour, 'complaints.not-found'],
    ])
  })

  it('asks for the permission of each command, and knows its owners and types', async () => {
    const items = await some(1)
    expect((await bulk({ name: 'assign', ownerId: null }, items, 'auditor')).refused[0]?.code).toBe(
      'people.not-allowed',
    )
    expect((await bulk({ name: 'assign', ownerId: world.home.staff.qa }, items)).refused[0]?.code).toBe(
      'complaints.owner-unknown',
    )
    expect((await bulk({ name: 'classify', typeCode: 'nothing-such' }, items)).refused[0]?.code).toBe(
      'intake.unknown-reference',
    )
  })

  it('takes a hundred a call, each once, and refuses more', async () => {
    const [one] = await some(1)
    if (!one) throw new Error('none')
    const many = Array.from({ length: 101 }, () => one)
    const body = { action: { name: 'assign', ownerId: null }, items: many }
    expect((await world.as('lead')('POST', '/api/v1/complaints/bulk', body)).statusCode).toBe(400)
    const { done, refused } = await bulk({ name: 'note', text: 'once' }, many.slice(1))
    expect([done.length, refused.length]).toEqual([1, 0])
  })

  it('sent again after a lost answer is done once', async () => {
    const items = await some(2)
    const headers = { 'idempotency-key': 'lost-answer-1' }
    const first = await bulk({ name: 'note', text: '同一批。' }, items, 'lead', headers)
    const again = await bulk({ name: 'note', text: '同一批。' }, items, 'lead', headers)
    expect(again).toEqual(first)
    const notes = (await page(items[0]?.complaintId ?? '')).timeline.filter(
      (i: { direction?: string }) => i.direction === 'note',
    )
    expect(notes).toHaveLength(1)
    // Other requests with keys go over the same connections.
    for (let n = 0; n < 8; n++) {
      const made = await world.as('lead')(
        'POST',
        '/api/v1/views',
        { name: 'x', filter: {} },
        { 'idempotency-key': `v${n}` },
      )
      expect(made.statusCode, made.body).toBe(201)
    }
  })
})

describe('taking it back', () => {
  const standing = async (id: string) => {
    const { complaint, clocks, helpers, links } = await page(id)
    const { version: _v, updatedAt: _u, severityWhy, assignedWhy, ...rest } = complaint
    // A date that a graver severity brought is cancelled, and stays to be seen.
    const running = clocks.filter((k: { state: string }) => k.state !== 'cancelled')
    return { ...rest, clocks: running, helpers, links, why: [severityWhy?.score ?? null, assignedWhy?.rule ?? null] }
  }
  const actions = (): [string, object][] => [
    ['an owner', { name: 'assign', ownerId: world.home.staff.mei }],
    ['another team', { name: 'assign', ownerId: null, teamId: world.home.teams.shanghai }],
    ['a severity', { name: 'assess', impact: 5, likelihood: 5 }],
    ['a type', { name: 'classify', typeCode: 'R1' }],
    ['a helper', { name: 'helper', staffId: world.home.staff.specialist }],
  ]

  it('leaves everything as it stood before, and both events in the history', async () => {
    for (const [what, action] of actions()) {
      const [item] = await some(1)
      if (!item) throw new Error('none')
      const before = await standing(item.complaintId)
      const { done } = await bulk(action, [item])
      expect(done, what).toHaveLength(1)
      world.clock.advance(5_000)
      const undone = await bulk({ name: 'undo' }, done)
      expect(undone.refused, what).toEqual([])
      expect(await standing(item.complaintId), what).toEqual(before)
      const { events } = (await world.as('lead')('GET', `/api/v1/complaints/${item.complaintId}/verification`)).json()
      expect(events, what).toBe(item.version + 2)
    }
  })

  it('is refused once somebody touched it, to somebody else, twice, and after a while', async () => {
    const [touched, theirs, late] = await some(3)
    if (!touched || !theirs || !late) throw new Error('too few')
    const action = { name: 'assign', ownerId: world.home.staff.mei }
    const { done } = await bulk(action, [touched, theirs, late])
    const [a, b, c] = done
    if (!a || !b || !c) throw new Error('not done')
    await bulk({ name: 'note', text: 'x' }, [a], 'mei')
    const code = async (item: Item, who: Who = 'lead') => (await bulk({ name: 'undo' }, [item], who)).refused[0]?.code
    expect(await code(a)).toBe('complaints.stale')
    expect(await code({ ...a, version: a.version + 1 })).toBe('complaints.undo-not-yours')
    expect(await code(b, 'mei')).toBe('complaints.undo-not-yours')
    const undone = await bulk({ name: 'undo' }, [b])
    expect(undone.done[0]?.row?.owner).toBeNull()
    // Before that, somebody else recorded it.
    expect(await code(undone.done[0] ?? b)).toBe('complaints.undo-not-yours')
    world.clock.advance(2 * ms.minute)
    expect(await code(c)).toBe('complaints.undo-too-late')
  })

  it('takes two steps back in two steps', async () => {
    const [item] = await some(1)
    if (!item) throw new Error('none')
    const before = await standing(item.complaintId)
    const judged = await bulk({ name: 'assess', impact: 4, likelihood: 4 }, [item])
    const given = await bulk({ name: 'assign', ownerId: world.home.staff.mei }, judged.done)
    const once = await bulk({ name: 'undo' }, given.done)
    expect(once.done[0]?.row).toMatchObject({ owner: null, severity: 'critical' })
    const twice = await bulk({ name: 'undo' }, once.done)
    expect(twice.refused).toEqual([])
    expect(await standing(item.complaintId)).toEqual(before)
  })

  it('reaches what a handler gave out of their own sight', async () => {
    const [item] = await some(1)
    if (!item) throw new Error('none')
    const { done } = await bulk({ name: 'assign', ownerId: null, teamId: world.home.teams.shanghai }, [item], 'mei')
    expect(done.map((d) => d.row)).toEqual([null])
    const undone = await bulk({ name: 'undo' }, done, 'mei')
    expect(undone.done[0]?.row?.owner).toBeNull()
    expect((await world.as('mei')('GET', `/api/v1/complaints/${item.complaintId}`)).statusCode).toBe(200)
  })
})

it('leaves a history that verifies', async () => {
  expect((await verifyAll(world.app)).findings).toEqual([])
})
