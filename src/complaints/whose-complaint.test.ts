import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ms, record, startWorld, type Who, type World } from '../../test/world/world.ts'
import { verifyComplaint } from '../audit/index.ts'

// A merge says: the same person brought the same matter twice. Whose complaint it is decides what may be merged.

let world: World
beforeAll(async () => {
  world = await startWorld({ env: { SMTP_URL: 'smtp://127.0.0.1:9/?from=care@harbour.example' } })
})
afterAll(() => world.stop())

const page = async (id: string, who: Who = 'lead') => (await world.as(who)('GET', `/api/v1/complaints/${id}`)).json()
const post = async (id: string, path: string, body: object = {}, who: Who = 'lead') => {
  const { version } = (await page(id)).complaint
  return world.as(who)('POST', `/api/v1/complaints/${id}/${path}`, { version, ...body })
}
const done = async (...given: Parameters<typeof post>) => {
  const reply = await post(...given)
  expect(reply.statusCode, reply.body).toBe(200)
  return reply.json()
}
const merging = (id: string, intoId: string, body: object = { sameComplainant: true }) =>
  post(id, 'merge', { intoId, ...body })
const code = async (reply: ReturnType<typeof post>) => (await reply).json().code
const taken = async (body: object = {}) => (await record(world, body, 'lead')).id
const verified = async (...ids: string[]) => {
  for (const id of ids)
    expect(
      await world.app.db.withScope({ org: world.home.org, scope: 'organisation' }, (tx) =>
        verifyComplaint(tx, world.home.org, id),
      ),
    ).toMatchObject({ ok: true })
}
const lin = { complainant: { name: '林小姐', phone: '0912345678' } }
const wang = { complainant: { name: '王先生', phone: '0987654321' } }

describe('whose complaint it is', () => {
  it('one customer on record: merged without a word', async () => {
    const first = await taken(lin)
    const { customer } = await page(first)
    const second = await taken({ customerId: customer.id })
    expect((await merging(second, first, {})).statusCode).toBe(200)
    const merged = (await page(second)).timeline.find((e: { type?: string }) => e.type === 'merged')
    expect(merged.facts).toEqual({ into: first })
  })

  it('different complainants: refused, unless whoever merges says that it is one person; the history says that they did', async () => {
    const [hers, his] = [await taken(lin), await taken(wang)]
    const refused = await merging(his, hers, {})
    expect([refused.statusCode, refused.json().code]).toEqual([409, 'complaints.merge-other-complainant'])
    expect(await code(merging(his, hers, { sameComplainant: false }))).toBe('complaints.merge-other-complainant')
    expect((await page(his)).complaint.state).not.toBe('merged')
    expect((await merging(his, hers)).statusCode).toBe(200)
    const merged = (await page(his)).timeline.find((e: { type?: string }) => e.type === 'merged')
    expect(merged.facts).toEqual({ into: hers, sameComplainant: true })
    await verified(hers, his)
  })

  it.each([
    ['somebody without a name', { mode: 'anonymous' }, lin],
    ['into somebody without a name', lin, { mode: 'anonymous' }],
    ['two without a name', { mode: 'anonymous' }, { mode: 'anonymous' }],
    ['a confidential one into a named one', { ...lin, mode: 'confidential' }, wang],
    ['a named one into a confidential one', lin, { ...wang, mode: 'confidential' }],
  ])('%s: never, whatever anybody says', async (_what, from, into) => {
    expect(await code(merging(await taken(from), await taken(into)))).toBe('complaints.merge-other-complainant')
  })
})

