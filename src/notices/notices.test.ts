import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ms, record, type Who } from '../../test/world/world.ts'
import { verifyAll } from '../audit/index.ts'
import { lapseClocks } from '../clocks/jobs.ts'
import { type LiveWorld, startLiveWorld } from '../complaints/live-world.ts'
import { prune } from '../kit/jobs/prune.ts'
import type { NoticeGroup } from './contract.ts'
import { noteDueSoon } from './jobs.ts'
import { noticeRules } from './prune.ts'

let world: LiveWorld
beforeAll(async () => {
  world = await startLiveWorld()
})
afterAll(() => world.stop())

const post = async (who: Who, id: string, path: string, body: object = {}) => {
  const { version } = (await world.as('lead')('GET', `/api/v1/complaints/${id}`)).json().complaint
  const reply = await world.as(who)('POST', `/api/v1/complaints/${id}/${path}`, { version, ...body })
  expect(reply.statusCode, `${path}: ${reply.body}`).toBe(200)
}
const news = async (who: Who): Promise<{ unread: number; items: NoticeGroup[] }> =>
  (await world.as(who)('GET', '/api/v1/notices')).json()
const of = async (who: Who, id: string) => (await news(who)).items.find((g) => g.complaintId === id)
const kinds = async (who: Who, id: string) => (await of(who, id))?.what.map((w) => w.kind) ?? []
const mark = (who: Who, body: object) => world.as(who)('PUT', '/api/v1/notices/read', body)
const owned = async (who: Who = 'mei', body: object = {}) => {
  const made = await record(world, body)
  await post('lead', made.id, 'assignment', { ownerId: world.home.staff[who] })
  return made
}
const rows = (id: string) =>
  world.app.systemDb.withoutScope((tx) =>
    tx.rows<{ n: number }>(sql`select 1 as n from notice where complaint_id = ${id}`),
  )

describe('what is news', () => {
  it('of an intake nobody owns: nothing, for nobody', async () => {
    const { id } = await record(world)
    expect(await rows(id)).toEqual([])
  })

  it('given to me, asked of me and answered to me; never what I did myself', async () => {
    const { id, number } = await owned()
    expect(await of('mei', id)).toMatchObject({ number, unread: true, what: [{ kind: 'assigned', by: '志豪' }] })
    expect(await of('lead', id)).toBeUndefined()
    await post('lead', id, 'notes', { text: '請看', mentions: [world.home.staff.specialist, world.home.staff.lead] })
    expect(await kinds('specialist', id)).toEqual(['mentioned'])
    expect(await kinds('lead', id)).toEqual([])
    await post('mei', id, 'handover', { staffId: world.home.staff.specialist, text: '還差發票' })
    expect(await kinds('specialist', id)).toContain('handed_over')
    await post('specialist', id, 'handover-return', { reason: '不是我的' })
    expect(await kinds('mei', id)).toContain('handover_returned')
    await post('intake', id, 'messages', { text: '怎麼還沒好', channel: 'phone' })
    expect(await kinds('mei', id)).toContain('customer_wrote')
    expect((await of('mei', id))?.what.length).toBe(3)
  })

  it('approval is asked of those of the team who may give it, and its answer goes to who proposed', async () => {
    const { id } = await owned()
    await post('mei', id, 'proposal', { remedyCode: 'A5', amount: { minor: 5000, currency: 'TWD' }, text: '退款' })
    await post('mei', id, 'approval-request')
    for (const who of ['lead', 'approver'] as const) expect(await kinds(who, id), who).toContain('approval_asked')
    expect(await kinds('xiu', id)).toEqual([])
    await post('approver', id, 'approval', { approved: true })
    expect(await kinds('mei', id)).toContain('approval_given')
  })

  it('a date that is near is told once, and once more when it is over', async () => {
    const { id } = await owned()
    const { clocks } = (await world.as('mei')('GET', `/api/v1/complaints/${id}`)).json()
    const due = Math.min(...clocks.map((c: { dueAt: string }) => Date.parse(c.dueAt)))
    await noteDueSoon(world.app)
    expect(await kinds('mei', id)).not.toContain('due_soon')
    world.clock.advance(due - world.clock.now - ms.minute)
    await noteDueSoon(world.app)
    await noteDueSoon(world.app)
    expect((await kinds('mei', id)).filter((k) => k === 'due_soon').length).toBeGreaterThan(0)
    const before = (await rows(id)).length
    await noteDueSoon(world.app)
    expect((await rows(id)).length).toBe(before)
    world.clock.advance(2 * ms.minute)
    await lapseClocks(world.app)
    expect(await kinds('mei', id)).toContain('overdue')
  })
})

