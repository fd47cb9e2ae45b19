import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ms, record, startWorld, type World } from '../../test/world/world.ts'
import { verifyComplaint } from '../audit/index.ts'
import { lapseClocks } from '../clocks/jobs.ts'
import type { ComplaintPage, TimelineItem } from './contract.ts'

// What was told by letter, on the telephone or at the counter counts from when it was told, not from when it was typed in.

let world: World
beforeAll(async () => {
  // A summer without holidays in Taipei.
  world = await startWorld({ now: Date.parse('2026-06-25T02:00:00Z') })
})
afterAll(() => world.stop())

let friday = Date.parse('2026-06-26T02:00:00Z') - 7 * ms.day
const iso = (at: number) => new Date(at).toISOString()
const page = async (id: string): Promise<ComplaintPage> =>
  (await world.as('mei')('GET', `/api/v1/complaints/${id}`)).json()
const post = async (id: string, path: string, body: object) =>
  world.as('mei')('POST', `/api/v1/complaints/${id}/${path}`, { version: (await page(id)).complaint.version, ...body })
const verified = (id: string) =>
  world.app.db.withScope({ org: world.home.org, scope: 'organisation' }, (tx) =>
    verifyComplaint(tx, world.home.org, id),
  )
const clockOf = (p: ComplaintPage, kind: string) => p.clocks.find((c) => c.kind === kind)

/** Came by letter on the next Friday at ten; it is Monday at nine, and the worker has noticed what ran over. */
async function afterTheWeekend() {
  friday += 7 * ms.day
  world.clock.now = friday
  const { id } = await record(world, { channel: 'letter' })
  expect((await post(id, 'assessment', { impact: 3, likelihood: 3 })).statusCode).toBe(200)
  world.clock.now = friday + 3 * ms.day - ms.hour
  await lapseClocks(world.app)
  const before = await page(id)
  expect(before.clocks.filter((c) => c.state === 'breached').map((c) => c.kind)).toContain('first_reply')
  return id
}

describe('a letter posted on Friday and typed in on Monday', () => {
  it('met its dates on Friday, though they counted as broken until somebody said so; both moments are shown', async () => {
    const id = await afterTheWeekend()
    const told = friday + 30 * ms.minute
    const reply = await post(id, 'replies', { text: '已收到您的來信。', told: 'letter', toldAt: iso(told) })
    expect(reply.statusCode, reply.body).toBe(200)
    const after = await page(id)
    for (const kind of ['acknowledge', 'first_reply'])
      expect(clockOf(after, kind), kind).toMatchObject({ state: 'met', endedAt: iso(told) })
    expect(after.complaint).toMatchObject({ acknowledgedAt: iso(told), firstReplyAt: iso(told) })
    const said = after.timeline.find((i) => i.kind === 'message' && i.direction === 'out')
    const event = after.timeline.find((i): i is Extract<TimelineItem, { kind: 'event' }> =>
      i.kind === 'event' ? i.type === 'replied' : false,
    )
    expect(said?.at).toBe(iso(told))
    expect(event).toMatchObject({ at: iso(world.clock.now), facts: { toldAt: iso(told) } })
    expect(await verified(id)).toMatchObject({ ok: true, problems: [] })
  })

  it('told on Monday, it is late: the date is what somebody says, not what is wished', async () => {
    const id = await afterTheWeekend()
    expect((await post(id, 'replies', { text: '今天寄出。', told: 'letter' })).statusCode).toBe(200)
    expect(clockOf(await page(id), 'first_reply')).toMatchObject({ state: 'breached' })
  })

  it('as the answer that decides, it meets the resolve date and what the law gives', async () => {
    const id = await afterTheWeekend()
    const [point] = (await page(id)).points
    const told = friday + 5 * ms.hour
    const body = {
      text: '全額退款。',
      told: 'letter',
      toldAt: iso(told),
      decision: true,
      outcomeCode: 'O3',
      findings: [{ pointId: point?.id, finding: 'not_upheld', answer: '查無瑕疵' }],
    }
    const reply = await post(id, 'replies', body)
    expect(reply.statusCode, reply.body).toBe(200)
    const after = await page(id)
    expect(after.complaint.respondedAt).toBe(iso(told))
    for (const kind of ['resolve', 'statutory'])
      expect(clockOf(after, kind), kind).toMatchObject({ state: 'met', endedAt: iso(told) })
    expect(await verified(id)).toMatchObject({ ok: true, problems: [] })
  })
})

