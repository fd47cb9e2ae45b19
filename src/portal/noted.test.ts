import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ms, startWorld, type Who, type World } from '../../test/world/world.ts'
import { verifyComplaint } from '../audit/index.ts'
import { browser, receiptOf } from './portal-world.ts'

// What a supervisor counts on, seen through the doors: from the portal to the desk and back.

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

async function filed(text: string, told: object = {}) {
  const person = browser(world.app, 'harbour')
  await person.get('/complain/new')
  await person.fill('/complain/what', { text, ...told })
  await person.fill('/complain/you', { mode: 'anonymous' })
  await person.fill('/complain/check', {})
  const receipt = receiptOf((await person.get('/complain/done')).text)
  const items = (await world.as('lead')('GET', '/api/v1/complaints?sort=received')).json().items
  const { id } = (items as { id: string; number: string }[]).find((i) => i.number === receipt.number) ?? { id: '' }
  const page = async (who: Who = 'lead') => (await world.as(who)('GET', `/api/v1/complaints/${id}`)).json()
  const step = async (who: Who, path: string, body: object = {}) => {
    const { version } = (await page()).complaint
    return (await world.as(who)('POST', `/api/v1/complaints/${id}/${path}`, { version, ...body })).json()
  }
  const opened = async () => {
    const reader = browser(world.app, 'harbour')
    await reader.post('/track', { reference: receipt.reference, secret: receipt.secret })
    return reader
  }
  const status = async () => (await (await opened()).get('/track/status')).text
  const verified = () =>
    world.app.db.withScope({ org: world.home.org, scope: 'organisation' }, (tx) =>
      verifyComplaint(tx, world.home.org, id),
    )
  return { id, page, step, opened, status, verified }
}

type Point = { id: string; no: number; text: string }
const silently = (points: Point[]) => points.map((p) => ({ pointId: p.id, finding: 'partly_upheld', answer: ' ' }))

describe('somebody who may be at risk', () => {
  test('takes it back, is told that it goes on, and a lead ends it with a reason', async () => {
    const it = await filed('電鍋爆炸，孩子燙傷。', { hurt: 'yes' })
    const reader = await it.opened()
    await reader.get('/track/withdraw')
    const done = await reader.fill('/track/withdraw', { text: '店長要我撤回', confirm: 'yes' })
    expect(done.location).toContain('saved=withdraw_noted')
    const status = await it.status()
    expect(status).toContain('因為可能有人有危險')
    expect(status).not.toContain('/track/withdraw')
    const page = await it.page()
    expect(page.complaint).toMatchObject({ open: true })
    expect(page.complaint.withdrawalAskedAt).not.toBeNull()
    expect(
      page.clocks.some((c: { kind: string; endedAt: string | null }) => c.kind === 'containment' && !c.endedAt),
    ).toBe(true)
    expect(await it.step('mei', 'withdrawal', { reason: '對方要求' })).toMatchObject({
      code: 'complaints.withdrawal-noted',
    })
    expect(await it.step('lead', 'withdrawal', { reason: '已確認是本人意願' })).toMatchObject({ state: 'withdrawn' })
    expect(await it.verified()).toMatchObject({ ok: true })
  })
})

describe('points', () => {
  const text = '第一次煮飯就冒煙，店員說是我操作不當，不肯換。後來打了三次電話都說會回覆，到現在沒有人回。'

  test('begin as whole sentences, are corrected, split and taken away, and what they said before stays proven', async () => {
    const it = await filed(text)
    const [first] = (await it.page()).points as Point[]
    expect(first?.text).toBe(text)
    await it.step('mei', 'point-correction', { pointId: first?.id, text: '第一次煮飯就冒煙，不肯換' })
    await it.step('mei', 'points', { text: '三次電話沒有回覆' })
    await it.step('mei', 'points', { text: '三次電話沒有回覆' })
    const [, , twice] = (await it.page()).points as Point[]
    await it.step('mei', 'point-removal', { pointId: twice?.id, reason: '重複' })
    const points = (await it.page()).points as Point[]
    expect(points.map((p) => [p.no, p.text])).toEqual([
      [1, '第一次煮飯就冒煙，不肯換'],
      [2, '三次電話沒有回覆'],
    ])
    const refused = { text: '答覆', decision: true, outcomeCode: 'O2', findings: silently(points) }
    expect(await it.step('mei', 'replies', refused)).toMatchObject({
      code: 'complaints.reasons-missing',
      facts: { points: [1, 2] },
    })
    const findings = points.map((p) => ({ pointId: p.id, finding: 'partly_upheld', answer: '退還一半' }))
    await it.step('mei', 'replies', { ...refused, findings })
    world.clock.advance(5 * ms.minute)
    const status = await it.status()
    expect(status).toMatch(/逐點答覆[\s\S]*不肯換<[\s\S]*三次電話沒有回覆/)
    expect((await world.as('lead')('GET', `/api/v1/search?q=${encodeURIComponent('不肯換')}`)).statusCode).toBe(200)
    expect(await it.verified()).toMatchObject({ ok: true })
  })
})

describe('a review', () => {
  test('is offered to reviewers who decided nothing, and its answer stands beside the first', async () => {
    const it = await filed('熱水壺漏電')
    const points = (await it.page()).points as Point[]
    const findings = points.map((p) => ({ pointId: p.id, finding: 'not_upheld', answer: '檢測正常' }))
    await it.step('mei', 'replies', { text: '第一次的答覆', decision: true, outcomeCode: 'O3', findings })
    world.clock.advance(ms.hour)
    await it.step('mei', 'review', { reason: '不服' })
    const { staff } = world.home
    const { reviewers } = await it.page()
    expect(reviewers.map((r: { id: string }) => r.id)).toContain(staff.reviewer)
    expect(reviewers.map((r: { id: string }) => r.id)).not.toContain(staff.mei)
    const assign = (ownerId: string) => it.step('lead', 'assignment', { ownerId })
    expect(await assign(staff.mei)).toMatchObject({ code: 'complaints.own-decision' })
    expect(await assign(staff.specialist)).toMatchObject({ code: 'complaints.not-a-reviewer' })
    expect(await assign(staff.reviewer)).toMatchObject({ state: 'review' })
    const last = { text: '覆核的答覆', outcomeCode: 'O1', remedyCode: 'A13' }
    const upheld = points.map((p) => ({ pointId: p.id, finding: 'upheld', answer: '確有漏電' }))
    await it.step('reviewer', 'final-decision', { ...last, findings: upheld })
    world.clock.advance(ms.hour)
    const status = await it.status()
    expect(status).toContain('第二階段已作最後決定；我們正在做到答應您的事')
    expect(status).toMatch(/答覆處理結果[\s\S]*第二階段最後決定/)
    expect(await it.verified()).toMatchObject({ ok: true })
  })
})
