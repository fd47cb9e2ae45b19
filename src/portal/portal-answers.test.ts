import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Caller, ms, startWorld, type World } from '../../test/world/world.ts'
import { verifyComplaint } from '../audit/index.ts'
import { browser, receiptOf } from './portal-world.ts'

// What the complainant is asked, is promised, and is told: never more than is meant, never before it is sent.

let world: World
let lead: Caller
beforeAll(async () => {
  world = await startWorld()
  lead = world.as('lead')
})
afterAll(() => world.stop())

type Answers = { text?: string; hurt?: string; staff?: string; you?: Record<string, string> }

async function sent({ text = '熱水壺漏電', hurt = '', staff = '', you = { mode: 'anonymous' } }: Answers = {}) {
  const person = browser(world.app, 'harbour')
  await person.get('/complain/new')
  await person.fill('/complain/what', { text, hurt, staff })
  await person.fill('/complain/about', { placeId: world.home.place, orderNo: '' })
  await person.fill('/complain/want', { remedySought: '' })
  await person.fill('/complain/you', you)
  const check = (await person.get('/complain/check')).text
  await person.fill('/complain/check', {})
  const done = (await person.get('/complain/done')).text
  const receipt = receiptOf(done)
  const { rows } = await world.app.systemDb.pool.query('select id from complaint where number = $1', [receipt.number])
  const id: string = rows[0].id
  return { id, receipt, done, check }
}

async function followed({ receipt }: Awaited<ReturnType<typeof sent>>): Promise<string> {
  const person = browser(world.app, 'harbour')
  await person.post('/track', { reference: receipt.reference, secret: receipt.secret })
  return (await person.get('/track/status')).text
}

const page = async (id: string, as = lead) => (await as('GET', `/api/v1/complaints/${id}`)).json()
async function step(id: string, path: string, body: object, as = lead): Promise<void> {
  const { version } = (await page(id, as)).complaint
  const reply = await as('POST', `/api/v1/complaints/${id}/${path}`, { version, ...body })
  expect(reply.statusCode, reply.body).toBeLessThan(300)
}

describe('whoever leaves only a telephone number', () => {
  const you = { mode: 'named', name: '吳先生', phone: '0912 345 678' }

  test('is called: the portal says so, and a reply makes a call-back by a date, which the call keeps', async () => {
    const one = await sent({ you })
    expect(one.done).toContain('末三碼 678')
    expect((await lead('GET', `/api/v1/complaints/${one.id}/reach`)).json()).toMatchObject({
      way: 'portal',
      call: true,
    })
    await step(one.id, 'replies', { text: '請問購買日期？' })
    const owed = async () => (await page(one.id)).clocks.find((c: { kind: string }) => c.kind === 'callback')
    expect(await owed()).toMatchObject({ state: 'running', cause: { public: true } })
    await step(one.id, 'replies', { text: '也請附上發票照片。' })
    expect((await page(one.id)).clocks.filter((c: { kind: string }) => c.kind === 'callback')).toHaveLength(1)
    expect(await followed(one)).toContain('我們回電給您')
    await step(one.id, 'calls', { direction: 'out', outcome: 'reached', text: '已說明' })
    expect(await owed()).toMatchObject({ state: 'met' })
    const verified = await world.app.db.withScope({ org: world.home.org, scope: 'organisation' }, (tx) =>
      verifyComplaint(tx, world.home.org, one.id),
    )
    expect(verified).toMatchObject({ ok: true, problems: [] })
  })

  test('and was called already owes no second call; who left an address is written to', async () => {
    const one = await sent({ you })
    await step(one.id, 'replies', { text: '已電話說明。', told: 'phone' })
    const other = await sent({ you: { ...you, mail: 'wu@customer.example' } })
    await step(other.id, 'replies', { text: '您好' })
    for (const { id } of [one, other])
      expect((await page(id)).clocks.filter((c: { kind: string }) => c.kind === 'callback')).toEqual([])
    expect(await followed(other)).not.toContain('末三碼')
  })
})

