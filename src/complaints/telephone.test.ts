import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cast, ms, record, startWorld, type Who, type World } from '../../test/world/world.ts'
import { verifyAll } from '../audit/index.ts'
import { lapseClocks } from '../clocks/jobs.ts'

// Calls, promises and hand-overs, as a telephone desk has them.

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const open = async (id: string, who: Who = 'lead') => (await world.as(who)('GET', `/api/v1/complaints/${id}`)).json()
const post = (who: Who, id: string, path: string, body: object = {}) =>
  world.as(who)('POST', `/api/v1/complaints/${id}/${path}`, body)
const done = async (who: Who, id: string, path: string, body: object = {}) => {
  const version = (await open(id, who)).complaint.version
  const reply = await post(who, id, path, { version, ...body })
  expect(reply.statusCode, `${path} ${reply.body}`).toBe(200)
  return reply.json()
}
const refused = async (who: Who, id: string, path: string, body: object = {}) => {
  const version = (await open(id, 'lead')).complaint.version
  const reply = await post(who, id, path, { version, ...body })
  expect(reply.statusCode, reply.body).toBeGreaterThanOrEqual(400)
  return reply.json().code
}
const later = (span: number) => new Date(world.clock.now + span).toISOString()
const clockOf = async (id: string, kind: string) =>
  (await open(id)).clocks.filter((c: { kind: string }) => c.kind === kind)
const rowOf = async (id: string, who: Who = 'lead') =>
  (await world.as(who)('GET', '/api/v1/complaints?limit=100')).json().items.find((r: { id: string }) => r.id === id)
const answered = async (id: string) => {
  const { points } = await open(id)
  const findings = points.map((p: { id: string }) => ({ pointId: p.id, finding: 'upheld' }))
  await done('mei', id, 'replies', { text: '全額退款', told: 'phone', decision: true, outcomeCode: 'O1', findings })
}
const clean = async () => expect((await verifyAll(world.app)).findings).toEqual([])

const wav = Buffer.concat([
  Buffer.from('RIFF$\x08\x00\x00WAVEfmt ', 'latin1'),
  Buffer.from('1000000001000100401f0000803e000002001000', 'hex'),
  Buffer.from('data\x00\x08\x00\x00', 'latin1'),
  Buffer.alloc(2048),
])
const upload = async (who: Who, bytes: Buffer, name: string): Promise<string> => {
  const edge = 'xxEDGExx'
  const session = await world.app.server.inject({
    method: 'POST',
    url: '/api/v1/session',
    payload: { mail: cast[who].mail, password: 'correct horse battery 9' },
    headers: { 'sec-fetch-site': 'same-origin' },
  })
  const reply = await world.app.server.inject({
    method: 'POST',
    url: '/api/v1/attachments',
    headers: {
      cookie: String(session.headers['set-cookie']).split(';')[0] ?? '',
      'sec-fetch-site': 'same-origin',
      'content-type': `multipart/form-data; boundary=${edge}`,
    },
    payload: Buffer.concat([
      Buffer.from(`--${edge}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`),
      bytes,
      Buffer.from(`\r\n--${edge}--\r\n`),
    ]),
  })
  expect(reply.statusCode, reply.body).toBe(201)
  return reply.json().id
}

