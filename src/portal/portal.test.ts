import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browser, type PortalWorld, portalWorld, receiptOf } from './portal-world.ts'

const taipei = { code: 'xinyi', jurisdiction: 'TW', zone: 'Asia/Taipei', calendar: 'tw-office' }
const camden = { code: 'camden', jurisdiction: 'GB', zone: 'Europe/London', calendar: 'uk-office' }
let world: PortalWorld
let org: Awaited<ReturnType<PortalWorld['organisation']>>

beforeAll(async () => {
  world = await portalWorld()
  org = await world.organisation('harbour', [taipei, camden])
})
afterAll(() => world.stop())

type Answers = Partial<
  Record<'text' | 'placeId' | 'orderNo' | 'remedySought' | 'mode' | 'name' | 'mail' | 'phone', string>
>

async function written(answers: Answers) {
  const person = world.browser('harbour')
  await person.get('/complain/new')
  await person.fill('/complain/what', { text: answers.text ?? '熱水壺兩次維修後仍跳電' })
  await person.fill('/complain/about', { placeId: answers.placeId ?? '', orderNo: answers.orderNo ?? '' })
  await person.fill('/complain/want', { remedySought: answers.remedySought ?? '' })
  const { mode = 'anonymous', name = '', mail = '', phone = '' } = answers
  await person.fill('/complain/you', { mode, name, mail, phone })
  return person
}

async function sent(answers: Answers) {
  const person = await written(answers)
  const reply = await person.fill('/complain/check', {})
  expect(reply.location).toBe('/p/harbour/complain/done')
  const done = await person.get('/complain/done')
  return { person, done: done.text, receipt: receiptOf(done.text) }
}

async function opened(receipt: { reference: string; secret: string }) {
  const person = world.browser('harbour')
  const reply = await person.post('/track', { reference: receipt.reference, secret: receipt.secret })
  expect(reply.location).toBe('/p/harbour/track/status')
  return person
}

const rows = <T>(text: string, values: unknown[] = []) =>
  world.app.systemDb.pool.query(text, values).then((r) => r.rows as T[])