describe('what is promised', () => {
  test('before anybody has judged it: a first word and the law, no date for the result', async () => {
    const one = await sent()
    expect(one.done).toContain('由專人第一次回覆您')
    expect(one.done).toContain('法定的處理期限')
    expect(one.done).not.toContain('給您處理結果')
    await step(one.id, 'assessment', { impact: 2, likelihood: 2, flags: [] })
    expect(await followed(one)).toContain('給您處理結果')
  })

  test('of a critical one: that it is made safe first, and answered besides', async () => {
    const one = await sent()
    await step(one.id, 'assessment', { impact: 5, likelihood: 5, flags: ['safety'] })
    const status = await followed(one)
    expect(status).toContain('先確保安全、停止危害')
    expect(status).toMatch(/先確保安全、停止危害[\s\S]*給您處理結果/)
    await step(one.id, 'containment', { text: '已停售' })
    const safe = await followed(one)
    expect(safe).not.toContain('先確保安全、停止危害')
    expect(safe).toContain('給您處理結果')
  })
})

describe('what is asked', () => {
  test('whether somebody was hurt or is in danger, which makes it critical at once', async () => {
    const one = await sent({ hurt: 'yes' })
    expect(one.check).toContain('有人受傷，或有人有危險嗎？')
    expect((await page(one.id)).complaint).toMatchObject({ severity: 'critical', flags: ['safety'] })
    expect((await page((await sent({ hurt: 'no' })).id)).complaint).toMatchObject({ severity: 'low', flags: [] })
  })

  test('whether it is about somebody who works here: then people outside the team see it, its lead not before they know whom', async () => {
    const one = await sent({ text: '櫃台的美琳收了我的錢沒有開發票', staff: 'yes' })
    expect(one.check).toContain('是：先不要讓其他人看到')
    const reviewer = world.as('reviewer')
    const opened = await page(one.id, reviewer)
    const { staff } = world.home
    expect(opened.complaint).toMatchObject({ mode: 'anonymous', confidentiality: 'restricted' })
    expect(opened.access.map((p: { id: string }) => p.id).sort()).toEqual([staff.reviewer, staff.auditor].sort())
    for (const who of ['mei', 'intake', 'lead'] as const) {
      expect((await world.as(who)('GET', `/api/v1/complaints/${one.id}`)).statusCode).toBe(404)
      const list = (await world.as(who)('GET', '/api/v1/complaints?limit=100')).json().items as { id: string }[]
      expect(list.map((r) => r.id)).not.toContain(one.id)
    }
    await step(one.id, 'subjects', { staffIds: [world.home.staff.mei] }, reviewer)
    await step(one.id, 'restriction', { confidentiality: 'normal', staffIds: [] }, reviewer)
    expect((await lead('GET', `/api/v1/complaints/${one.id}`)).statusCode).toBe(200)
    expect((await world.as('mei')('GET', `/api/v1/complaints/${one.id}`)).statusCode).toBe(404)
    expect((await page((await sent({ staff: 'no' })).id)).complaint).toMatchObject({ confidentiality: 'normal' })
  })

  test('for whom it is; the person is named to staff and found by name, unless it is confidential', async () => {
    const behalf = { behalf: 'other', behalfName: '陳阿嬤', relation: '外婆', authorised: 'yes' }
    const contact = { name: '陳小明', mail: 'ming@example.tw', phone: '' }
    const one = await sent({ you: { mode: 'named', ...contact, ...behalf } })
    const other = await sent({ you: { mode: 'confidential', ...contact, ...behalf } })
    expect((await page(one.id)).complaint.onBehalfOf).toBe('陳阿嬤（外婆、對方已同意）')
    const auditor = (await world.as('auditor')('GET', `/api/v1/complaints/${one.id}`)).json()
    expect(auditor.complaint.onBehalfOf).toContain('陳阿嬤')
    const found = (await lead('GET', `/api/v1/search?q=${encodeURIComponent('陳阿嬤')}`)).json().items
    const ids = (found as { complaint: { id: string } }[]).map((r) => r.complaint.id)
    expect(ids).toContain(one.id)
    expect(ids).not.toContain(other.id)
  })

  test('somebody else without a name is asked for again', async () => {
    const person = browser(world.app, 'harbour')
    await person.get('/complain/new')
    await person.fill('/complain/what', { text: '外婆的事' })
    const reply = await person.fill('/complain/you', {
      mode: 'named',
      name: '陳小明',
      mail: 'm@example.tw',
      behalf: 'other',
    })
    expect(reply.status).toBe(422)
    expect(reply.text).toContain('id="behalfName-error"')
  })

  test('no contact before the person could read who takes it, what for, how long, and their rights', async () => {
    const person = browser(world.app, 'harbour')
    await person.get('/complain/new')
    await person.fill('/complain/what', { text: '個資' })
    const { text } = await person.get('/complain/you')
    expect(text.indexOf('個人資料保護法第 8 條')).toBeGreaterThan(0)
    expect(text.indexOf('個人資料保護法第 8 條')).toBeLessThan(text.indexOf('id="name"'))
    expect(text).toMatch(/蒐集者[\s\S]*目的[\s\S]*期間[\s\S]*刪除/)
  })
})

