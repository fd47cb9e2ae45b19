import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ms, record, startWorld, type World } from '../../test/world/world.ts'
import { verifyComplaint } from '../audit/index.ts'
import { tasksOf } from '../jobs.ts'
import { noteOldFailures } from './jobs.ts'
import { openMail } from './mail.ts'

// A mail that did not arrive answers nobody.

let world: World
let peer: SMTPServer
let mail: ReturnType<typeof openMail>
/** What the mail server says to the next recipients; then yes. */
let answers: number[] = []
let got: string[] = []

beforeAll(async () => {
  peer = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (address, _session, done) => {
      const answer = answers.shift()
      if (answer) return done(Object.assign(new Error('no such box'), { responseCode: answer }))
      got.push(address.address)
      done()
    },
    onData: (stream, _session, done) => {
      stream.resume()
      stream.on('end', () => done())
    },
  })
  const port = await new Promise<number>((ready) => {
    const server = peer.listen(0, '127.0.0.1', () => ready((server.address() as AddressInfo).port))
  })
  const smtp = `smtp://127.0.0.1:${port}/?from=care@harbour.example`
  world = await startWorld({ env: { SMTP_URL: smtp, REDRESS_PUBLIC_URL: 'http://redress.example' } })
  mail = openMail(smtp)
})
afterAll(async () => {
  mail.close()
  await world.stop()
  await new Promise<void>((closed) => peer.close(() => closed()))
})
beforeEach(() => {
  answers = []
  got = []
})

type Clock = {
  id: string
  kind: string
  milestone: string | null
  state: string
  dueAt: string
  endedAt: string | null
}
type Row = { id: string; state: string; complaintId: string }
type Item = { type?: string; facts: Record<string, unknown> }

async function taken(body: object = {}) {
  const { id } = await record(world, {
    channel: 'letter',
    complainant: { name: '吳', mail: 'wu@customer.example' },
    ...body,
  })
  const page = async () => (await world.as('lead')('GET', `/api/v1/complaints/${id}`)).json()
  const step = async (path: string, given: object = {}) => {
    const { version } = (await page()).complaint
    return (await world.as('lead')('POST', `/api/v1/complaints/${id}/${path}`, { version, ...given })).json()
  }
  const answer = async (more: object = {}) => {
    const points = (await page()).points as { id: string; gone?: boolean }[]
    const findings = points.map((p) => ({ pointId: p.id, finding: 'upheld', answer: '有瑕疵' }))
    return step('replies', { text: '全額退款', decision: true, outcomeCode: 'O1', findings, ...more })
  }
  const rows = async () => {
    const { items } = (await world.as('lead')('GET', '/api/v1/outbox?limit=100')).json()
    return (items as Row[]).filter((i) => i.complaintId === id)
  }
  const send = async (row?: Row) => {
    const one = row ?? (await rows())[0]
    await tasksOf(world.app, mail.send).send_outbox?.({ org: world.home.org, id: one?.id })
  }
  /** The undo time over, the mail server says no for good; of the address it says nothing. */
  const bounces = async (row?: Row, code = 554) => {
    world.clock.advance(11_000)
    answers = [code]
    await send(row)
  }
  const clock = async (kind: string) => ((await page()).clocks as Clock[]).filter((c) => c.kind === kind)
  const running = async () =>
    ((await page()).clocks as Clock[]).filter((c) => c.state === 'running').map((c) => `${c.kind} ${c.dueAt}`)
  const events = async (type: string) => ((await page()).timeline as Item[]).filter((i) => i.type === type)
  const verified = () =>
    world.app.db.withScope({ org: world.home.org, scope: 'organisation' }, (tx) =>
      verifyComplaint(tx, world.home.org, id),
    )
  return { id, page, step, answer, rows, send, bounces, clock, running, events, verified }
}

