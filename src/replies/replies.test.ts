import { createServer, type Server } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cast, ms, record } from '../../test/world/world.ts'
import { type LiveWorld, startLiveWorld } from '../complaints/live-world.ts'
import { tasksOf } from '../jobs.ts'
import { verifyComplaint } from '../audit/index.ts'
import { openMail } from './mail.ts'

type Got = { readonly to: string[]; readonly text: string }
let world: LiveWorld
let peer: SMTPServer
let port = 0
let got: Got[] = []
/** What the mail server says to the next recipients. */
let answers: (number | 'hang-up' | 'lost-yes')[] = []
let mail: ReturnType<typeof openMail>

beforeAll(async () => {
  peer = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, done) => {
      const answer = answers[0]
      if (typeof answer !== 'number') return done()
      answers.shift()
      done(Object.assign(new Error(`no such box <${_address.address}>`), { responseCode: answer }))
    },
    onData: (stream, session, done) => {
      let text = ''
      stream.on('data', (bytes: Buffer) => {
        text += bytes.toString('utf8')
      })
      stream.on('end', () => {
        got.push({ to: session.envelope.rcptTo.map((r) => r.address), text })
        done()
      })
    },
  })
  port = await new Promise<number>((ready) => {
    const server = peer.listen(0, '127.0.0.1', () =>
      ready((server.address() as { port: number }).port),
    ) as unknown as Server
  })
  const smtp = `smtp://127.0.0.1:${port}/?from=care@harbour.example`
  world = await startLiveWorld({ env: { SMTP_URL: smtp, REDRESS_PUBLIC_URL: 'http://redress.example' } })
  mail = openMail(smtp)
})
afterAll(async () => {
  mail.close()
  await world.stop()
  await new Promise<void>((closed) => peer.close(() => closed()))
})
beforeEach(() => {
  got = []
  answers = []
})

const person = { name: '吳佩珊', mail: 'wu@customer.example' }
const outbox = async (who: keyof typeof cast = 'lead', query = '') =>
  (await world.as(who)('GET', `/api/v1/outbox${query}`)).json()
const send = (id: string, by = mail.send) =>
  tasksOf(world.app, by).send_outbox?.({ org: world.home.org, id }) ?? Promise.resolve()

async function replied(
  body: object = { complainant: person },
  text = '您好，我們已收到並會在三天內回覆。',
  told: object = {},
) {
  const made = await record(world, body)
  const reply = await world.as('lead')('POST', `/api/v1/complaints/${made.id}/replies`, {
    version: made.version,
    text,
    ...told,
  })
  if (reply.statusCode !== 200) throw new Error(reply.body)
  const { items } = await outbox()
  const item = items.find((i: { complaintId: string }) => i.complaintId === made.id)
  return { made, item, version: reply.json().version as number }
}
const stateOf = async (id: string) => (await outbox()).items.find((i: { id: string }) => i.id === id)

/** As if the mail server had refused it for good. */
const failed = (id: string) => world.app.systemDb.pool.query("update outbox set state = 'failed' where id = $1", [id])

describe('what was told on the telephone', () => {
  it('is the first reply, stands in the history with its channel, and is not sent', async () => {
    const made = await record(world, { complainant: person })
    const reply = (body: object) => world.as('lead')('POST', `/api/v1/complaints/${made.id}/replies`, body)
    const told = { version: made.version, text: '已在電話中向您說明，明天上午到府檢修。' }
    const wrong = await reply({ ...told, told: 'pigeon' })
    expect([wrong.statusCode, wrong.json().code]).toEqual([422, 'intake.unknown-channel'])

    expect((await reply({ ...told, told: 'phone' })).statusCode).toBe(200)
    const page = (await world.as('lead')('GET', `/api/v1/complaints/${made.id}`)).json()
    expect(page.complaint.firstReplyAt).not.toBeNull()
    const clock = page.clocks.find((c: { kind: string }) => c.kind === 'first_reply')
    expect(clock.state).toBe('met')
    const said = page.timeline.find((i: { kind: string; direction?: string }) => i.direction === 'out')
    expect(said).toMatchObject({ channel: 'phone', body: told.text, outbox: null })
    const event = page.timeline.find((i: { type?: string }) => i.type === 'replied')
    expect(event.facts.told).toBe('phone')
    expect((await outbox()).items.some((i: { complaintId: string }) => i.complaintId === made.id)).toBe(false)
  })
})

