import { mkdir, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { record, startWorld, type Who, type World } from '../../test/world/world.ts'

// One complaint as a page and as a PDF, through HTTP, with what may leave and what may not.

/** Where somebody who wants to look at the files has them written. */
const look = process.env.REDRESS_LOOK

let world: World
let id: string
let number: string
const act = async (who: Who, path: string, body: object) => {
  const page = (await world.as(who)('GET', `/api/v1/complaints/${id}`)).json()
  const reply = await world.as(who)('POST', `/api/v1/complaints/${id}/${path}`, {
    version: page.complaint.version,
    ...body,
  })
  expect(reply.statusCode, reply.body).toBe(200)
}
const upload = async (name: string, bytes: string) => {
  const body = `--x\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: text/plain\r\n\r\n${bytes}\r\n--x--\r\n`
  const headers = { 'content-type': 'multipart/form-data; boundary=x' }
  const reply = await world.as('intake')('POST', '/api/v1/attachments', Buffer.from(body), headers)
  return reply.json().id as string
}

const told = '熱水壺第二次跳電，還燙到手。<script>alert(1)</script> <img src=x onerror=alert(2)>'
beforeAll(async () => {
  world = await startWorld()
  const made = await record(world, {
    title: '熱水壺跳電，要求退款 <b>&amp;</b>',
    text: `${told}\n热水壶第二次跳闸，还烫到手，要求退款。\nThe kettle tripped the fuse twice. 𠮷野家 👍\n${'很長的一段說明文字，看它會不會在行尾好好換行。'.repeat(14)}`,
    points: ['跳電兩次', '店員說「不關我們的事」', '门店拒绝退款'],
    complainant: { name: '陳小姐', mail: 'chen@example.test', phone: '0912 345 678' },
    orderNo: 'A-1007',
    flags: ['safety'],
    attachmentIds: [await upload('收據 <1>.txt', 'receipt')],
  })
  ;({ id, number } = made)
  await act('mei', 'notes', { text: '內部：主管要我們先不要承認，電話 ext 1234。' })
  const page = (await world.as('mei')('GET', `/api/v1/complaints/${id}`)).json()
  const findings = (page.points as { id: string }[]).map((p, i) => ({
    pointId: p.id,
    finding: i === 1 ? 'not_upheld' : 'upheld',
    ...(i === 1 ? { answer: '錄音裡沒有這句話。' } : { answer: '確實如此。' }),
  }))
  const text = '陳小姐您好：\n\n經查證，您的**訴求成立**，我們將退款 1,280 元。\n- 退款於三日內\n- 另附新品'
  await act('mei', 'replies', { text, told: 'phone', decision: true, outcomeCode: 'O1', findings })
  const dueAt = new Date(world.clock.now + 86_400_000).toISOString()
  await act('mei', 'promises', { kind: 'promise', text: '退款入帳', dueAt })
  await act('mei', 'promises', { kind: 'callback', text: '內部說好要回電', dueAt, public: false })
})
afterAll(() => world.stop())

const get = (who: Who, form: 'html' | 'pdf', query = '') =>
  world.as(who)('GET', `/api/v1/complaints/${id}/case-file.${form}${query}`)

describe('the case file', () => {
  it('whole: chronology, points, notes, clocks with why, files with their hash, and the proof', async () => {
    const reply = await get('mei', 'html', '?variant=whole')
    expect(reply.statusCode, reply.body).toBe(200)
    for (const said of [
      number,
      '跳電兩次',
      '不成立',
      '錄音裡沒有這句話。',
      '內部：主管',
      '陳小姐',
      'chen@example.test',
      '首次回覆',
      '起始時限政策',
      '美琳',
    ])
      expect(reply.body).toContain(said)
    const page = (await world.as('mei')('GET', `/api/v1/complaints/${id}`)).json()
    expect(reply.body).toContain(page.attachments[0].sha256)
    const proven = (await world.as('auditor')('GET', `/api/v1/complaints/${id}/verification`)).json()
    expect(reply.body).toContain(proven.head)
    expect(reply.body).toContain('無誤')
    expect(reply.body).not.toMatch(/case-file\.|export\.|undefined|\[object/)
    if (look) await write('whole.html', reply.rawPayload)
  })

  it('for outside: what left and what came, and nothing that only colleagues should know', async () => {
    await act('intake', 'subjects', { staffIds: [world.home.staff.xiu], reason: '店員' }).catch(() => undefined)
    const { body } = await get('lead', 'html', '?language=zh-Hant')
    expect(body).not.toMatch(/\{\{|undefined/)
    for (const said of [
      '熱水壺第二次跳電',
      '退款入帳',
      '2026-03-04 10:00',
      '消費者保護法',
      '退款 1,280 元',
      '跳電兩次',
      '確實如此。',
      '陳小姐',
    ])
      expect(body).toContain(said)
    for (const kept of [
      '內部：主管',
      '內部說好',
      '起始時限政策',
      'ext 1234',
      '志豪的',
      'chen@example.test',
      '0912',
      '秀兰',
      '嚴重度',
      '負責人員',
      '指派',
    ])
      expect(body).not.toContain(kept)
  })

  it('runs nothing that somebody wrote, and may load nothing', async () => {
    const reply = await get('mei', 'html', '?variant=whole')
    expect(reply.body).not.toMatch(/<script|<img|<b>&amp;amp/)
    expect(reply.body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    const policy = String(reply.headers['content-security-policy'])
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-/)
    expect(policy).not.toContain('unsafe')
  })

  it.each([
    ['whole', 'zh-Hant'],
    ['outside', 'en'],
    ['outside', 'zh-Hans'],
  ])('is a PDF, %s in %s, with the glyphs of both scripts in it', async (variant, language) => {
    const reply = await get('mei', 'pdf', `?variant=${variant}&language=${language}`)
    expect(reply.statusCode, reply.body.slice(0, 300)).toBe(200)
    expect(reply.headers['content-type']).toBe('application/pdf')
    expect(reply.rawPayload.subarray(0, 5).toString()).toBe('%PDF-')
    expect(reply.rawPayload.toString('latin1')).toMatch(/NotoSansSC/)
    expect(reply.rawPayload.length).toBeLessThan(600_000)
    if (look) await write(`${variant}-${language}.pdf`, reply.rawPayload)
  })

  it('is there for whoever may read the complaint, for others there is no such complaint', async () => {
    for (const who of ['intake', 'lead', 'mei', 'auditor'] as const)
      expect((await get(who, 'html')).statusCode, who).toBe(200)
    expect((await get('xiu', 'html')).statusCode).toBe(404)
    expect((await get('xiu', 'pdf')).json().code).toBe('complaints.not-found')
    expect((await get('executive', 'html')).statusCode).toBe(403)
    const foreign = await world.as('lead', 'neighbour')('GET', `/api/v1/complaints/${id}/case-file.html`)
    expect(foreign.statusCode).toBe(404)
    const restricted = await record(world, { text: '限閱', confidentiality: 'restricted', placeId: undefined })
    const reply = await world.as('mei')('GET', `/api/v1/complaints/${restricted.id}/case-file.html`)
    expect(reply.statusCode).toBe(404)
    expect((await get('mei', 'html', '?variant=all')).statusCode).toBe(400)
  })

  it('for outside tells no finding that was not answered yet', async () => {
    const made = await record(world, { text: '還沒答覆的' })
    const page = (await world.as('mei')('GET', `/api/v1/complaints/${made.id}`)).json()
    const findings = [{ pointId: page.points[0].id, finding: 'not_upheld', answer: '我們內部認為不成立' }]
    const found = { version: page.complaint.version, findings }
    const reply = await world.as('mei')('POST', `/api/v1/complaints/${made.id}/findings`, found)
    expect(reply.statusCode, reply.body).toBe(200)
    const body = async (query: string) =>
      (await world.as('mei')('GET', `/api/v1/complaints/${made.id}/case-file.html${query}`)).body
    expect(await body('?variant=whole')).toContain('我們內部認為不成立')
    expect(await body('')).not.toContain('我們內部認為不成立')
    expect(await body('')).toContain('尚無結論')
  })

  it('tells of a confidential complainant only whom may know, and outside nobody', async () => {
    const made = await record(world, {
      mode: 'confidential',
      complainant: { name: '保密者' },
      onBehalfOf: '保密者之母',
      text: '保密的申訴',
    })
    const body = async (who: Who, query: string) =>
      (await world.as(who)('GET', `/api/v1/complaints/${made.id}/case-file.html${query}`)).body
    expect(await body('lead', '?variant=whole')).toContain('保密者')
    expect(await body('lead', '')).not.toContain('保密者')
    expect(await body('mei', '?variant=whole')).not.toContain('保密者')
  })

  it('is noted: who, which one, which variant', async () => {
    const log = (await world.as('auditor')('GET', `/api/v1/access-log?staffId=${world.home.staff.mei}`)).json()
    const noted = log.items.filter((i: { what: string }) => i.what === 'export.case-file')
    expect(noted.map((n: { facts: object }) => n.facts)).toContainEqual({ form: 'pdf', variant: 'whole' })
    expect(noted[0].complaint.number).toMatch(/^R-2026-/)
  })
})

async function write(name: string, bytes: Buffer): Promise<void> {
  await mkdir(String(look), { recursive: true })
  await writeFile(`${look}/${name}`, bytes)
}
