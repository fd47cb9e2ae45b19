import nodemailer from 'nodemailer'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ms, record } from '../../test/world/world.ts'
import { verifyAll } from '../audit/index.ts'
import { runWorker } from '../kit/jobs/worker.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { claimDue } from './claim.ts'
import { takeInWaiting } from './jobs.ts'
import { keepMails, wakeTakeIn } from './keep.ts'
import { listenForMail } from './listener.ts'
import { bounceOf, type MailWorld, newMessageId, rawMail, startMailWorld } from './mail-world.ts'
import { takeIn } from './take-in.ts'
import { countMail } from './counts.ts'

// What may go wrong with a mail: nothing that was acknowledged is lost, nothing is doubled.

let mails: MailWorld
/** What the reader does with the next mails before it reads them. */
let before: (() => void)[] = []
beforeAll(async () => {
  mails = await startMailWorld({
    env: { SMTP_URL: 'smtp://127.0.0.1:9/?from=care@harbour.example', REDRESS_MAIL_MAX_MB: '1' },
    read: (read) => async (raw, context) => {
      before.shift()?.()
      return read(raw, context)
    },
  })
})
afterAll(() => mails.stop())

const items = () =>
  mails.rows<{ state: string; reason: string | null }>(
    `select state, reason from inbound_item where channel = 'email' order by id`,
  )

describe('at the door', () => {
  it('a database that is away is told as "try again later", and nothing is acknowledged', async () => {
    const before = (await items()).length
    const away = { ...mails.world.app.db, withScope: () => Promise.reject(new Error('away')) }
    const app = { ...mails.world.app, db: away as typeof mails.world.app.db }
    const listening = await listenForMail(app, { protocol: 'smtp', host: '127.0.0.1', port: 0 })
    const port = Number(listening.address.split(':')[1])
    const transport = nodemailer.createTransport({ host: '127.0.0.1', port, ignoreTLS: true })
    const envelope = { from: 'a@customer.example', to: 'care@harbour.example' }
    await expect(transport.sendMail({ envelope, raw: rawMail({}) })).rejects.toMatchObject({ responseCode: 451 })
    transport.close()
    await listening.stop()
    expect(await items()).toHaveLength(before)
  })

  it('what is too large is refused for good', async () => {
    const text = 'x'.repeat(1_200_000)
    await expect(mails.send({ text })).rejects.toMatchObject({ responseCode: 552 })
  })

  it('speaks LMTP too', async () => {
    const listening = await listenForMail(mails.world.app, { protocol: 'lmtp', host: '127.0.0.1', port: 0 })
    const port = Number(listening.address.split(':')[1])
    const transport = nodemailer.createTransport({ host: '127.0.0.1', port, ignoreTLS: true, lmtp: true } as object)
    await transport.sendMail({
      envelope: { from: 'a@customer.example', to: 'care@harbour.example' },
      raw: rawMail({ text: '用 LMTP' }),
    })
    transport.close()
    await listening.stop()
    expect((await mails.drain()).map((o) => o.state)).toEqual(['new'])
  })
})

describe('behind the door', () => {
  it('a worker that died with a mail in hand: another takes it a minute later, and it is one complaint', async () => {
    await mails.send({ text: '殺掉' })
    const { org } = mails.world.home
    expect((await claimDue(mails.world.app.db, org, mails.world.clock.now, 4)).mails).toHaveLength(1)
    expect(await mails.drain()).toEqual([])
    mails.world.clock.advance(61_000)
    expect((await mails.drain()).map((o) => o.state)).toEqual(['new'])
  })

  it('two workers with the same mail in hand make one complaint', async () => {
    await mails.send({ text: '兩個' })
    const { org } = mails.world.home
    const { mails: claimed } = await claimDue(mails.world.app.db, org, mails.world.clock.now, 4)
    const id = claimed[0]?.id ?? ''
    const done = await Promise.all([takeIn(mails.at, org, id), takeIn(mails.at, org, id), takeIn(mails.at, org, id)])
    expect(done.map((d) => d.state).sort()).toEqual(['gone', 'gone', 'new'])
  })

  it('what fails three times is set aside with its reason; the mails behind it go on; a press takes it up again', async () => {
    await mails.send({ text: '毒' })
    const fail = () => {
      throw new RefusalError({ code: 'mail.too-slow', status: 422 })
    }
    before = [fail]
    expect((await mails.drain()).map((o) => o.state)).toEqual(['later'])
    await mails.send({ text: '後面的' })
    expect((await mails.drain()).map((o) => o.state)).toEqual(['new'])
    before = [fail]
    expect((await mails.again()).map((o) => o.state)).toEqual(['later'])
    before = [fail]
    expect(await mails.again()).toEqual([{ state: 'parked', reason: 'mail.too-slow' }])
    const list = (await mails.world.as('lead')('GET', '/api/v1/inbound-items')).json().items
    expect(list).toMatchObject([{ channel: 'email', reason: 'mail.too-slow', attempts: 3 }])
    const raw = await mails.world.as('lead')('GET', `/api/v1/inbound-items/${list[0].id}/raw`)
    expect(raw.body).toContain('毒')
    const retry = await mails.world.as('lead')('POST', `/api/v1/inbound-items/${list[0].id}/retry`, {})
    expect(retry.json()).toMatchObject({ complaintId: null })
    expect((await mails.drain()).map((o) => o.state)).toEqual(['new'])
  })

  it('an automatic mail somebody wants taken in becomes a complaint', async () => {
    await mails.take({ text: '表單代送的客訴', headers: { 'Auto-Submitted': 'auto-generated' } })
    const [item] = (await mails.world.as('lead')('GET', '/api/v1/inbound-items')).json().items
    expect(item).toMatchObject({ reason: 'mail.automatic' })
    await mails.world.as('lead')('POST', `/api/v1/inbound-items/${item.id}/retry`, {})
    expect((await mails.drain()).map((o) => o.state)).toEqual(['new'])
  })
})