describe('the outbox', () => {
  it('sends an answer by mail after the undo time, once, with the reference and a link', async () => {
    const { item, made } = await replied()
    await send(item.id)
    expect(got).toEqual([])
    expect((await stateOf(item.id)).state).toBe('waiting')
    world.clock.advance(11_000)
    await send(item.id)
    await send(item.id)
    expect(got).toHaveLength(1)
    expect(got[0]?.to).toEqual(['wu@customer.example'])
    const head = got[0]?.text.split('\r\n\r\n')[0] ?? ''
    expect(head.replaceAll(/\r\n[ \t]+/g, ' ')).toContain(`Message-ID: <${item.id.replaceAll('-', '')}.`)
    expect(head).not.toContain('Auto-Submitted')
    const body = Buffer.from(got[0]?.text.split('\r\n\r\n').slice(1).join() ?? '', 'base64').toString() + got[0]?.text
    expect(body).toContain('/p/harbour/track/link?t=')
    expect(body).toContain(made.number)
    expect(await stateOf(item.id)).toMatchObject({
      state: 'sent',
      attempts: 1,
      lastError: null,
      sentAt: expect.any(String),
    })
  })

  it('shows an answer in the portal to somebody without an address who is said to look there', async () => {
    const { item } = await replied({ mode: 'anonymous' }, '您好', { told: 'portal' })
    expect(item.channel).toBe('portal')
    world.clock.advance(11_000)
    await send(item.id)
    expect((await stateOf(item.id)).state).toBe('sent')
    expect(got).toEqual([])
  })

  it('treats what somebody typed as one address', async () => {
    const { item } = await replied({ complainant: { name: 'x', mail: 'a@customer.example' } })
    await world.app.db.withScope({ org: world.home.org }, (tx) =>
      tx.run(
        sql`update outbox set recipient = 'a@customer.example, b@customer.example' where org_id = ${world.home.org} and id = ${item.id}`,
      ),
    )
    world.clock.advance(11_000)
    await send(item.id)
    expect(got.flatMap((g) => g.to)).not.toContain('b@customer.example')
  })

  it('tries again after a passing failure, with growing pauses and the same Message-ID', async () => {
    const { item } = await replied()
    world.clock.advance(11_000)
    answers = [451]
    await send(item.id)
    const waiting = await stateOf(item.id)
    expect(waiting).toMatchObject({ state: 'waiting', attempts: 1 })
    expect(waiting.lastError).not.toContain('@')
    expect(Date.parse(waiting.nextTryAt)).toBe(world.clock.now + 30_000)
    await send(item.id)
    expect(got).toEqual([])
    world.clock.advance(31_000)
    await send(item.id)
    expect(got[0]?.text).toContain(`<${item.id.replaceAll('-', '')}.`)
    expect(await stateOf(item.id)).toMatchObject({ state: 'sent', attempts: 2 })
  })

  it('fails for good when the mailbox does not exist; a person may retry', async () => {
    const { item } = await replied()
    world.clock.advance(11_000)
    answers = [550]
    await send(item.id)
    expect(await stateOf(item.id)).toMatchObject({ state: 'failed', attempts: 1 })
    const retry = await world.as('lead')('POST', `/api/v1/outbox/${item.id}/retry`)
    expect(retry.json()).toEqual({ id: item.id, state: 'waiting' })
    await send(item.id)
    expect((await stateOf(item.id)).state).toBe('sent')
    expect((await world.as('lead')('POST', `/api/v1/outbox/${item.id}/retry`)).json().code).toBe('replies.not-failed')
  })

  it('gives up after three days', async () => {
    const { item } = await replied()
    world.clock.advance(11_000)
    const since = JSON.stringify({ since: world.clock.now - 73 * ms.hour })
    await world.app.db.withScope({ org: world.home.org }, (tx) =>
      tx.run(
        sql`update outbox set envelope = envelope || ${since}::jsonb where org_id = ${world.home.org} and id = ${item.id}`,
      ),
    )
    answers = [421]
    await send(item.id)
    expect((await stateOf(item.id)).state).toBe('failed')
  })

  it('waits while the mail server is away', async () => {
    const nobody = createServer()
    await new Promise<void>((ready) => nobody.listen(0, '127.0.0.1', ready))
    const { port: free } = nobody.address() as { port: number }
    await new Promise((closed) => nobody.close(closed))
    const away = openMail(`smtp://127.0.0.1:${free}`)
    const { item } = await replied()
    world.clock.advance(11_000)
    await send(item.id, away.send)
    away.close()
    expect(await stateOf(item.id)).toMatchObject({ state: 'waiting', attempts: 1 })
  })

  it('repeats at most once, with the same id, when the worker is killed between the mail server’s yes and the commit', async () => {
    const { item } = await replied()
    world.clock.advance(11_000)
    let killed = () => undefined as void
    const dead = new Promise<void>((_, die) => {
      killed = () => die(new Error('killed'))
    })
    dead.catch(() => undefined)
    // The worker never comes back from the mail server: as after kill -9.
    void send(item.id, async (one) => {
      await mail.send(one)
      await new Promise(() => undefined)
    })
    while (got.length === 0) await new Promise((soon) => setTimeout(soon, 10))
    killed()
    await send(item.id)
    expect(got).toHaveLength(1)
    expect((await stateOf(item.id)).state).toBe('sending')
    world.clock.advance(4 * ms.minute)
    await tasksOf(world.app, mail.send).rescue_outbox?.({})
    await send(item.id)
    await send(item.id)
    expect(got).toHaveLength(2)
    const ids = got.map((g) => /Message-ID:\s+<(\S+)>/.exec(g.text)?.[1])
    expect(new Set(ids).size).toBe(1)
    expect((await stateOf(item.id)).state).toBe('sent')
  })

  it('two workers at once send it once', async () => {
    const { item } = await replied()
    world.clock.advance(11_000)
    await Promise.all([send(item.id), send(item.id), send(item.id)])
    expect(got).toHaveLength(1)
  })

  it('can be taken back while it waits: history says so, and what it had changed is undone', async () => {
    const { item, made } = await replied()
    const open = async () => (await world.as('lead')('GET', `/api/v1/complaints/${made.id}`)).json()
    const before = await open()
    expect(before.complaint.firstReplyAt).not.toBeNull()
    const cancelled = await world.as('lead')('POST', `/api/v1/outbox/${item.id}/cancellation`)
    expect(cancelled.json()).toMatchObject({ id: item.id, state: 'cancelled', version: before.complaint.version + 1 })
    const after = await open()
    expect(after.complaint.firstReplyAt).toBeNull()
    expect(after.clocks.find((c: { kind: string }) => c.kind === 'first_reply').state).toBe('running')
    const said = after.timeline.find((t: { id?: string }) => t.id === item.messageId)
    expect(said.flags).toContain('cancelled')
    expect(after.timeline.some((t: { type?: string }) => t.type === 'reply_cancelled')).toBe(true)
    world.clock.advance(11_000)
    await send(item.id)
    expect(got).toEqual([])
    expect((await world.as('lead')('POST', `/api/v1/outbox/${item.id}/cancellation`)).json().code).toBe(
      'replies.already-sent',
    )
  })

  it('taken back after the complaint was closed on it: open and unanswered again, its clocks running', async () => {
    const made = await record(world, { complainant: person })
    const open = async () => (await world.as('lead')('GET', `/api/v1/complaints/${made.id}`)).json()
    const before = await open()
    const answered = await world.as('lead')('POST', `/api/v1/complaints/${made.id}/replies`, {
      version: 1,
      text: '全額退款',
      decision: true,
      outcomeCode: 'O1',
      findings: [{ pointId: before.points[0].id, finding: 'upheld' }],
    })
    const accepted = await world.as('lead')('POST', `/api/v1/complaints/${made.id}/confirmation`, {
      version: answered.json().version,
      stance: 'accepted',
    })
    const closed = await world.as('lead')('POST', `/api/v1/complaints/${made.id}/closure`, {
      version: accepted.json().version,
      reasonCode: 'C1',
      summary: '已退款',
    })
    expect(closed.json().state).toBe('closed')
    const item = (await outbox()).items.find((i: { complaintId: string }) => i.complaintId === made.id)
    expect((await world.as('lead')('POST', `/api/v1/outbox/${item.id}/cancellation`)).statusCode).toBe(200)
    const after = await open()
    expect(after.complaint).toMatchObject({
      state: before.complaint.state,
      open: true,
      respondedAt: null,
      closedAt: null,
      closureCode: null,
    })
    const running = (p: { clocks: { kind: string; state: string; dueAt: string }[] }) =>
      p.clocks.filter((c) => c.state === 'running').map((c) => `${c.kind} ${c.dueAt}`)
    expect(running(after)).toEqual(running(before))
    const again = await world.as('lead')('POST', `/api/v1/complaints/${made.id}/closure`, {
      version: after.complaint.version,
      reasonCode: 'C1',
      summary: '已退款',
    })
    expect(again.json().code).toBe('complaints.not-now')
  })

  it('takes what was promised in it along when it is taken back, and leaves what was promised by itself', async () => {
    const made = await record(world, { complainant: person })
    const open = async () => (await world.as('lead')('GET', `/api/v1/complaints/${made.id}`)).json()
    const step = async (path: string, body: object) => {
      const { version } = (await open()).complaint
      const reply = await world.as('lead')('POST', `/api/v1/complaints/${made.id}/${path}`, { version, ...body })
      expect(reply.statusCode, reply.body).toBe(200)
    }
    const by = (days: number) => new Date(world.clock.now + days * ms.day).toISOString()
    const promise = (text: string, days: number) => ({ kind: 'promise', text, dueAt: by(days), public: true })
    await step('promises', promise('請店長來電', 2))
    await step('replies', { text: '週五前寄出新品。', promise: promise('寄出新品', 3) })
    const item = (await outbox()).items.find((i: { complaintId: string }) => i.complaintId === made.id)
    expect((await world.as('lead')('POST', `/api/v1/outbox/${item.id}/cancellation`)).statusCode).toBe(200)
    const owed = (await open()).clocks.filter((c: { kind: string }) => c.kind === 'promise')
    expect(owed.map((c: { words: string; state: string }) => [c.words, c.state])).toEqual([
      ['請店長來電', 'running'],
      ['寄出新品', 'cancelled'],
    ])
    const verified = await world.app.db.withScope({ org: world.home.org, scope: 'organisation' }, (tx) =>
      verifyComplaint(tx, world.home.org, made.id),
    )
    expect(verified).toMatchObject({ ok: true, problems: [] })
  })

  it('takes what it decided along when it is taken back, and leaves what was decided before by itself', async () => {
    const made = await record(world, { complainant: person, points: ['跳電', '態度'] })
    let { version } = made
    const step = async (path: string, body: object) => {
      const reply = await world.as('lead')('POST', `/api/v1/complaints/${made.id}/${path}`, { version, ...body })
      if (reply.statusCode !== 200) throw new Error(reply.body)
      version = reply.json().version
    }
    const open = async () => (await world.as('lead')('GET', `/api/v1/complaints/${made.id}`)).json()
    const [one, two] = (await open()).points as { id: string }[]
    const takenBack = async () => {
      const item = (await outbox()).items.find(
        (i: { complaintId: string; state: string }) => i.complaintId === made.id && i.state === 'waiting',
      )
      const back = await world.as('lead')('POST', `/api/v1/outbox/${item.id}/cancellation`)
      version = back.json().version
    }
    const said = async () =>
      (await open()).points.map((p: { finding: string; answer: string }) => [p.finding, p.answer])
    const verified = () =>
      world.app.db.withScope({ org: world.home.org, scope: 'organisation' }, (tx) =>
        verifyComplaint(tx, world.home.org, made.id),
      )

    await step('findings', { findings: [{ pointId: one?.id, finding: 'not_upheld', answer: '查無' }] })
    await step('replies', {
      text: '兩點都成立',
      decision: true,
      outcomeCode: 'O1',
      findings: [
        { pointId: one?.id, finding: 'upheld', answer: '有瑕疵' },
        { pointId: two?.id, finding: 'upheld', answer: '抱歉' },
      ],
    })
    await takenBack()
    expect((await open()).complaint).toMatchObject({ outcomeCode: null, decidedAt: null, respondedAt: null })
    expect(await said()).toEqual([
      ['not_upheld', '查無'],
      [null, ''],
    ])
    expect(await verified()).toMatchObject({ ok: true })

    await step('decision', {
      outcomeCode: 'O2',
      findings: [{ pointId: two?.id, finding: 'upheld', answer: '態度不佳' }],
    })
    const decided = await said()
    await step('replies', { text: '部分成立', decision: true })
    await takenBack()
    expect((await open()).complaint).toMatchObject({ state: 'decided', outcomeCode: 'O2', respondedAt: null })
    expect(await said()).toEqual(decided)
    expect(await verified()).toMatchObject({ ok: true })
  })

  it('cannot be taken back after the undo time', async () => {
    const { item } = await replied()
    world.clock.advance(11_000)
    expect((await world.as('lead')('POST', `/api/v1/outbox/${item.id}/cancellation`)).json().code).toBe(
      'replies.already-sent',
    )
  })

  it('shows an administrator no words, another team nothing, another organisation nothing', async () => {
    const { item } = await replied()
    expect((await outbox('admin')).items.map((i: { id: string }) => i.id)).not.toContain(item.id)
    await failed(item.id)
    const forAdmin = (await outbox('admin')).items.find((i: { id: string }) => i.id === item.id)
    const blank = { complaintId: null, number: null, messageId: null, subject: null, text: null }
    expect(forAdmin).toMatchObject({ ...blank, state: 'failed', recipient: '…@customer.example' })
    expect((await outbox('xiu')).items).toEqual([])
    expect((await world.as('xiu')('POST', `/api/v1/outbox/${item.id}/cancellation`)).statusCode).toBe(404)
    expect((await world.as('xiu')('POST', `/api/v1/outbox/${item.id}/retry`)).statusCode).toBe(404)
    expect((await world.as('lead', 'neighbour')('GET', '/api/v1/outbox')).json().items).toEqual([])
    expect((await world.as('lead', 'neighbour')('POST', `/api/v1/outbox/${item.id}/retry`)).statusCode).toBe(404)
  })

  it('of a restricted complaint shows an administrator nothing, failed or not, nor is it theirs to send', async () => {
    const { item } = await replied()
    await failed(item.id)
    const { version } = (await world.as('lead')('GET', `/api/v1/complaints/${item.complaintId}`)).json().complaint
    await world.as('lead')('POST', `/api/v1/complaints/${item.complaintId}/restriction`, {
      version,
      confidentiality: 'restricted',
      staffIds: [],
    })
    expect((await outbox('lead')).items.map((i: { id: string }) => i.id)).toContain(item.id)
    expect((await outbox('admin')).items.map((i: { id: string }) => i.id)).not.toContain(item.id)
    expect((await world.as('admin')('POST', `/api/v1/outbox/${item.id}/retry`)).statusCode).toBe(404)
  })

  it('is read page by page', async () => {
    const all = (await outbox('lead', '?limit=100')).items.map((i: { id: string }) => i.id)
    const first = await outbox('lead', '?limit=3')
    const second = await outbox('lead', `?limit=100&cursor=${first.next}`)
    expect([...first.items, ...second.items].map((i: { id: string }) => i.id)).toEqual(all)
    expect((await outbox('lead', '?state=failed')).items.every((i: { state: string }) => i.state === 'failed')).toBe(
      true,
    )
  })
})
