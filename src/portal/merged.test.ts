import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Caller, ms, startWorld, type World } from '../../test/world/world.ts'
import { browser, receiptOf } from './portal-world.ts'

// Two complaints of one person, joined: each page shows what was said there, and what was answered for both.

let world: World
let lead: Caller
beforeAll(async () => {
  world = await startWorld()
  lead = world.as('lead')
})
afterAll(() => world.stop())

const you = { mode: 'named', name: '陳小明', mail: 'ming@example.tw', phone: '', behalf: 'self' }

async function sent(text: string) {
  const person = browser(world.app, 'harbour')
  await person.get('/complain/new')
  await person.fill('/complain/what', { text, hurt: '', staff: '' })
  await person.fill('/complain/about', { placeId: world.home.place, orderNo: '' })
  await person.fill('/complain/want', { remedySought: '' })
  await person.fill('/complain/you', you)
  await person.get('/complain/check')
  await person.fill('/complain/check', {})
  const receipt = receiptOf((await person.get('/complain/done')).text)
  expect(receipt.number).toMatch(/^R-/)
  const { items } = (await lead('GET', '/api/v1/complaints?sort=received&limit=100')).json()
  return { id: (items as { id: string; number: string }[]).find((i) => i.number === receipt.number)?.id ?? '', receipt }
}
type Sent = Awaited<ReturnType<typeof sent>>

async function opened({ receipt }: Sent) {
  const person = browser(world.app, 'harbour')
  await person.post('/track', { reference: receipt.reference, secret: receipt.secret })
  return person
}
const followed = async (one: Sent) => (await (await opened(one)).get('/track/status')).text
const page = async (id: string) => (await lead('GET', `/api/v1/complaints/${id}`)).json()
async function step(id: string, path: string, body: object = {}): Promise<void> {
  const { version } = (await page(id)).complaint
  const reply = await lead('POST', `/api/v1/complaints/${id}/${path}`, { version, ...body })
  expect(reply.statusCode, reply.body).toBeLessThan(300)
}
async function upload(name: string): Promise<string> {
  const boundary = 'b'
  const body = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: text/plain\r\n\r\n${name}\r\n--${boundary}--\r\n`
  const reply = await lead('POST', '/api/v1/attachments', Buffer.from(body), {
    'content-type': `multipart/form-data; boundary=${boundary}`,
  })
  return reply.json().id
}

async function answer(id: string, more: object = {}) {
  const points = (await page(id)).points as { id: string; text: string; finding: string | null }[]
  await step(id, 'replies', {
    text: '兩件一起說明：全額退款。',
    decision: true,
    outcomeCode: 'O1',
    findings: points.map((p) => ({ pointId: p.id, finding: 'upheld', answer: `關於「${p.text}」我們這樣處理` })),
    ...more,
  })
  world.clock.advance(5 * ms.minute)
}

describe('two complaints of one person, joined', () => {
  let [merged, survivor]: Sent[] = []
  beforeAll(async () => {
    merged = await sent('ALPHA 水壺漏電')
    survivor = await sent('OMEGA 客服不回電')
    await step(survivor.id, 'investigation')
    await step(survivor.id, 'replies', { text: 'EARLIER 我們先確認這件。', attachmentIds: [] })
    world.clock.advance(5 * ms.minute)
    await step(merged.id, 'merge', { intoId: survivor.id, sameComplainant: true })
  })

  test('before the answer each sees only their own', async () => {
    if (!merged || !survivor) throw new Error('nothing was sent')
    const [a, b] = [await followed(merged), await followed(survivor)]
    expect(a).toContain('ALPHA')
    expect(a).not.toMatch(/OMEGA|EARLIER/)
    expect(b).toContain('OMEGA')
    expect(b).not.toContain('ALPHA')
  })

  test('the answer for both is on both pages, with the points of each alone', async () => {
    if (!merged || !survivor) throw new Error('nothing was sent')
    const letter = await upload('letter.txt')
    await answer(survivor.id, letter ? { attachmentIds: [letter] } : {})
    const [a, b] = [await followed(merged), await followed(survivor)]
    expect(a).toContain('兩件一起說明')
    expect(a).toContain(`這是與 ${survivor.receipt.number} 一併給您的答覆`)
    expect(a).toContain('關於「ALPHA 水壺漏電」')
    expect(a).not.toMatch(/OMEGA|EARLIER/)
    expect(a).toContain('/track/review')
    expect(b).toContain('關於「OMEGA 客服不回電」')
    expect(b).not.toContain('ALPHA')
    const file = /\/track\/file\/([0-9a-f-]+)/.exec(a)?.[1]
    if (letter) expect((await (await opened(merged)).get(`/track/file/${file}`)).status).toBe(200)
  })

  test('a review asked for at the merged one is asked of the survivor, and the words stay where they were said', async () => {
    if (!merged || !survivor) throw new Error('nothing was sent')
    const person = await opened(merged)
    await person.get('/track/review')
    const reply = await person.fill('/track/review', { text: 'GAMMA 我不滿意' })
    expect(reply.location).toContain('saved=request_review')
    expect((await page(survivor.id)).complaint.state).toBe('review')
    expect(JSON.stringify((await page(survivor.id)).timeline)).toContain('GAMMA')
    expect(await followed(merged)).toContain('GAMMA')
    expect(await followed(survivor)).not.toContain('GAMMA')
  })

  test('taken back, nothing of the other is left on either page', async () => {
    if (!merged || !survivor) throw new Error('nothing was sent')
    await step(merged.id, 'unmerge')
    const [a, b] = [await followed(merged), await followed(survivor)]
    expect(a).not.toMatch(/OMEGA|EARLIER|兩件一起說明|一併給您|letter\.txt/)
    expect(a).not.toContain(survivor.receipt.number)
    expect(a).toContain('ALPHA')
    expect(b).toContain('關於「OMEGA 客服不回電」')
    expect(b).not.toMatch(/ALPHA|GAMMA/)
    expect(b).not.toContain(merged.receipt.number)
  })
})