describe('a call', () => {
  it('of theirs brings their words, with number, length and outcome beside them', async () => {
    const made = await record(world)
    await done('intake', made.id, 'calls', {
      direction: 'in',
      number: '0912 345 678',
      outcome: 'reached',
      startedAt: later(-4 * ms.minute),
      seconds: 185,
      consent: true,
      text: '還沒收到退款',
    })
    const message = (await open(made.id)).timeline.find((i: { body?: string }) => i.body === '還沒收到退款')
    expect(message).toMatchObject({
      direction: 'in',
      channel: 'phone',
      visibility: 'public',
      at: later(-4 * ms.minute),
      call: { direction: 'in', number: '0912 345 678', seconds: 185, outcome: 'reached', consent: true },
    })
    const event = (await open(made.id)).timeline.find((i: { type?: string }) => i.type === 'called')
    expect(JSON.stringify(event.facts)).not.toContain('0912')
    await clean()
  })

  it('of ours that reached them is a first reply; one that did not is a try', async () => {
    const made = await record(world)
    for (const outcome of ['no_answer', 'voicemail'])
      await done('mei', made.id, 'calls', { direction: 'out', number: '0912345678', outcome })
    expect((await open(made.id)).complaint.firstReplyAt).toBeNull()
    await done('mei', made.id, 'calls', { direction: 'out', outcome: 'reached', text: '已說明進度' })
    const page = await open(made.id)
    expect(page.complaint.firstReplyAt).not.toBeNull()
    expect(page.clocks.find((c: { kind: string }) => c.kind === 'first_reply').state).toBe('met')
    await clean()
  })

  it('counts towards "cannot be reached" by tries, days and channels', async () => {
    const made = await record(world)
    await answered(made.id)
    const close = () => ({ reasonCode: 'C5', summary: '多次聯絡未果' })
    await done('mei', made.id, 'calls', { direction: 'out', outcome: 'no_answer' })
    world.clock.advance(ms.day)
    await done('mei', made.id, 'calls', { direction: 'out', outcome: 'voicemail' })
    expect(await refused('mei', made.id, 'closure', close())).toBe('complaints.too-few-attempts')
    await done('mei', made.id, 'confirmation', { stance: 'unreachable', channel: 'sms' })
    await done('mei', made.id, 'calls', { direction: 'out', outcome: 'reached', text: '通了' })
    expect(await refused('mei', made.id, 'closure', close()), 'reached is not unreachable').toBe(
      'complaints.too-few-attempts',
    )
    await clean()
  })

  it('keeps its recording inside and plays it in ranges; anything but sound is refused', async () => {
    const made = await record(world)
    const recordingId = await upload('intake', wav, 'call.wav')
    const body = { direction: 'in', outcome: 'reached', text: '請聽錄音', consent: true }
    await done('intake', made.id, 'calls', { ...body, recordingId })
    const page = await open(made.id)
    expect(page.attachments).toMatchObject([
      { id: recordingId, mediaType: expect.stringMatching(/^audio\//), visibility: 'internal' },
    ])
    const url = `/api/v1/attachments/${recordingId}/audio`
    const whole = await world.as('lead')('GET', url)
    expect([whole.statusCode, whole.headers['accept-ranges']]).toEqual([200, 'bytes'])
    expect(whole.headers['content-security-policy']).toBe("default-src 'none'; sandbox")
    expect(String(whole.headers['content-disposition'])).toMatch(/^inline/)
    const part = await world.as('lead')('GET', url, undefined, { range: 'bytes=4-7' })
    expect([part.statusCode, part.headers['content-range'], part.rawPayload.length]).toEqual([
      206,
      `bytes 4-7/${wav.length}`,
      4,
    ])
    expect(part.rawPayload.equals(wav.subarray(4, 8))).toBe(true)
    const last = await world.as('lead')('GET', url, undefined, { range: 'bytes=-10' })
    expect(last.rawPayload.equals(wav.subarray(-10))).toBe(true)
    const beyond = await world.as('lead')('GET', url, undefined, { range: 'bytes=999999-' })
    expect(beyond.statusCode).toBe(416)
    const text = await upload('intake', Buffer.from('<html><script>1</script>'), 'call.wav')
    expect((await post('intake', made.id, 'calls', { ...body, recordingId: text })).json().code).toBe(
      'complaints.not-a-recording',
    )
    expect((await world.as('intake')('GET', `/api/v1/attachments/${text}/audio`)).statusCode).toBe(404)
    await clean()
  })

  it('with abuse in it is marked, and stays', async () => {
    const made = await record(world)
    await done('intake', made.id, 'calls', { direction: 'in', outcome: 'reached', text: '你們這些…', abusive: true })
    const message = (await open(made.id)).timeline.find((i: { body?: string }) => i.body === '你們這些…')
    expect(message.flags).toEqual(['abusive'])
    await clean()
  })
})

describe('a promise', () => {
  it('is a clock with an owner and words, first in the list when it is due first', async () => {
    const made = await record(world)
    await done('intake', made.id, 'promises', { kind: 'callback', text: '報價後回電', dueAt: later(10 * ms.minute) })
    const [clock] = await clockOf(made.id, 'callback')
    expect(clock).toMatchObject({
      state: 'running',
      words: '報價後回電',
      owner: { id: world.home.staff.intake, name: '小芬' },
      dueAt: later(10 * ms.minute),
      cause: { rule: 'promised', public: true },
    })
    expect(await rowOf(made.id)).toMatchObject({ nextClock: 'callback', nextDueAt: later(10 * ms.minute) })
    await clean()
  })

  it.each([
    ['kept in time', 5 * ms.minute, 'met'],
    ['kept late', 20 * ms.minute, 'breached'],
  ])('%s', async (_, wait, state) => {
    const made = await record(world)
    await done('mei', made.id, 'promises', { kind: 'promise', text: '寄出新品', dueAt: later(10 * ms.minute) })
    world.clock.advance(wait)
    await lapseClocks(world.app)
    const [clock] = await clockOf(made.id, 'promise')
    await done('mei', made.id, 'kept-promises', { clockId: clock.id, text: '已寄出' })
    expect(await clockOf(made.id, 'promise')).toMatchObject([{ state, endedAt: expect.any(String) }])
    expect(await refused('mei', made.id, 'kept-promises', { clockId: clock.id })).toBe('complaints.no-such-promise')
    await clean()
  })

  it('is moved with a reason; once over it stays broken and the new date stands beside it', async () => {
    const made = await record(world)
    await done('mei', made.id, 'promises', { kind: 'promise', text: '答覆', dueAt: later(ms.hour) })
    const [clock] = await clockOf(made.id, 'promise')
    expect(
      (await post('mei', made.id, 'moved-promises', { clockId: clock.id, dueAt: later(ms.day), reason: ' ' }))
        .statusCode,
    ).toBe(400)
    await done('mei', made.id, 'moved-promises', { clockId: clock.id, dueAt: later(2 * ms.hour), reason: '等原廠' })
    expect(await clockOf(made.id, 'promise')).toMatchObject([
      { id: clock.id, dueAt: later(2 * ms.hour), state: 'running' },
    ])
    world.clock.advance(3 * ms.hour)
    await lapseClocks(world.app)
    await done('mei', made.id, 'moved-promises', { clockId: clock.id, dueAt: later(ms.hour), reason: '仍在等' })
    const both = await clockOf(made.id, 'promise')
    expect(both).toMatchObject([
      { id: clock.id, state: 'breached', endedAt: expect.any(String) },
      { state: 'running', dueAt: later(ms.hour), words: '答覆' },
    ])
    await done('mei', made.id, 'dropped-promises', { clockId: both[1].id, reason: '客戶說不用了' })
    expect((await clockOf(made.id, 'promise'))[1].state).toBe('cancelled')
    await clean()
  })

  it('keeps a complaint from being closed until it is kept or dropped', async () => {
    const made = await record(world)
    await answered(made.id)
    await done('mei', made.id, 'confirmation', { stance: 'accepted' })
    await done('mei', made.id, 'notes', { text: '週五回電', promise: { kind: 'callback', dueAt: later(ms.day) } })
    const close = { reasonCode: 'C2', summary: '已退款' }
    expect(await refused('mei', made.id, 'closure', close)).toBe('complaints.promises-owed')
    await done('mei', made.id, 'calls', { direction: 'out', outcome: 'reached', text: '已回電' })
    expect(await clockOf(made.id, 'callback')).toMatchObject([{ state: 'met' }])
    expect((await done('mei', made.id, 'closure', close)).state).toBe('closed')
    await clean()
  })

  it('is not made for the past, nor by nobody, nor without end', async () => {
    const made = await record(world)
    const promise = { kind: 'promise', text: 'x', dueAt: later(ms.day) }
    expect(await refused('mei', made.id, 'promises', { ...promise, dueAt: later(-1) })).toBe(
      'complaints.promise-in-past',
    )
    expect(await refused('mei', made.id, 'promises', { ...promise, ownerId: world.home.staff.admin })).toBe(
      'complaints.owner-unknown',
    )
    for (let i = 0; i < 20; i++) await done('mei', made.id, 'promises', promise)
    expect(await refused('mei', made.id, 'promises', promise)).toBe('complaints.too-many-promises')
  })

  it('given to a colleague lets them open it', async () => {
    const made = await record(world)
    expect((await world.as('xiu')('GET', `/api/v1/complaints/${made.id}`)).statusCode).toBe(404)
    const body = { kind: 'callback', dueAt: later(ms.hour), ownerId: world.home.staff.xiu }
    await done('mei', made.id, 'promises', body)
    expect((await open(made.id, 'xiu')).helpers.map((h: { id: string }) => h.id)).toEqual([world.home.staff.xiu])
    await clean()
  })

  it('goes along with a merge, words and all, and comes back', async () => {
    const complainant = { name: '林小姐', mail: 'lin@example.tw' }
    const from = await record(world, { complainant })
    const into = await record(world, { complainant })
    await done('mei', from.id, 'promises', { kind: 'promise', text: '週五前換新', dueAt: later(2 * ms.day) })
    await done('mei', into.id, 'promises', { kind: 'promise', text: '寄發票', dueAt: later(ms.day) })
    await done('mei', from.id, 'merge', { intoId: into.id })
    const carried = await clockOf(into.id, 'promise')
    expect(carried.map((c: { words: string; state: string }) => [c.words, c.state])).toEqual([
      ['寄發票', 'running'],
      ['週五前換新', 'running'],
    ])
    await clean()
    await done('mei', from.id, 'unmerge')
    expect(await clockOf(from.id, 'promise')).toMatchObject([{ state: 'running' }])
    expect((await clockOf(into.id, 'promise')).map((c: { state: string }) => c.state)).toEqual(['running', 'cancelled'])
    await clean()
  })
})

describe('a complaint taken by telephone', () => {
  it('is recorded with its call and promise in one act', async () => {
    const recordingId = await upload('intake', wav, 'in.wav')
    const made = await record(world, {
      text: '第三次打來，你們都在騙人',
      abusive: true,
      call: {
        direction: 'in',
        number: '+886912345678',
        outcome: 'reached',
        startedAt: later(-3 * ms.minute),
        seconds: 180,
        consent: true,
        recordingId,
      },
      promise: { kind: 'callback', text: '主管回電', dueAt: later(ms.hour) },
    })
    const page = await open(made.id)
    expect(page.complaint.receivedAt).toBe(later(-3 * ms.minute))
    expect(page.timeline.find((i: { kind: string }) => i.kind === 'message')).toMatchObject({
      flags: ['abusive'],
      call: { number: '+886912345678', seconds: 180, recordingId },
    })
    expect(await clockOf(made.id, 'callback')).toMatchObject([{ words: '主管回電', state: 'running' }])
    expect(page.attachments).toMatchObject([{ visibility: 'internal' }])
    await clean()
  })

  it('keeps no number of somebody who stays anonymous', async () => {
    const call = { direction: 'in', number: '+886912345678', outcome: 'reached' }
    const made = await record(world, { mode: 'anonymous', call })
    expect(JSON.stringify(await open(made.id))).not.toContain('912345678')
    await clean()
  })
})

describe('a hand-over', () => {
  it('leaves it with whoever has it until the next person takes it', async () => {
    const made = await record(world)
    await done('intake', made.id, 'handover', { staffId: world.home.staff.xiu, text: '客戶等退款，已驗貨' })
    expect((await open(made.id)).complaint.owner.id).toBe(world.home.staff.intake)
    expect((await rowOf(made.id, 'xiu')).handover).toMatchObject({ staffId: world.home.staff.xiu, late: false })
    const mine = (await world.as('xiu')('GET', '/api/v1/complaints?view=mine')).json().items
    expect(mine.map((r: { id: string }) => r.id)).toContain(made.id)
    expect((await world.as('xiu')('GET', '/api/v1/complaints/counts')).json().mine).toBe(mine.length)
    expect(await refused('mei', made.id, 'handover-acceptance')).toBe('complaints.handover-not-yours')
    world.clock.advance(ms.hour)
    await lapseClocks(world.app)
    expect((await rowOf(made.id)).handover.late).toBe(true)
    await done('xiu', made.id, 'handover-acceptance')
    const page = await open(made.id)
    expect(page.complaint).toMatchObject({ owner: { id: world.home.staff.xiu }, handover: null, state: 'assigned' })
    expect(page.timeline.find((i: { type?: string }) => i.type === 'handover_accepted').facts).toMatchObject({
      late: true,
      from: world.home.staff.intake,
    })
    await clean()
  })

  it('to a team is seen there at once, and goes back with a reason', async () => {
    const made = await record(world)
    await done('mei', made.id, 'assignment', { ownerId: world.home.staff.mei })
    await done('mei', made.id, 'handover', { teamId: world.home.teams.shanghai, text: '上海倉庫的事' })
    expect((await open(made.id, 'xiu')).complaint).toMatchObject({ owner: { id: world.home.staff.mei } })
    await done('xiu', made.id, 'handover-return', { reason: '不是我們倉庫' })
    expect((await open(made.id)).complaint).toMatchObject({ teamId: world.home.teams.taipei, handover: null })
    expect(await refused('mei', made.id, 'handover-return', { reason: 'x' })).toBe('complaints.no-handover')
    await clean()
  })

  it('ends when somebody else is given it', async () => {
    const made = await record(world)
    await done('intake', made.id, 'handover', { staffId: world.home.staff.mei, text: '接手' })
    await done('lead', made.id, 'assignment', { ownerId: world.home.staff.specialist })
    expect((await open(made.id)).complaint.handover).toBeNull()
    await clean()
  })
})