describe('thousands that wait in one organisation', () => {
  it('hold up no mail of another: it is taken in in the next turn, and each mail once', async () => {
    const { app, home, neighbour } = mails.world
    const many = 60
    const box = { mailboxIds: [mails.mailboxes.home], rcptTo: ['care@harbour.example'] }
    const envelope = { via: 'smtp', mailFrom: 'a@customer.example', clientIp: '127.0.0.1', helo: 'x' } as const
    const raws = Array.from({ length: many }, (_, i) => rawMail({ from: `f${i}@customer.example`, text: `第 ${i} 封` }))
    const now = mails.world.clock.now
    await keepMails(
      app,
      home.org,
      raws.map((raw) => ({ to: box, envelope, raw: Buffer.from(raw), now })),
    )
    await mails.send({ to: 'care@neighbour.example', text: '只有一封' })
    const recorded: string[] = []
    const order: string[] = []
    await wakeTakeIn(app, home.org)
    await wakeTakeIn(app, neighbour.org)
    // Turns that are over after what is in hand: as with a hundred thousand mails, most still wait when one ends.
    const take = async (given: unknown) => {
      const { org } = given as { org: string }
      order.push(org)
      await takeInWaiting(mails.at, given, (o) => recorded.push(`${org} ${o.state}`), 0)
    }
    const worker = await runWorker({
      url: app.databaseUrl,
      tasks: { take_in_mail: take },
      concurrency: 1,
      pollMs: 50,
      log: app.log,
    })
    await vi.waitFor(() => expect(recorded).toHaveLength(many + 1), { timeout: 30_000, interval: 50 })
    await worker.stop()
    expect(order.slice(0, 3)).toEqual([home.org, neighbour.org, home.org])
    expect(recorded.filter((r) => r === `${neighbour.org} new`)).toHaveLength(1)
    expect(recorded.filter((r) => r === `${home.org} new`)).toHaveLength(many)
  })

  it('one that spoils the transaction of many is set aside alone', async () => {
    const org = mails.world.home.org
    const bad = newMessageId()
    for (const text of ['甲', '乙'])
      await mails.send({ from: `${text}@customer.example`.replace(/[甲乙]/, newMessageId().slice(0, 6)), text })
    await mails.send({ messageId: bad, from: `${bad.slice(0, 6)}@customer.example`, text: '丙' })
    const owner = new pg.Client({ connectionString: mails.world.app.databaseUrl })
    await owner.connect()
    await owner.query(
      `create or replace function spoil() returns trigger language plpgsql as $$ begin if new.subject = 'spoilt' then raise 'spoilt'; end if; return new; end $$`,
    )
    await owner.query('create trigger spoil before insert on message_mail for each row execute function spoil()')
    await mails.send({ from: 'spoilt@customer.example', subject: 'spoilt', text: '壞了整批' })
    const done = await mails.drain()
    await owner.query('drop trigger spoil on message_mail; drop function spoil()')
    await owner.end()
    expect(done.map((o) => o.state).sort()).toEqual(['later', 'new', 'new', 'new'])
    expect((await mails.again()).map((o) => o.state)).toEqual(['new'])
    const [row] = await mails.rows<{ n: number }>(
      `select count(*)::int as n from inbound_item where org_id = $1 and state = 'waiting'`,
      [org],
    )
    expect(row?.n).toBe(0)
  })
})