describe('who may see it', () => {
  const { staff } = { staff: (who: Who) => world.home.staff[who] }

  it('a restricted one is not merged into an ordinary one: what it says stays where it was said', async () => {
    const secret = await taken({ confidentiality: 'restricted', points: ['主管 ZEBRA 收紅包'] })
    const ordinary = await taken()
    expect(await code(merging(secret, ordinary))).toBe('complaints.merge-less-protected')
    expect(JSON.stringify(await page(ordinary, 'mei'))).not.toContain('ZEBRA')
    const found = (await world.as('mei')('GET', '/api/v1/search?q=ZEBRA')).json().items
    expect(found).toEqual([])
  })

  it('nor into one that others are named on; into one that fewer see it is', async () => {
    const [secret, wider, narrower] = [await taken(), await taken(), await taken()]
    const restrict = (id: string, ...who: Who[]) =>
      done(id, 'restriction', { confidentiality: 'restricted', staffIds: who.map(staff) })
    await restrict(secret, 'mei')
    await restrict(wider, 'mei', 'specialist')
    await restrict(narrower)
    expect(await code(merging(secret, wider))).toBe('complaints.merge-less-protected')
    expect((await merging(secret, narrower)).statusCode).toBe(200)
  })

  it('whom one is about sees neither, owns neither, and everybody has their own again after the merge is taken back', async () => {
    const about = await taken({ subjectStaffIds: [staff('mei')] })
    const owned = await taken()
    await done(owned, 'assignment', { ownerId: staff('mei') })
    await done(owned, 'subjects', { staffIds: [staff('specialist')] })
    await merging(about, owned)
    const names = async (id: string) => ((await page(id)).subjects as { id: string }[]).map((s) => s.id).sort()
    const both = [staff('mei'), staff('specialist')].sort()
    expect([await names(about), await names(owned)]).toEqual([both, both])
    expect((await page(owned)).complaint.owner).toBeNull()
    for (const who of ['mei', 'specialist'] as const)
      for (const id of [about, owned])
        expect((await world.as(who)('GET', `/api/v1/complaints/${id}`)).statusCode).toBe(404)
    await verified(about, owned)
    await done(about, 'unmerge')
    expect([await names(about), await names(owned)]).toEqual([[staff('mei')], [staff('specialist')]])
    expect((await page(owned)).complaint.owner.id).toBe(staff('mei'))
    await verified(about, owned)
  })
})

describe('who may see it afterwards', () => {
  const { staff } = { staff: (who: Who) => world.home.staff[who] }
  const status = async (id: string, who: Who) => (await world.as(who)('GET', `/api/v1/complaints/${id}`)).statusCode

  it('is decided at the survivor and holds for both; a merge taken back gives each its own', async () => {
    const [merged, survivor] = [await taken(), await taken()]
    await merging(merged, survivor)
    expect(await code(post(merged, 'restriction', { confidentiality: 'restricted', staffIds: [] }))).toBe(
      'complaints.is-merged',
    )
    expect(await code(post(merged, 'subjects', { staffIds: [staff('qa')] }))).toBe('complaints.is-merged')
    await done(survivor, 'restriction', { confidentiality: 'restricted', staffIds: [staff('specialist')] })
    await done(survivor, 'subjects', { staffIds: [staff('specialist')] })
    for (const id of [merged, survivor])
      expect([await status(id, 'lead'), await status(id, 'mei'), await status(id, 'specialist')]).toEqual([
        200, 404, 404,
      ])
    await verified(merged, survivor)
    await done(merged, 'unmerge')
    expect([await status(merged, 'mei'), await status(merged, 'specialist')]).toEqual([200, 200])
    expect([await status(survivor, 'mei'), await status(survivor, 'specialist')]).toEqual([404, 404])
    await verified(merged, survivor)
  })

  it('what is merged into a restricted one is restricted with it, and the restriction is not lifted over it', async () => {
    const [merged, survivor] = [await taken(), await taken()]
    const secret = await taken({ subjectStaffIds: [staff('qa')] })
    for (const id of [survivor, secret]) await done(id, 'restriction', { confidentiality: 'restricted', staffIds: [] })
    await merging(merged, survivor)
    expect(await status(merged, 'mei')).toBe(404)
    await merging(secret, survivor)
    const open = { confidentiality: 'normal', staffIds: [] }
    expect(await code(post(survivor, 'restriction', open))).toBe('complaints.merged-more-protected')
    expect(await code(post(survivor, 'subjects', { staffIds: [] }))).toBe('complaints.merged-more-protected')
    await done(secret, 'unmerge')
    await done(survivor, 'restriction', open)
    expect([await status(merged, 'mei'), await status(survivor, 'mei'), await status(secret, 'mei')]).toEqual([
      200, 200, 404,
    ])
    await verified(merged, survivor, secret)
  })
})

