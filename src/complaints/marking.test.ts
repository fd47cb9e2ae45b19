import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from 'kysely'
import { cast, record, startWorld, type World } from '../../test/world/world.ts'
import { verifyAll } from '../audit/index.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const open = async (id: string, who: keyof typeof cast = 'lead') =>
  (await world.as(who)('GET', `/api/v1/complaints/${id}`)).json()
const post = (who: keyof typeof cast, id: string, path: string, body: object) =>
  world.as(who)('POST', `/api/v1/complaints/${id}/${path}`, body)
type Item = { kind: string; id: string; type?: string; direction?: string; facts?: Record<string, unknown> }
const messageOf = async (id: string, direction = 'in') =>
  (await open(id)).timeline.find((i: Item) => i.kind === 'message' && i.direction === direction).id as string

describe('a colleague named in a note', () => {
  it('may open the complaint from then on, and is told by an event', async () => {
    const { id } = await record(world)
    expect((await world.as('xiu')('GET', `/api/v1/complaints/${id}`)).statusCode).toBe(404)
    const reply = await post('mei', id, 'notes', { text: '@秀兰 請看第二點', mentions: [world.home.staff.xiu] })
    expect(reply.statusCode).toBe(200)
    const page = await open(id, 'xiu')
    expect(page.helpers).toEqual([{ id: world.home.staff.xiu, name: cast.xiu.name, kind: 'helper' }])
    const mentioned = page.timeline.find((i: Item) => i.type === 'mentioned')
    expect(mentioned.facts).toEqual({ staffIds: [world.home.staff.xiu], messageId: await messageOf(id, 'note') })
    const streamed = await world.app.systemDb.withoutScope((tx) =>
      tx.rows(sql`select 1 from stream where complaint_id = ${id} and type = 'mentioned'`),
    )
    expect(streamed.length).toBe(1)
  })

  it('of a restricted complaint only by who may restrict it; the note is not written else', async () => {
    const { id, version } = await record(world)
    const staffIds = [world.home.staff.lead, world.home.staff.qa]
    expect(
      (await post('lead', id, 'restriction', { version, confidentiality: 'restricted', staffIds })).statusCode,
    ).toBe(200)
    const body = { text: 'look', mentions: [world.home.staff.xiu] }
    const refused = await post('qa', id, 'notes', body)
    expect([refused.statusCode, refused.json().code]).toEqual([403, 'complaints.mention-needs-restrict'])
    expect((await open(id)).timelineCounts.notes).toBe(0)
    expect((await post('lead', id, 'notes', body)).statusCode).toBe(200)
    expect((await open(id, 'xiu')).access.map((a: { id: string }) => a.id)).toContain(world.home.staff.xiu)
    // Who is named already may be named by anybody.
    expect((await post('qa', id, 'notes', { text: 'x', mentions: [world.home.staff.lead] })).statusCode).toBe(200)
  })

  it('is never its subject, nor somebody who is unknown or writes no notes', async () => {
    const { id } = await record(world, { subjectStaffIds: [world.home.staff.specialist] })
    for (const [who, code] of [
      ['specialist', 'complaints.owner-is-subject'],
      ['executive', 'complaints.owner-unknown'],
    ] as const) {
      const reply = await post('lead', id, 'notes', { text: 'x', mentions: [world.home.staff[who]] })
      expect([reply.statusCode, reply.json().code], who).toEqual([422, code])
    }
    const foreign = await post('lead', id, 'notes', { text: 'x', mentions: [world.neighbour.staff.mei] })
    expect(foreign.json().code).toBe('complaints.owner-unknown')
  })
})

describe('abusive words', () => {
  it('are folded away by a person and unfolded again, by events; the words stay', async () => {
    const { id } = await record(world, { text: '你們這些……' })
    const messageId = await messageOf(id)
    expect((await post('mei', id, 'foldings', { messageId })).statusCode).toBe(200)
    const page = await open(id)
    expect(page.folds).toEqual({ [messageId]: true })
    expect(page.timeline.find((i: Item) => i.id === messageId).body).toBe('你們這些……')
    await post('mei', id, 'foldings', { messageId, folded: false })
    expect((await open(id)).folds).toEqual({ [messageId]: false })
    const elsewhere = await record(world)
    const refused = await post('mei', elsewhere.id, 'foldings', { messageId })
    expect([refused.statusCode, refused.json().code]).toEqual([404, 'complaints.no-such-message'])
  })
})

