import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type World, cast, ms, record, startWorld } from '../../test/world/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const open = async (id: string, who: keyof typeof cast = 'lead') =>
  (await world.as(who)('GET', `/api/v1/complaints/${id}`)).json()
const post = (who: keyof typeof cast, id: string, path: string, body: object) =>
  world.as(who)('POST', `/api/v1/complaints/${id}/${path}`, body)

describe('a complaint from receipt to closing', () => {
  it('is recorded with number, owner queue, clocks and a receipt', async () => {
    const made = await record(world, { complainant: { name: '吳先生', phone: '0912 345 678' }, remedySought: '退款' })
    expect(made.number).toMatch(/^R-2026-\d{6}$/)
    expect(made.state).toBe('acknowledged')
    const page = await open(made.id)
    expect(page.complaint).toMatchObject({
      number: made.number,
      open: true,
      owner: null,
      teamId: world.home.teams.taipei,
      customerName: '吳先生',
      nextClock: 'first_reply',
    })
    const kinds = page.clocks.map((c: { kind: string; state: string }) => `${c.kind}:${c.state}`).sort()
    expect(kinds).toEqual(['acknowledge:met', 'first_reply:running', 'resolve:running', 'statutory:running'])
    const statutory = page.clocks.find((c: { kind: string }) => c.kind === 'statutory')
    expect(statutory.dueAt).toBe('2026-03-18T15:59:59.999Z')
    expect(page.timeline.map((i: { kind: string }) => i.kind).sort()).toEqual(['event', 'message'])
  })

  it('is answered, closed, and its history is a path of the process', async () => {
    const made = await record(world)
    let { version } = await open(made.id).then((p) => p.complaint)
    const step = async (path: string, body: object, expected: string) => {
      const reply = await post('mei', made.id, path, { version, ...body })
      expect(reply.json(), path).toMatchObject({ state: expected })
      version = reply.json().version
    }
    await step('assignment', { ownerId: world.home.staff.mei }, 'assigned')
    await step('assessment', { impact: 3, likelihood: 2, typeCode: 'R1' }, 'assigned')
    await step('investigation', {}, 'investigating')
    const points = (await open(made.id, 'mei')).points
    await step(
      'replies',
      {
        text: '已確認溫控器故障，全額退款。',
        told: 'phone',
        decision: true,
        outcomeCode: 'O1',
        findings: [{ pointId: points[0].id, finding: 'upheld', answer: '溫控器焊點龜裂' }],
      },
      'responded',
    )
    await step('confirmation', { stance: 'accepted' }, 'follow_up')
    await step('closure', { reasonCode: 'C1', summary: '已退款並經客戶確認。' }, 'closed')
    const page = await open(made.id, 'mei')
    expect(page.complaint).toMatchObject({
      open: false,
      outcomeCode: 'O1',
      closureCode: 'C1',
      summary: '已退款並經客戶確認。',
      nextClock: null,
    })
    expect(page.clocks.filter((c: { state: string }) => c.state === 'running')).toEqual([])
    expect(page.points[0]).toMatchObject({ finding: 'upheld', answer: '溫控器焊點龜裂' })
  })

  it('cannot be closed before every point is answered', async () => {
    const made = await record(world, { points: ['跳電', '人員態度'] })
    const early = await post('mei', made.id, 'closure', { version: 1, reasonCode: 'C1', summary: '完成' })
    expect(early.statusCode).toBe(409)
    const points = (await open(made.id)).points
    const half = await post('mei', made.id, 'replies', {
      version: 1,
      text: '退款',
      told: 'phone',
      decision: true,
      outcomeCode: 'O1',
      findings: [{ pointId: points[0].id, finding: 'upheld' }],
    })
    expect(half.json()).toMatchObject({ code: 'complaints.points-open', facts: { points: [2] } })
  })

  it('takes a reopened complaint up again with what was left of the resolve clock', async () => {
    const made = await record(world)
    const points = (await open(made.id)).points
    const answered = (
      await post('mei', made.id, 'replies', {
        version: 1,
        text: '退款',
        told: 'phone',
        decision: true,
        outcomeCode: 'O1',
        findings: [{ pointId: points[0].id, finding: 'upheld' }],
      })
    ).json()
    const closed = (
      await post('mei', made.id, 'closure', { version: answered.version, reasonCode: 'C2', summary: '完成' })
    ).json()
    const reopened = (await post('mei', made.id, 'reopening', { version: closed.version, reason: '又壞了' })).json()
    expect(reopened.state).toBe('investigating')
    const clocks = (await open(made.id)).clocks.filter((c: { kind: string }) => c.kind === 'resolve')
    expect(clocks).toHaveLength(2)
    expect(clocks[1]).toMatchObject({ cycle: 2, state: 'running' })
  })
})