describe('making a complaint', () => {
  test('a named complaint ends with the number, the code and dates in the zone of the place', async () => {
    const { done, receipt } = await sent({
      placeId: org.places[0] ?? '',
      mode: 'named',
      name: '林美琳',
      mail: 'mei@example.tw',
    })
    expect(receipt.number).toMatch(/^R-2026-\d{6}$/)
    expect(receipt.reference).toMatch(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/)
    expect(receipt.secret).toMatch(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/)
    expect(done).toContain('2026年3月3日（週二） 10:00 收到')
    expect(done).toContain('最晚 2026年3月18日（週三），法定的處理期限')
    expect(done).toContain('1950')
    expect(done).not.toContain('Citizens Advice')
  })

  test('each page asks one thing, in the language of the reader, and the outside routes stand on every one', async () => {
    const person = browser(world.app, 'harbour', { 'accept-language': 'en-GB,en;q=0.9' })
    expect((await person.get('/complain/what')).text).toContain('<label for="text">What happened?</label>')
    expect((await person.get('/complain/what?lang=zh-Hans')).text).toContain('<html lang="zh-Hans">')
    expect((await person.get('/')).text).toMatch(/提出投诉[\s\S]*也可以向外部投诉[\s\S]*1950/)
  })

  test('what is missing is said above and beside, and no words are lost', async () => {
    const person = world.browser('harbour')
    const empty = await person.fill('/complain/what', { text: '   ' })
    expect(empty.status).toBe(422)
    expect(empty.text).toMatch(
      /class="errors" role="alert" tabindex="-1" autofocus[\s\S]*href="#text"[\s\S]*aria-invalid="true"/,
    )
    const long = await person.fill('/complain/what', { text: '字'.repeat(20_001) })
    expect(long.status).toBe(422)
    expect(long.text).toContain('字'.repeat(20_001))
    await person.fill('/complain/what', { text: 'x' })
    const you = await person.fill('/complain/you', { mode: 'named', name: 'Ann <b>', mail: 'a@b@c', phone: '' })
    expect(you.text).toContain('value="Ann &lt;b&gt;"')
    expect(you.text).toContain('id="mail-error"')
  })

  test('sending twice, also at the same moment, records one complaint', async () => {
    const person = await written({ text: '送出兩次' })
    const page = await person.get('/complain/check')
    const csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
    const replies = await Promise.all([1, 2, 3].map(() => person.post('/complain/check', { _csrf: csrf })))
    expect(replies.map((r) => r.location)).toEqual(Array(3).fill('/p/harbour/complain/done'))
    expect((await person.post('/complain/check', { _csrf: csrf })).location).toBe('/p/harbour/complain/done')
    expect(await rows("select from message where body = '送出兩次'")).toHaveLength(1)
    const again = receiptOf((await person.get('/complain/done')).text)
    expect(again).toEqual(receiptOf((await person.get('/complain/done')).text))
    expect((await person.get('/complain/what')).location).toBe('/p/harbour/complain/done')
  })

  test('an anonymous complaint keeps no name, mail, telephone or address, also when they were typed before', async () => {
    const person = await written({
      text: '匿名一事',
      mode: 'named',
      name: 'Trace Able',
      mail: 'trace@able.example',
      phone: '+886 912 345 678',
    })
    await person.fill('/complain/you?from=check', { mode: 'anonymous', name: 'Trace Able', mail: 'trace@able.example' })
    const drafts = await rows<{ data: unknown }>('select data from portal_draft')
    expect(JSON.stringify(drafts)).not.toMatch(/Trace|trace@/)
    await person.fill('/complain/check', {})
    const kept = await rows<{ t: string }>(
      `select convert_from(raw, 'UTF8') as t from inbound_item union all select row_to_json(c)::text from complaint c
       union all select row_to_json(m)::text from message m union all select data::text from portal_draft union all select payload::text from complaint_event`,
    )
    expect(kept.map((k) => k.t).join()).not.toMatch(/Trace|trace@|912 345|127\.0\.0\.1|lightMyRequest/)
    expect((await person.get('/complain/done')).text).toContain('您選擇匿名')
  })

  test('an expired draft says so and a new one can be begun', async () => {
    const person = await written({})
    const page = await person.get('/complain/check')
    world.clock.advance(25 * 3_600_000)
    const csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
    const reply = await person.post('/complain/check', { _csrf: csrf })
    expect(reply.status).toBe(410)
    expect(reply.text).toContain('草稿已經過期')
    expect((await person.get('/complain/check')).location).toBe('/p/harbour/complain/what')
    await written({})
    expect(
      await rows('select from portal_draft where expires_at <= to_timestamp($1 / 1000.0)', [world.clock.now]),
    ).toEqual([])
  })

  test('an hour after sending the receipt is gone from the browser too', async () => {
    const { person } = await sent({})
    world.clock.advance(61 * 60_000)
    expect((await person.get('/complain/done')).location).toBe('/p/harbour/track')
  })

  test('a shared device can forget the receipt at once', async () => {
    const { person } = await sent({})
    await person.fill('/complain/done', {}, '/complain/done/clear')
    expect(person.jar.has('redress_draft')).toBe(false)
    expect((await person.get('/complain/done')).location).toBe('/p/harbour/track')
  })
})

describe('the way in', () => {
  test('/ leads to the only organisation, and to a choice where there are more', async () => {
    const only = await world.app.server.inject({ method: 'GET', url: '/' })
    expect(only.headers.location).toBe('/p/harbour/')
    await world.organisation('second')
    const choice = await world.app.server.inject({ method: 'GET', url: '/' })
    expect(choice.body).toMatch(/href="\/p\/harbour\/"[\s\S]*href="\/p\/second\/"/)
  })
})