describe('who hears it', () => {
  it('is told on the stream at once, and nobody else is', async () => {
    const made = await record(world)
    const mei = await world.follow(await world.cookie('mei@harbour.test'))
    const lead = await world.follow(await world.cookie('lead@harbour.test'))
    await post('lead', made.id, 'assignment', { ownerId: world.home.staff.mei })
    await mei.until((e) => e.name === 'notice' && e.data.complaintId === made.id)
    await lead.until((e) => e.name === 'change' && e.data.complaintId === made.id)
    expect(lead.events.filter((e) => e.name === 'notice')).toEqual([])
    mei.stop()
    lead.stop()
  })

  it('who lost sight of a complaint is shown and counted nothing of it', async () => {
    const { id } = await owned()
    await post('mei', id, 'notes', { text: '請看', mentions: [world.home.staff.xiu] })
    expect(await kinds('xiu', id)).toEqual(['mentioned'])
    await post('lead', id, 'restriction', { confidentiality: 'restricted', staffIds: [world.home.staff.lead] })
    expect(await news('xiu')).toEqual({ unread: 0, items: [] })
    expect(await kinds('mei', id)).toEqual(['assigned'])
  })

  it('nobody reads the news of another, nor another organisation any', async () => {
    const { id } = await owned()
    const read = (staff: string | undefined) =>
      world.app.db.withScope({ org: world.home.org, staff, scope: 'organisation' }, (tx) =>
        tx.rows(sql`select 1 from notice where complaint_id = ${id}`),
      )
    expect([
      (await read(world.home.staff.mei)).length,
      await read(world.home.staff.lead),
      await read(undefined),
    ]).toEqual([1, [], []])
    expect((await world.as('mei', 'neighbour')('GET', '/api/v1/notices')).json()).toEqual({ unread: 0, items: [] })
  })
})

describe('read and unread', () => {
  it('by complaint and all at once; what came since stays unread', async () => {
    const one = await owned('xiu')
    const two = await owned('xiu')
    expect((await news('xiu')).unread).toBe(2)
    expect((await mark('xiu', { complaintId: one.id, read: true })).json()).toEqual({ unread: 1 })
    expect((await of('xiu', one.id))?.unread).toBe(false)
    expect((await mark('xiu', { complaintId: one.id, read: false })).json()).toEqual({ unread: 2 })
    const until = new Date(world.clock.now).toISOString()
    world.clock.advance(ms.minute)
    const three = await owned('xiu')
    expect((await mark('xiu', { complaintId: null, read: true, until })).json()).toEqual({ unread: 1 })
    expect([(await of('xiu', two.id))?.unread, (await of('xiu', three.id))?.unread]).toEqual([false, true])
  })

  it('read news goes after a month, old news after three, the complaint stays', async () => {
    const kept = await owned('specialist')
    const read = await owned('specialist')
    await mark('specialist', { complaintId: read.id, read: true })
    await prune(world.app.systemDb, noticeRules, world.clock.now + 31 * ms.day)
    expect([(await rows(read.id)).length, (await rows(kept.id)).length]).toEqual([0, 1])
    await prune(world.app.systemDb, noticeRules, world.clock.now + 91 * ms.day)
    expect((await rows(kept.id)).length).toBe(0)
  })
})

it('everything above verifies', async () => {
  expect((await verifyAll(world.app)).findings).toEqual([])
})