describe('a critical complaint', () => {
  it('meets its containment clock when the harm is stopped, and is answered after', async () => {
    const made = await record(world, { impact: 5, likelihood: 5, flags: ['safety'] })
    const clock = async (kind: string) =>
      (await open(made.id)).clocks.find((c: { kind: string; state: string }) => c.kind === kind)
    expect(await clock('containment')).toMatchObject({ state: 'running', milestone: 'containment' })
    world.clock.advance(3 * ms.hour)
    const done = await post('mei', made.id, 'containment', { version: 1, text: '全店下架，顧客已送醫' })
    expect(done.json()).toMatchObject({ version: 2, state: made.state })
    expect(await clock('containment')).toMatchObject({ state: 'met' })
    expect(await clock('resolve')).toMatchObject({ state: 'running' })
    expect((await open(made.id)).complaint.nextDueAt).not.toBeNull()
    expect(await clock('statutory')).toMatchObject({ state: 'running' })
    const actions = (await open(made.id, 'mei')).actions as { name: string; allowed: boolean; why: string | null }[]
    expect(actions.find((a) => a.name === 'contain')).toMatchObject({
      allowed: false,
      why: 'complaints.nothing-to-contain',
    })
    const lesser = await record(world, { impact: 2, likelihood: 2 })
    const none = await post('mei', lesser.id, 'containment', { version: 1, text: 'x' })
    expect(none.json()).toMatchObject({ code: 'complaints.nothing-to-contain' })
  })
})

describe('why', () => {
  it('reasons of assessing, giving and restricting are read in the timeline, by those who see the complaint', async () => {
    const made = await record(world)
    const reasons = ['火災風險', '她熟悉這個產品', '涉及同事']
    await post('mei', made.id, 'assessment', { version: 1, impact: 4, likelihood: 4, flags: [], reason: reasons[0] })
    await post('mei', made.id, 'assignment', { version: 2, ownerId: world.home.staff.mei, reason: reasons[1] })
    await post('mei', made.id, 'restriction', {
      version: 3,
      confidentiality: 'restricted',
      staffIds: [world.home.staff.lead],
      reason: reasons[2],
    })
    const said = (await open(made.id)).timeline as { kind: string; body?: string; visibility?: string }[]
    const notes = said.filter((i) => i.kind === 'message' && i.visibility === 'internal').map((i) => i.body)
    expect(notes).toEqual(reasons)
  })
})

describe('what the server refuses', () => {
  it('a stale write, saying what changed and who did it', async () => {
    const made = await record(world)
    await post('mei', made.id, 'assignment', { version: 1, ownerId: world.home.staff.mei })
    const stale = await post('lead', made.id, 'assignment', { version: 1, ownerId: world.home.staff.lead })
    expect(stale.statusCode).toBe(409)
    expect(stale.json()).toMatchObject({
      code: 'complaints.stale',
      facts: { version: 2, changes: [{ seq: 2, type: 'assigned', by: '美琳' }] },
    })
  })

  const cases: [string, object, string][] = [
    ['a date in the future', { receivedAt: '2026-03-05T00:00:00Z' }, 'intake.received-in-future'],
    ['back-dating without a reason', { receivedAt: '2026-03-01T00:00:00Z' }, 'intake.backdating-needs-reason'],
    ['an unknown channel', { channel: 'telepathy' }, 'intake.unknown-channel'],
    ['a type that does not exist', { typeCode: 'ZZ' }, 'intake.unknown-reference'],
    ['a place of another organisation', { placeId: '__neighbour_place' }, 'intake.unknown-reference'],
    ['empty words', { text: '   ' }, 'request.invalid'],
    [
      "somebody else's upload",
      { attachmentIds: ['00000000-0000-7000-8000-000000000000'] },
      'intake.attachment-unknown',
    ],
  ]
  it.each(cases)('%s', async (_what, body, code) => {
    const sent = JSON.parse(JSON.stringify(body).replace('__neighbour_place', world.neighbour.place))
    const reply = await world.as('intake')('POST', '/api/v1/complaints', { channel: 'phone', text: 'x', ...sent })
    expect(reply.json().code).toBe(code)
    expect(reply.headers['content-type']).toContain('application/problem+json')
  })
})

describe('idempotency', () => {
  it('ten parallel posts with one key record one complaint and give the same answer', async () => {
    const headers = { 'idempotency-key': 'one-and-only' }
    const replies = await Promise.all(
      Array.from({ length: 10 }, () =>
        world.as('intake')('POST', '/api/v1/complaints', { channel: 'phone', text: '同一件' }, headers),
      ),
    )
    expect(new Set(replies.map((r) => r.json().id)).size).toBe(1)
    const other = await world.as('intake')('POST', '/api/v1/complaints', { channel: 'phone', text: '別件' }, headers)
    expect(other.json().code).toBe('request.idempotency-key-reused')
  })

  it('the same item of the same channel is recorded once', async () => {
    const first = await record(world, { channel: 'google_review', externalId: 'review-77' })
    const again = await record(world, { channel: 'google_review', externalId: 'review-77' })
    expect(again.id).toBe(first.id)
  })

  it('other words under the same name are not answered with "recorded"', async () => {
    const post = (text: string) =>
      world.as('intake')('POST', '/api/v1/complaints', { channel: 'letter', externalId: '2026-001', text })
    const first = await post('第一封信')
    const other = await post('第二封信，另一個人')
    expect(other.statusCode).toBe(409)
    expect(other.json()).toMatchObject({ code: 'intake.other-item', facts: { externalId: '2026-001' } })
    expect(other.body).not.toContain(first.json().secret)
    expect((await post('第一封信')).json()).toMatchObject({ id: first.json().id })
  })
})