describe('an answer that bounced for ever', () => {
  it('settled nothing: the complaint is as before it, news are owed within a working day, and it was a try', async () => {
    const it = await taken()
    const before = await it.page()
    const owed = await it.running()
    expect(await it.answer()).toMatchObject({ state: 'responded' })
    await it.bounces()
    const after = await it.page()
    expect(after.complaint).toMatchObject({
      state: before.complaint.state,
      respondedAt: null,
      firstReplyAt: null,
      outcomeCode: null,
    })
    expect(after.points).toMatchObject([{ finding: null, answer: '' }])
    expect(await it.running()).toEqual(expect.arrayContaining(owed))
    expect(await it.clock('next_update')).toMatchObject([{ milestone: 'not_arrived', state: 'running' }])
    const [failed] = await it.events('reply_failed')
    expect(failed?.facts).toMatchObject({ cause: 'refused', codeClass: '5xx' })
    expect(await it.verified()).toMatchObject({ ok: true })
    const close = await it.step('closure', { reasonCode: 'C8', summary: 'x' })
    expect(close.code).toMatch(/^complaints\./)
  })

  it('opens what was closed on it again', async () => {
    const it = await taken()
    await it.answer()
    await it.step('attempts', { channel: 'phone' })
    const closed = await it.step('closure', { reasonCode: 'C8', summary: '先行結案' })
    expect(closed).toMatchObject({ state: 'closed' })
    await it.bounces()
    const { complaint } = await it.page()
    expect(complaint).toMatchObject({ open: true, closedAt: null, closureCode: null, respondedAt: null })
    expect((await it.running()).some((c) => c.startsWith('statutory'))).toBe(true)
    expect(await it.verified()).toMatchObject({ ok: true })
  })

  it('reached them another way when they have spoken of it since: nothing is taken back', async () => {
    const it = await taken()
    await it.answer()
    await it.step('confirmation', { stance: 'accepted' })
    await it.step('closure', { reasonCode: 'C2', summary: '已退款' })
    await it.bounces()
    expect((await it.page()).complaint).toMatchObject({ state: 'closed', open: false })
    expect(await it.events('reply_failed')).toHaveLength(1)
    expect(await it.verified()).toMatchObject({ ok: true })
  })

  it('leaves to a later word what that word met, when it was said', async () => {
    const it = await taken()
    await it.step('replies', { text: '第一封' })
    world.clock.advance(5_000)
    await it.step('replies', { text: '在電話中說明', told: 'phone' })
    const said = world.clock.now
    await it.bounces((await it.rows()).at(-1))
    expect((await it.page()).complaint.firstReplyAt).toBe(new Date(said).toISOString())
    expect(await it.clock('first_reply')).toMatchObject([{ state: 'met', endedAt: new Date(said).toISOString() }])
    expect(await it.verified()).toMatchObject({ ok: true })
  })

  it('to somebody whose complaint has ended is looked at again', async () => {
    const it = await taken()
    await it.answer({ told: 'phone' })
    await it.step('confirmation', { stance: 'accepted' })
    await it.step('closure', { reasonCode: 'C2', summary: '已退款' })
    await it.step('messages', { channel: 'phone', text: '發票呢？' })
    await it.step('replies', { text: '隨信附上' })
    await it.step('left-ended', { reason: '已回覆' })
    await it.bounces()
    expect((await it.page()).complaint).toMatchObject({ state: 'wrote_again', endedAs: 'closed', open: true })
    expect((await it.clock('next_update')).at(-1)).toMatchObject({ milestone: 'not_arrived', state: 'running' })
    expect(await it.verified()).toMatchObject({ ok: true })
  })

  it('is said once, by two workers and by jobs that run again', async () => {
    const it = await taken()
    await it.answer()
    world.clock.advance(11_000)
    answers = [550, 550, 550]
    const [row] = await it.rows()
    await Promise.all([it.send(row), it.send(row), it.send(row)])
    await it.send(row)
    expect(await it.events('reply_failed')).toHaveLength(1)
    expect(await it.clock('next_update')).toHaveLength(1)
    expect(await it.verified()).toMatchObject({ ok: true })
  })

  it('given up after three days, is as lost as one that was refused', async () => {
    const it = await taken()
    await it.answer()
    world.clock.advance(11_000)
    answers = [451]
    await it.send()
    expect(await it.events('reply_failed')).toHaveLength(0)
    world.clock.advance(80 * ms.hour)
    answers = [451]
    await it.send()
    expect((await it.events('reply_failed'))[0]?.facts).toMatchObject({ cause: 'given-up', codeClass: '4xx' })
    expect((await it.page()).complaint.respondedAt).toBeNull()
    expect(await it.verified()).toMatchObject({ ok: true })
  })
})

describe('sent again', () => {
  it('it answers from the moment it leaves', async () => {
    const it = await taken()
    await it.answer()
    await it.bounces()
    const [row] = await it.rows()
    world.clock.advance(ms.hour)
    await world.as('lead')('POST', `/api/v1/outbox/${row?.id}/retry`)
    expect((await it.page()).complaint.respondedAt).toBeNull()
    await it.send(row)
    await it.send(row)
    const now = new Date(world.clock.now).toISOString()
    const { complaint, points } = await it.page()
    expect(complaint).toMatchObject({ state: 'responded', respondedAt: now, firstReplyAt: now, outcomeCode: 'O1' })
    expect(points).toMatchObject([{ finding: 'upheld', answer: '有瑕疵' }])
    expect(await it.clock('statutory')).toMatchObject([{ state: 'met', endedAt: now }])
    expect(await it.clock('next_update')).toMatchObject([{ state: 'met' }])
    expect(await it.events('reply_sent')).toHaveLength(1)
    expect(await it.verified()).toMatchObject({ ok: true })
  })

  it('it takes nothing back a second time when it fails again, after another answer', async () => {
    const it = await taken()
    await it.answer()
    await it.bounces()
    expect(await it.answer({ told: 'phone' })).toMatchObject({ state: 'responded' })
    const [row] = await it.rows()
    await world.as('lead')('POST', `/api/v1/outbox/${row?.id}/retry`)
    answers = [550]
    await it.send(row)
    expect((await it.page()).complaint).toMatchObject({ state: 'responded', outcomeCode: 'O1' })
    expect(await it.events('reply_failed')).toHaveLength(2)
    expect(await it.verified()).toMatchObject({ ok: true })
  })

  it('it only informs where another answer was given meanwhile', async () => {
    const it = await taken()
    await it.answer()
    await it.bounces()
    await it.answer({ told: 'phone' })
    const { respondedAt } = (await it.page()).complaint
    world.clock.advance(ms.hour)
    const [row] = await it.rows()
    await world.as('lead')('POST', `/api/v1/outbox/${row?.id}/retry`)
    await it.send(row)
    expect((await it.page()).complaint).toMatchObject({ state: 'responded', respondedAt })
    expect(await it.verified()).toMatchObject({ ok: true })
  })
})