describe('what may be merged when', () => {
  it('one that has others merged into it is not merged further', async () => {
    const [a, b, c] = [await taken(), await taken(), await taken()]
    await merging(a, b)
    const refused = await merging(b, c)
    expect([refused.statusCode, refused.json().code]).toEqual([409, 'complaints.has-merged'])
    expect((await merging(c, b)).statusCode).toBe(200)
    await done(c, 'unmerge')
    await done(a, 'unmerge')
    expect((await merging(b, c)).statusCode).toBe(200)
  })

  it('not while an answer of one of them can be taken back, and a merge is not taken back either', async () => {
    const mail = { complainant: { name: '陳小明', mail: 'ming@example.tw' } }
    const [a, b] = [await taken(), await taken(mail)]
    await done(b, 'replies', { text: '我們在查。' })
    expect(await code(merging(a, b))).toBe('complaints.answer-leaving')
    expect(await code(merging(b, a))).toBe('complaints.answer-leaving')
    world.clock.advance(ms.minute)
    expect((await merging(a, b)).statusCode).toBe(200)
    await done(b, 'replies', { text: '這是給兩件的。' })
    expect(await code(post(a, 'unmerge'))).toBe('complaints.answer-leaving')
    world.clock.advance(ms.minute)
    await done(a, 'unmerge')
  })
})

describe('what the complainant adds to a merged complaint', () => {
  it('changes its survivor at once: version, time, words in the list, what was waited for', async () => {
    const [merged, survivor] = [await taken(), await taken()]
    await merging(merged, survivor)
    await done(survivor, 'investigation')
    await done(survivor, 'information-request', { of: 'customer', text: '請給我們保固卡號', told: 'phone' })
    const before = (await page(survivor)).complaint
    expect(before.waitingFor).toBe('customer')
    world.clock.advance(ms.minute)
    const said = { text: '我受傷了請快', channel: 'phone', at: new Date(world.clock.now).toISOString() }
    expect((await world.as('lead')('POST', `/api/v1/complaints/${merged}/messages`, said)).statusCode).toBe(200)
    const after = (await page(survivor)).complaint
    expect(after).toMatchObject({ version: before.version + 1, state: 'investigating', waitingFor: null })
    expect(Date.parse(after.updatedAt)).toBeGreaterThan(Date.parse(before.updatedAt))
    const rows = (await world.as('lead')('GET', '/api/v1/complaints?limit=100')).json().items
    expect(rows.find((r: { id: string }) => r.id === survivor).snippet).toBe('我受傷了請快')
    const { timeline } = await page(survivor)
    expect(timeline.filter((i: { body?: string }) => i.body === '我受傷了請快')).toHaveLength(1)
    await verified(merged, survivor)
  })
})

describe('a merge taken back', () => {
  it('leaves no word of the points it had brought with the survivor, nor in search; one found since is not asked about', async () => {
    const [merged, survivor] = [await taken({ points: ['獨角獸商品瑕疵'] }), await taken()]
    await merging(merged, survivor)
    const found = async () =>
      (
        (await world.as('lead')('GET', `/api/v1/search?q=${encodeURIComponent('獨角獸')}`)).json().items as {
          complaint: { id: string }
        }[]
      ).map((r) => r.complaint.id)
    expect(await found()).toContain(survivor)
    const gone = (await page(survivor)).points.at(-1).id
    await done(merged, 'unmerge')
    expect(await found()).not.toContain(survivor)
    expect(await found()).toContain(merged)
    expect(JSON.stringify((await page(survivor)).points)).not.toContain('獨角獸')
    const again = await post(survivor, 'findings', { findings: [{ pointId: gone, finding: 'upheld', answer: '' }] })
    expect(again.json().code).toBe('complaints.unknown-point')
    await verified(merged, survivor)
  })
})