describe('who sees what', () => {
  it('a handler of another team sees nothing of it, the lead and the auditor do', async () => {
    const made = await record(world)
    expect((await world.as('xiu')('GET', `/api/v1/complaints/${made.id}`)).statusCode).toBe(404)
    expect((await world.as('admin')('GET', `/api/v1/complaints/${made.id}`)).statusCode).toBe(403)
    for (const who of ['mei', 'lead', 'auditor', 'qa'] as const)
      expect((await world.as(who)('GET', `/api/v1/complaints/${made.id}`)).statusCode, who).toBe(200)
  })

  it('a restricted complaint does not exist for those who are not named', async () => {
    const made = await record(world)
    const done = await post('lead', made.id, 'restriction', {
      version: 1,
      confidentiality: 'restricted',
      staffIds: [world.home.staff.reviewer],
    })
    expect(done.statusCode).toBe(200)
    for (const who of ['mei', 'auditor', 'intake'] as const) {
      expect((await world.as(who)('GET', `/api/v1/complaints/${made.id}`)).statusCode, who).toBe(404)
      const list = (await world.as(who)('GET', '/api/v1/complaints?open=any&limit=100')).json()
      expect(list.items.map((i: { id: string }) => i.id)).not.toContain(made.id)
    }
    expect((await world.as('reviewer')('GET', `/api/v1/complaints/${made.id}`)).statusCode).toBe(200)
  })

  it('the person it is about never sees it, nor owns it', async () => {
    const made = await record(world, { subjectStaffIds: [world.home.staff.mei] })
    expect((await world.as('mei')('GET', `/api/v1/complaints/${made.id}`)).statusCode).toBe(404)
    const given = await post('lead', made.id, 'assignment', { version: 1, ownerId: world.home.staff.mei })
    expect(given.json().code).toBe('complaints.owner-is-subject')
  })

  it('another organisation sees nothing, whatever the role', async () => {
    const made = await record(world)
    for (const who of ['lead', 'auditor', 'mei'] as const)
      expect((await world.as(who, 'neighbour')('GET', `/api/v1/complaints/${made.id}`)).statusCode, who).toBe(404)
  })
})

type Listed = { items: { id: string; nextDueAt: string | null }[]; next: string | null }

describe('the list', () => {
  it('pages by keyset without gaps or repeats, nearest clock first', async () => {
    for (let i = 0; i < 12; i++) {
      world.clock.advance(ms.minute)
      await record(world, { text: `第 ${i} 件`, impact: (i % 5) + 1, likelihood: 2 })
    }
    const seen: Listed['items'] = []
    let cursor = null as string | null
    do {
      const page = (
        await world.as('lead')('GET', `/api/v1/complaints?limit=5${cursor ? `&cursor=${cursor}` : ''}`)
      ).json()
      seen.push(...page.items)
      cursor = page.next
    } while (cursor)
    expect(new Set(seen.map((s) => s.id)).size).toBe(seen.length)
    const due = seen.map((s) => s.nextDueAt ?? '9')
    expect(due).toEqual([...due].sort())
  })

  it.each(['x', 'W10', 'W251bGwsMV0', '%00', '../..'])('refuses the cursor %s', async (cursor) => {
    const reply = await world.as('lead')('GET', `/api/v1/complaints?cursor=${encodeURIComponent(cursor)}`)
    expect(reply.statusCode).toBe(400)
  })
})

describe('merging', () => {
  it('suggests the same words within 30 days, merges by hand, and takes it back', async () => {
    const words = '上週在信義店買的電熱水壺用了兩次就跳電，還聞到燒焦味，要求退款並說明原因，已經打過三次電話。'
    const first = await record(world, { text: words })
    const second = await record(world, { text: `${words}！` })
    const suggested = second.suggestions as { id: string; reasons: string[] }[]
    expect(suggested.map((s) => s.id)).toContain(first.id)
    const merged = await post('mei', second.id, 'merge', { version: 1, intoId: first.id, sameComplainant: true })
    expect(merged.json().state).toBe('merged')
    const back = await post('mei', second.id, 'unmerge', { version: merged.json().version })
    expect(back.json().state).toBe('acknowledged')
  })
})