it('a bounce of a reply that left says that it did not arrive, once', async () => {
  const { id } = await record(mails.world, {
    channel: 'letter',
    complainant: { name: '吳', mail: 'wu@customer.example' },
  })
  const page = await mails.page(id)
  const reply = await mails.world.as('lead')('POST', `/api/v1/complaints/${id}/replies`, {
    version: page.complaint.version,
    text: '全額退款',
    decision: true,
    outcomeCode: 'O1',
    findings: page.points.map((p: { id: string }) => ({ pointId: p.id, finding: 'upheld', answer: '有瑕疵' })),
  })
  expect(reply.json()).toMatchObject({ state: 'responded' })
  const [row] = await mails.rows<{ id: string }>(
    `update outbox set state = 'sent', sent_at = now() where complaint_id = $1 returning id`,
    [id],
  )
  mails.world.clock.advance(ms.hour)
  const late = await mails.take(bounceOf(`${row?.id}@harbour.example`, '4.4.1'), { from: '' })
  expect(late).toMatchObject({ state: 'threaded', became: { as: 'note' } })
  expect((await mails.page(id)).complaint.state).toBe('responded')
  const done = await mails.take({ ...bounceOf(`${row?.id}@harbour.example`), messageId: newMessageId() }, { from: '' })
  expect(done).toMatchObject({ state: 'threaded', became: { as: 'bounce', complaintId: id } })
  await mails.take({ ...bounceOf(`${row?.id}@harbour.example`), messageId: newMessageId() }, { from: '' })
  const after = await mails.page(id)
  expect(after.complaint.respondedAt).toBeNull()
  expect(after.timeline.filter((i: { type?: string }) => i.type === 'reply_failed')).toHaveLength(1)
})

it('the files of a mail stand at its message, once, however often it was tried', async () => {
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
  const text = [
    '--b',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<p>看這張：<img src="cid:pic@x"><img src="https://spy.example/pixel.png"><script>alert(1)</script></p>',
    '--b',
    'Content-Type: image/png; name="../../etc/壺.png"',
    'Content-ID: <pic@x>',
    'Content-Disposition: inline; filename="../../etc/kettle.png"',
    'Content-Transfer-Encoding: base64',
    '',
    png,
    '--b--',
  ].join('\n')
  await mails.send({ type: 'multipart/related; boundary="b"', text })
  before = [
    () => {
      throw new Error('once')
    },
  ]
  await mails.drain()
  const [done] = await mails.again()
  if (done?.state !== 'new') throw new Error(JSON.stringify(done))
  const { complaintId, messageId } = done.became
  const { attachments } = await mails.page(complaintId)
  expect(attachments).toMatchObject([{ messageId, name: 'kettle.png', mediaType: 'image/png', stripped: true }])
  const framed = await mails.world.as('lead')(
    'GET',
    `/api/v1/complaints/${complaintId}/mail-page?messageId=${messageId}`,
  )
  expect(framed.headers['content-security-policy']).toMatch(/default-src 'none'.*img-src data:;.*sandbox/)
  expect(framed.body).toContain('data:image/png;base64,')
  expect(framed.body).not.toMatch(/spy\.example|alert/)
  const remote = await mails.world.as('lead')(
    'GET',
    `/api/v1/complaints/${complaintId}/mail-page?messageId=${messageId}&remote=1`,
  )
  expect(remote.body).toContain('src="https://spy.example/pixel.png"')
})

it('what a stranger wrote waits, is let in once, and stays out of the conversation', async () => {
  const messageId = newMessageId()
  const first = await mails.take({ messageId, from: 'chen@customer.example' })
  if (first?.state !== 'new') throw new Error('not new')
  const { complaintId } = first.became
  await mails.take({ from: '律師 <law@firm.example>', inReplyTo: messageId, text: '我代表陳小姐。' })
  const mailsOf = async () =>
    (await mails.world.as('lead')('GET', `/api/v1/complaints/${complaintId}/mails`)).json().items
  const [, note] = await mailsOf()
  expect(note).toMatchObject({ standing: 'waiting', from: [{ name: '律師', address: 'law@firm.example' }] })
  const judge = (admitted: boolean) =>
    mails.world.as('lead')('POST', `/api/v1/complaints/${complaintId}/side-note-decisions`, {
      messageId: note.messageId,
      admitted,
    })
  expect((await judge(true)).json()).toMatchObject({ standing: 'admitted' })
  expect((await judge(false)).json()).toMatchObject({ code: 'mail.no-such-note' })
  expect((await mailsOf())[1]).toMatchObject({ standing: 'admitted' })
  const { timeline } = await mails.page(complaintId)
  expect(timeline.find((i: { id?: string }) => i.id === note.messageId)).toMatchObject({
    direction: 'note',
    visibility: 'internal',
  })
})

it('all that came is accounted for, and verifies', async () => {
  const { received, waiting, reasons, as, ...rest } = await countMail(mails.world.app.systemDb)
  expect(waiting).toBe(0)
  expect(rest.new + rest.threaded + rest.parked + rest.rejected).toBe(received)
  expect(Object.values(as).reduce((a, b) => a + b, 0)).toBe(rest.threaded)
  expect(Object.values(reasons.rejected ?? {}).reduce((a, b) => a + b, 0)).toBe(rest.rejected)
  expect((await verifyAll(mails.world.app)).findings).toEqual([])
})