describe('following a complaint', () => {
  test('reference and code together open it; case, spaces and dashes do not matter', async () => {
    const { receipt } = await sent({ text: '要追蹤的事' })
    const person = world.browser('harbour')
    const reply = await person.post('/track', {
      reference: ` ${receipt.reference.toLowerCase().replace('-', ' ')}`,
      secret: receipt.secret.replace('-', '－'),
    })
    expect(reply.location).toBe('/p/harbour/track/status')
    const status = await person.get('/track/status')
    expect(status.text).toContain(receipt.number)
    expect(status.text).toContain('要追蹤的事')
  })

  test('an unknown reference and a wrong code get the same answer, and tries grow slower', async () => {
    const { receipt } = await sent({})
    const other = await sent({})
    const person = world.browser('harbour')
    const same = (text: string) => text.replaceAll(/value="[^"]*"/g, '')
    const wrong = await person.post('/track', { reference: receipt.reference, secret: other.receipt.secret })
    const unknown = await person.post('/track', { reference: 'ZZZZZ-ZZZZZ', secret: other.receipt.secret })
    const byNumber = await person.post('/track', { reference: receipt.number, secret: receipt.secret })
    expect([wrong.status, unknown.status, byNumber.status]).toEqual([422, 422, 422])
    expect(same(wrong.text)).toBe(same(unknown.text))
    expect(same(wrong.text)).toBe(same(byNumber.text))
    for (let i = 0; i < 4; i++) await person.post('/track', { reference: receipt.reference, secret: 'AAAAA-AAAAA' })
    const waiting = await person.post('/track', { reference: receipt.reference, secret: receipt.secret })
    expect(waiting.status).toBe(429)
    expect(Number(waiting.headers['retry-after'])).toBeGreaterThan(0)
    world.clock.advance(16_000)
    expect((await person.post('/track', { reference: receipt.reference, secret: receipt.secret })).status).toBe(303)
  })

  test('a session opens its own complaint only, ends after half an hour, and cannot be forged', async () => {
    const one = await sent({ text: '甲的事' })
    const two = await sent({ text: '乙的事' })
    const person = await opened(one.receipt)
    expect((await person.get('/track/status')).text).not.toContain('乙的事')
    const mine = person.jar.get('redress_track') ?? ''
    const other = (await opened(two.receipt)).jar.get('redress_track') ?? ''
    person.jar.set('redress_track', other.slice(0, 36) + mine.slice(36))
    expect((await person.get('/track/status')).location).toContain('/track?ended=1')
    person.jar.set('redress_track', mine)
    world.clock.advance(20 * 60_000)
    expect((await person.get('/track/status')).status).toBe(200)
    world.clock.advance(20 * 60_000)
    expect((await person.get('/track/status')).status).toBe(200)
    world.clock.advance(31 * 60_000)
    expect((await person.get('/track/status')).location).toContain('/track?ended=1')
  })

  test('more can be said, it can be taken back, and both show at once', async () => {
    const { receipt } = await sent({})
    const person = await opened(receipt)
    const added = await person.upload('/track/add', { text: '補充：今天又跳電' }, [])
    expect(added.location).toBe('/p/harbour/track/status?saved=append')
    expect((await person.get(added.location)).text).toMatch(/已加入您的案件[\s\S]*補充：今天又跳電/)
    const unsure = await person.fill('/track/withdraw', { text: '已經解決' })
    expect(unsure.text).toContain('請勾選確認')
    const withdrawn = await person.fill('/track/withdraw', { text: '已經解決', confirm: 'yes' })
    expect(withdrawn.location).toBe('/p/harbour/track/status?saved=withdraw')
    const after = (await person.get('/track/status')).text
    expect(after).toContain('您已撤回')
    // As the process has it: more words are welcome in any state, an ended complaint is not withdrawn again.
    expect(after).toContain('/track/add')
    expect(after).not.toContain('/track/withdraw')
  })

  test('whoever is not satisfied can ask for another person to look again', async () => {
    const { receipt } = await sent({ placeId: org.places[1] ?? '' })
    const person = await opened(receipt)
    expect((await person.get('/track/status')).text).not.toContain('不滿意，要求覆核')
    const early = await person.fill('/track/review', { text: '不同意' })
    expect(early.status).toBe(422)
    expect(early.text).toContain('目前無法這樣做')
    expect((await person.get('/track/status')).text).toContain('Citizens Advice')
  })

  test('a step that is late is owned up to', async () => {
    const { receipt } = await sent({})
    const person = await opened(receipt)
    world.clock.advance(29 * 60_000)
    expect((await person.get('/track/status')).text).not.toContain('已逾期')
    world.clock.advance(30 * 24 * 3_600_000)
    expect((await (await opened(receipt)).get('/track/status')).text).toContain('已逾期，我們還欠您這一步')
  })
})