describe('of a complaint that was merged since', () => {
  it('the survivor owes what the answer had settled', async () => {
    const it = await taken()
    const survivor = await taken()
    await survivor.answer({ told: 'phone' })
    await it.answer()
    world.clock.advance(11_000)
    const merged = await it.step('merge', { intoId: survivor.id, sameComplainant: true })
    expect(merged, JSON.stringify(merged)).toMatchObject({ state: 'merged' })
    answers = [550]
    await it.send()
    expect((await it.page()).complaint).toMatchObject({ state: 'merged', respondedAt: null })
    const { complaint } = await survivor.page()
    expect(complaint).toMatchObject({ state: 'investigating', open: true })
    expect((await survivor.running()).map((c) => c.split(' ')[0])).toEqual(
      expect.arrayContaining(['statutory', 'next_update']),
    )
    expect(await it.verified()).toMatchObject({ ok: true })
    expect(await survivor.verified()).toMatchObject({ ok: true })
    expect(await it.step('unmerge')).toMatchObject({ state: 'received' })
    expect((await it.running()).map((c) => c.split(' ')[0])).toContain('statutory')
    expect(await it.verified()).toMatchObject({ ok: true })
    expect(await survivor.verified()).toMatchObject({ ok: true })
  })
})

describe('what failed under an older version', () => {
  it('is noted once', async () => {
    const it = await taken()
    await it.answer()
    const [row] = await it.rows()
    await world.app.systemDb.pool.query("update outbox set state = 'failed' where id = $1", [row?.id])
    expect(await it.verified()).toMatchObject({ ok: false })
    expect(await noteOldFailures(world.app)).toBe(1)
    expect(await noteOldFailures(world.app)).toBe(0)
    expect((await it.page()).complaint.respondedAt).toBeNull()
    expect(await it.verified()).toMatchObject({ ok: true })
  })
})

describe('the tracking page', () => {
  it('is no answer to somebody who was never given the code; a mail with the link gives it', async () => {
    const it = await taken({ channel: 'phone', complainant: { name: '吳', phone: '0912 345 678' } })
    expect(await it.step('replies', { text: 'x', told: 'portal' })).toMatchObject({ code: 'replies.no-door' })
    expect((await world.as('lead')('GET', `/api/v1/complaints/${it.id}/reach`)).json()).toMatchObject({
      way: 'none',
      portal: false,
      call: false,
    })
    const other = await taken()
    await other.step('replies', { text: '收到' })
    world.clock.advance(11_000)
    await other.send()
    expect((await world.as('lead')('GET', `/api/v1/complaints/${other.id}/reach`)).json()).toMatchObject({
      way: 'email',
      portal: true,
      call: false,
    })
  })
})

describe('behind the back of the program', () => {
  it.each([
    ['taken back', "state = 'cancelled'"],
    ['failed', "state = 'failed'"],
    ['held back from the portal', "not_before = not_before + interval '9 days'"],
  ])('%s: verify tells', async (_, harm) => {
    const it = await taken()
    await it.answer()
    world.clock.advance(11_000)
    await it.send()
    expect(await it.verified()).toMatchObject({ ok: true })
    const [row] = await it.rows()
    await world.app.db.withScope({ org: world.home.org }, (tx) =>
      tx.run(sql`update outbox set ${sql.raw(harm)} where org_id = ${world.home.org} and id = ${row?.id}`),
    )
    expect(await it.verified()).toMatchObject({ ok: false, problems: [{ code: 'audit.outbox-mismatch' }] })
  })

  it('a mail that was sent although the history says that it did not arrive: verify tells', async () => {
    const it = await taken()
    await it.answer()
    await it.bounces()
    await world.app.db.withScope({ org: world.home.org }, (tx) =>
      tx.run(sql`update outbox set state = 'sent' where org_id = ${world.home.org} and complaint_id = ${it.id}`),
    )
    expect(await it.verified()).toMatchObject({ ok: false, problems: [{ code: 'audit.outbox-mismatch' }] })
  })
})