it('a call of Friday noted on Monday counts from Friday', async () => {
  const id = await afterTheWeekend()
  const call = { direction: 'out', outcome: 'reached', startedAt: iso(friday + 20 * ms.minute), seconds: 300 }
  expect((await post(id, 'calls', { ...call, text: '說明處理進度' })).statusCode).toBe(200)
  expect(clockOf(await page(id), 'first_reply')).toMatchObject({ state: 'met', endedAt: iso(friday + 25 * ms.minute) })
  expect(await verified(id)).toMatchObject({ ok: true, problems: [] })
})

it.each([
  ['in the future', 'letter', 9 * ms.day, 'complaints.told-in-future'],
  ['before it was received', 'phone', -ms.day, 'complaints.told-before-received'],
  ['by us', undefined, ms.hour, 'request.invalid'],
  ['on the tracking page', 'portal', ms.hour, 'request.invalid'],
])('nobody is told %s', async (_, told, after, code) => {
  const id = await afterTheWeekend()
  const body = { told, toldAt: iso(friday + after) }
  expect((await post(id, 'replies', { text: '您好', ...body })).json()).toMatchObject({ code })
})

it('what was told more than three days ago is written down with the reason', async () => {
  const id = await afterTheWeekend()
  world.clock.now = friday + 5 * ms.day
  const body = { text: '已於週五以信函說明。', told: 'letter', toldAt: iso(friday + ms.hour) }
  expect((await post(id, 'replies', body)).json()).toMatchObject({ code: 'complaints.told-late' })
  expect((await post(id, 'replies', { ...body, toldLate: '承辦人請假，存根今天才找到' })).statusCode).toBe(200)
  const notes = (await page(id)).timeline.filter((i) => i.kind === 'message' && i.direction === 'note')
  expect(notes).toMatchObject([{ body: '承辦人請假，存根今天才找到', visibility: 'internal' }])
  expect(await verified(id)).toMatchObject({ ok: true, problems: [] })
})

it('an answer told before the complaint was taken up again is no answer to that', async () => {
  const id = await afterTheWeekend()
  const [point] = (await page(id)).points
  const findings = [{ pointId: point?.id, finding: 'not_upheld', answer: '查無瑕疵' }]
  const answer = { text: '結論', told: 'letter', decision: true, outcomeCode: 'O3', findings }
  expect((await post(id, 'replies', answer)).statusCode).toBe(200)
  expect((await post(id, 'confirmation', { stance: 'accepted' })).statusCode).toBe(200)
  expect((await post(id, 'closure', { reasonCode: 'C1', summary: '說明完畢' })).statusCode).toBe(200)
  world.clock.now += ms.hour
  const reopened = await world.as('lead')('POST', `/api/v1/complaints/${id}/reopening`, {
    version: (await page(id)).complaint.version,
    reason: '仍不接受',
  })
  expect(reopened.statusCode, reopened.body).toBe(200)
  world.clock.now += ms.hour
  const again = await post(id, 'replies', { ...answer, toldAt: iso(friday + 2 * ms.hour) })
  expect(again.json()).toMatchObject({ code: 'complaints.told-before-taken-up' })
})

it('an answer to an authority keeps our number on the letter, beside theirs, and the complainant never reads it', async () => {
  friday += 7 * ms.day
  world.clock.now = friday
  const authority = {
    body: '臺北市消保官',
    number: '府消字第1150001234號',
    sender: '林',
    askedFor: iso(friday + 9 * ms.day),
  }
  const { id } = await record(world, { channel: 'regulator_referral', authority })
  const letter = { to: 'authority', told: 'letter', text: '檢陳處理情形。', letterNo: '港客字第115-042號' }
  expect((await post(id, 'replies', { ...letter, to: undefined, told: 'phone' })).json()).toMatchObject({
    code: 'request.invalid',
  })
  const reply = await post(id, 'replies', letter)
  expect(reply.statusCode, reply.body).toBe(200)
  const after = await page(id)
  const said = after.timeline.find((i) => i.kind === 'message' && i.direction === 'out')
  expect(said).toMatchObject({ visibility: 'internal', channel: 'letter' })
  expect(after.letterNos).toEqual({ [said?.kind === 'message' ? said.id : '']: '港客字第115-042號' })
  expect(after.complaint.authority).toMatchObject({ number: '府消字第1150001234號' })
  expect(clockOf(after, 'authority')).toMatchObject({ state: 'met' })
  const events = after.timeline.filter((i) => i.kind === 'event')
  expect(JSON.stringify(events)).not.toContain('115-042')
  expect(await verified(id)).toMatchObject({ ok: true, problems: [] })
})