describe('a translation', () => {
  it('stands beside the message with who put it there, the last in each language', async () => {
    const { id } = await record(world, { text: 'The kettle trips the fuse.' })
    const messageId = await messageOf(id)
    await post('mei', id, 'translations', { messageId, locale: 'zh-Hant', text: '水壺讓保險絲跳掉' })
    await post('lead', id, 'translations', { messageId, locale: 'zh-Hant', text: '熱水壺會跳電。' })
    const page = await open(id)
    expect(page.translations).toMatchObject([
      { messageId, locale: 'zh-Hant', text: '熱水壺會跳電。', by: cast.lead.name },
    ])
    expect(page.timeline.find((i: Item) => i.id === messageId).body).toBe('The kettle trips the fuse.')
  })
})

describe('a reply with what comes next', () => {
  const told = { told: 'phone' }
  it('sends and waits in one moment', async () => {
    const { id, version } = await record(world)
    const reply = await post('mei', id, 'replies', { version, text: '請提供收據', ...told, next: { do: 'wait' } })
    expect([reply.statusCode, reply.json().state]).toEqual([200, 'awaiting_info'])
  })

  it('is not sent where closing is refused', async () => {
    const { id, version } = await record(world)
    const next = { do: 'close', reasonCode: 'C2', summary: '已退款' }
    const reply = await post('mei', id, 'replies', { version, text: '已退款', ...told, next })
    expect(reply.statusCode).toBe(409)
    const page = await open(id)
    expect([page.complaint.version, page.timelineCounts.messages]).toEqual([version, 1])
  })
})

describe('the timeline', () => {
  it('of a 1 MB message shows the beginning; the whole is one request away', async () => {
    const text = '訴'.repeat(99_000)
    const { id } = await record(world)
    await post('mei', id, 'notes', { text })
    const messageId = await messageOf(id, 'note')
    const item = (await open(id)).timeline.find((i: Item) => i.id === messageId)
    expect([item.body.length, item.length]).toEqual([20_000, 99_000])
    const whole = await world.as('mei')('GET', `/api/v1/complaints/${id}/whole-message?messageId=${messageId}`)
    expect(whole.json().body).toBe(text)
    expect(
      (await world.as('xiu')('GET', `/api/v1/complaints/${id}/whole-message?messageId=${messageId}`)).statusCode,
    ).toBe(404)
  })

  it('counts and gives each kind by itself, page by page', async () => {
    const { id } = await record(world)
    await world.app.systemDb.withoutScope((tx) =>
      tx.run(sql`insert into message (org_id, complaint_id, id, direction, channel, visibility, author_name, body, salt, at)
        select ${world.home.org}, ${id}, gen_random_uuid(), 'in', 'email', 'public', '', 'message ' || i, '\\x00', ${new Date(world.clock.now)}::timestamptz - i * interval '1 minute' from generate_series(1, 450) i`),
    )
    await post('mei', id, 'notes', { text: 'one note' })
    const page = await open(id)
    expect(page.timelineCounts).toMatchObject({ messages: 451, notes: 1, calls: 0 })
    const part = async (query: string) =>
      (await world.as('mei')('GET', `/api/v1/complaints/${id}/timeline?${query}`)).json()
    expect((await part('kind=notes')).items.map((i: { body: string }) => i.body)).toEqual(['one note'])
    const seen = new Set<string>()
    for (let before: string | null = '', n = 0; before !== null && n < 10; n++) {
      const next: { items: Item[]; before: string | null } = await part(
        `kind=messages${before ? `&before=${before}` : ''}`,
      )
      for (const item of next.items) seen.add(item.id)
      before = next.before
    }
    expect(seen.size).toBe(451)
    await world.app.systemDb.withoutScope((tx) =>
      tx.run(sql`delete from message where complaint_id = ${id} and salt = '\\x00'`),
    )
  })
})

describe('similar complaints', () => {
  it('are found by near-same words, however old, with what was done; never those one may not see', async () => {
    const text = '電熱水壺用了三天就漏水，底座的插頭燒焦，店員拒絕退款還叫我自己找原廠。'
    const old = await record(world, { text: '電熱水壺用了三天就漏水，底座的插頭燒焦，店員不肯退款。' })
    const hidden = await record(world, { text, confidentiality: 'restricted' })
    world.clock.advance(200 * 86_400_000)
    const other = await record(world, { text: '送貨人員態度惡劣，東西也沒有準時到。' })
    const { id } = await record(world, { text })
    const of = async (who: keyof typeof cast) =>
      (await world.as(who)('GET', `/api/v1/complaints/${id}/similar`)).json().items as {
        id: string
        likeness: number
      }[]
    const ids = (await of('mei')).map((i) => i.id)
    expect(ids[0]).toBe(old.id)
    expect(ids).not.toContain(hidden.id)
    expect(ids).not.toContain(other.id)
    expect((await of('intake')).map((i) => i.id)).toContain(hidden.id)
  })
})

it('all of it verifies: nothing said that is not proven', async () => {
  const { findings } = await verifyAll(world.app)
  expect(findings).toEqual([])
})