describe('what it is called', () => {
  test('as the complainant began, not as staff call it inside', async () => {
    const one = await sent({ text: '快煮鍋的蓋子裂了' })
    await step(one.id, 'assessment', { impact: 2, likelihood: 2, flags: [], title: '奧客又來了' })
    const shown = await followed(one)
    expect([shown.includes('快煮鍋的蓋子裂了'), shown.includes('奧客')]).toEqual([true, false])
  })
})

describe('what is answered', () => {
  const decision = async (id: string, answer: string) => ({
    text: '我們的說明',
    decision: true,
    outcomeCode: 'O1',
    findings: ((await page(id)).points as { id: string }[]).map((p) => ({ pointId: p.id, finding: 'upheld', answer })),
  })

  test('each point with its finding and answer, once the decision has left and not before', async () => {
    const one = await sent()
    await step(one.id, 'investigation', {})
    await step(one.id, 'replies', await decision(one.id, '全額退款'))
    const within = await followed(one)
    expect(within).not.toContain('全額退款')
    expect(within).not.toContain('已答覆您')
    expect(within).not.toContain('答覆處理結果')
    expect(within).not.toContain('第一次回覆')
    expect(within).not.toContain('/track/review')
    world.clock.advance(5 * ms.minute)
    const after = await followed(one)
    expect(after).toContain('已答覆您')
    expect(after).toContain('正式答覆')
    expect(after).toMatch(/逐點答覆[\s\S]*熱水壺漏電[\s\S]*成立[\s\S]*全額退款/)
  })

  test('a question is called one', async () => {
    const one = await sent()
    await step(one.id, 'investigation', {})
    await step(one.id, 'information-request', { of: 'customer', text: '請給我們保固卡號' })
    world.clock.advance(5 * ms.minute)
    expect(await followed(one)).toMatch(/我們想請問您[\s\S]*請給我們保固卡號/)
  })
})

describe('what is promised on a Saturday night', () => {
  test('is what somebody who comes in at nine can keep, or as it is where the house says so', async () => {
    // Saturday, 2026-03-07, 23:00 in Taipei.
    world.clock.now = Date.parse('2026-03-07T15:00:00Z')
    const one = await sent({ text: '手燙傷了', hurt: 'yes' })
    expect(one.done).toContain('最晚 2026年3月9日（週一） 09:15')
    expect(one.done).not.toContain('23:15')
    const set = await world.as('admin')('PUT', '/api/v1/settings/public-promises', { published: 'exact' })
    expect(set.statusCode, set.body).toBe(200)
    expect(await followed(one)).toContain('最晚 2026年3月7日（週六） 23:15')
    await world.as('admin')('PUT', '/api/v1/settings/public-promises', { published: 'working_hours' })
  })
})
