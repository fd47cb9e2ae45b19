import { ImapFlow } from 'imapflow'
import nodemailer from 'nodemailer'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../src/kit/testing/database.ts'
import { startPeer } from '../../src/kit/testing/smtp-peer.ts'
import { startScriptedPeer } from '../../src/mail/imap/testing/scripted-peer.ts'
import { type Installation, installation, type Role } from './roles.ts'

// F01, F02 for mail: programs are killed while mail comes in and while it leaves. What was acknowledged by "250" is one complaint,
// what was not is one at most; what left is sent once more at most, and is the same mail then.

/** REDRESS_FAULT_ROUNDS=15 and more looks longer. */
const rounds = Number(process.env['REDRESS_FAULT_ROUNDS'] ?? 1)

let database: TestDatabase
let client: pg.Client
let redress: Installation
let cookie: string
/** The mail server behind Redress; `taken` hears of a mail the moment it is told that it was accepted. */
let peer: Awaited<ReturnType<typeof startPeer>>
let taken = (_to: string) => {}
/** The Message-IDs of the mails each address got. */
const got = new Map<string, string[]>()
beforeAll(async () => {
  peer = await startPeer({
    onData: (stream, session, done) => {
      let raw = ''
      stream.on('data', (piece: Buffer) => (raw += piece.toString('latin1')))
      stream.on('end', () => {
        const to = session.envelope.rcptTo[0]?.address ?? ''
        got.set(to, [...(got.get(to) ?? []), /^Message-ID: *(?:\r\n )?<(.+?)>/im.exec(raw)?.[1] ?? 'none'])
        done()
        taken(to)
      })
    },
  })
  database = await freshDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
  redress = await installation(database.url, { REDRESS_MAIL_LISTEN: '127.0.0.1:0', SMTP_URL: peer.url })
  const serve = await redress.run('serve')
  cookie = await redress.setUp(serve)
  await ask(serve, 'settings/mailboxes', { address: 'care@harbour.example', name: 'Care' })
  await serve.stop()
}, 120_000)
afterAll(async () => {
  await redress?.remove()
  await client?.end()
  await database?.drop()
  await peer?.stop()
}, 60_000)

async function ask<T>(serve: Role, path: string, body?: object, method = body ? 'POST' : 'GET'): Promise<T> {
  const reply = await fetch(`${serve.base}/api/v1/${path}`, {
    method,
    headers: { cookie, origin: serve.base, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const said = await reply.json()
  if (!reply.ok) throw new Error(JSON.stringify(said))
  return said as T
}
const scalar = async (sql: string, values: unknown[] = []) =>
  Number((await client.query<number[]>({ text: sql, values, rowMode: 'array' })).rows[0]?.[0])
const portOf = (serve: Role) => Number(/^ +mail +\S+:(\d+)$/m.exec(serve.printed())?.[1])

const patience = { timeout: 60_000, interval: 200 }

/** What a killed worker had in hand is taken by others when its time is over: here, at once. */
async function timePasses() {
  await client.query('update inbound_mail set next_try_at = now() where next_try_at is not null')
  await client.query("select enqueue_job('rescue_mail', '{}'::json)")
  await client.query(
    `with held as (update outbox set envelope = envelope || '{"leaseUntil": 0}' where state = 'sending' returning org_id, id)
     select enqueue_job('send_outbox', json_build_object('org', org_id, 'id', id), 'outbox:' || id) from held`,
  )
}

it(
  'killed at any moment while mail comes in: each that was accepted is one complaint, the others one at most',
  async () => {
    /** Every mail that was sent, and whether its "250" was heard. */
    const sent = new Map<string, boolean>()
    const sender = async (serve: Role, name: string, over: () => boolean) => {
      const transport = nodemailer.createTransport({
        host: '127.0.0.1',
        port: portOf(serve),
        ignoreTLS: true,
        pool: true,
      })
      for (let i = 0; !over(); i++) {
        const mark = `mark-${name}-${i}-`
        sent.set(mark, false)
        const raw = `From: ${mark}@customer.example\r\nTo: care@harbour.example\r\nSubject: ${mark}\r\nMessage-ID: <${mark}@customer.example>\r\n\r\n${mark} broke`
        const envelope = { from: `${mark}@customer.example`, to: 'care@harbour.example' }
        const heard = await transport.sendMail({ envelope, raw }).then(
          () => true,
          () => false,
        )
        sent.set(mark, heard)
        if (!heard) break
      }
      transport.close()
    }
    for (let round = 0; round < rounds; round++) {
      const both = await Promise.all([redress.run('serve'), redress.run('work')])
      let over = false
      const senders = [0, 1, 2].map((n) => sender(both[0], `${round}-${n}`, () => over))
      const accepted = () => [...sent.values()].filter((heard) => heard).length
      const before = accepted()
      await expect.poll(accepted, { ...patience, interval: 10 }).toBeGreaterThan(before + 4)
      await new Promise((r) => setTimeout(r, Math.random() * 200))
      await Promise.all(both.map((role) => role.stop('SIGKILL')))
      over = true
      await Promise.all(senders)
    }
    const both = await Promise.all([redress.run('serve'), redress.run('work')])
    await timePasses()
    const waiting = () => scalar('select count(*) from inbound_mail where next_try_at is not null')
    await expect.poll(waiting, patience).toBe(0)
    const { rows } = await client.query<{ title: string }>('select title from complaint_text')
    const times = new Map<string, number>()
    for (const { title } of rows) times.set(title, (times.get(title) ?? 0) + 1)
    const wrong = [...sent].filter(([mark, heard]) => (heard ? times.get(mark) !== 1 : (times.get(mark) ?? 0) > 1))
    expect(wrong).toEqual([])
    expect([...sent.values()].filter((heard) => heard).length).toBeGreaterThan(rounds)
    console.log(
      `${rounds} kills: ${sent.size} mails sent, ${[...sent.values()].filter((h) => h).length} accepted, ${times.size} complaints`,
    )
    await Promise.all(both.map((role) => role.stop()))
  },
  120_000 + rounds * 20_000,
)

it(
  'killed between the "yes" of a mail server and our commit: sent once more at most, as the same mail',
  async () => {
    const serve = await redress.run('serve')
    for (let round = 0; round < rounds; round++) {
      const mail = `out-${round}@customer.example`
      const made = await ask<{ id: string; version: number }>(serve, 'complaints', {
        channel: 'phone',
        text: `It broke ${round}`,
        complainant: { name: 'Lin', mail },
      })
      await ask(serve, `complaints/${made.id}/replies`, { version: made.version, text: 'We mend it.' })
      const first = await redress.run('work')
      await new Promise<void>((heard) => {
        // At once, and a few milliseconds later: before and after the worker reads the answer.
        taken = (to) => void (to === mail && setTimeout(heard, round === 0 ? 0 : Math.random() * 12))
      })
      taken = () => {}
      await first.stop('SIGKILL')
      await timePasses()
      const second = await redress.run('work')
      const left = () => scalar("select count(*) from outbox where complaint_id = $1 and state <> 'sent'", [made.id])
      await expect.poll(left, patience).toBe(0)
      await second.stop()
    }
    await serve.stop()
    for (const [to, ids] of got) expect([to, ids.length, new Set(ids).size]).toEqual([to, expect.toBeOneOf([1, 2]), 1])
    console.log(
      `${[...got.values()].filter((ids) => ids.length > 1).length} of ${got.size} mails were sent twice, as the same mail`,
    )
  },
  120_000 + rounds * 20_000,
)

it('killed while it fetches: another worker goes on, and each mail is one item', async () => {
  const server = await startScriptedPeer()
  const { port, user, password } = server
  const other = new ImapFlow({
    host: '127.0.0.1',
    port,
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: password },
    logger: false,
  })
  await other.connect()
  const many = 60
  for (let i = 0; i < many; i++)
    await other.append(
      'INBOX',
      `From: i${i}@x.example\r\nSubject: fetched ${i}\r\nMessage-ID: <i${i}@x.example>\r\n\r\nfetched ${i} ${'x'.repeat(2_000)}`,
    )
  await other.logout()
  const serve = await redress.run('serve')
  const box = await ask<{ id: string; version: number }>(serve, 'settings/mailboxes', {
    address: 'fetched@harbour.example',
    name: 'F',
  })
  const place = { host: '127.0.0.1', port, security: 'plain', user, password, folder: 'INBOX', on: true }
  await ask(serve, `settings/mailboxes/${box.id}/fetching`, { ...place, version: box.version }, 'PUT')
  const items = () => scalar('select count(*) from inbound_mail where $1::uuid = any (mailbox_ids)', [box.id])
  const first = await redress.run('work')
  await expect.poll(items, { ...patience, interval: 5 }).toBeGreaterThan(10)
  await first.stop('SIGKILL')
  // Its half minute is over.
  await client.query('update imap_state set leased_until = now()')
  const second = await redress.run('work')
  await expect.poll(() => scalar('select count(*) from imap_state where looked_at is not null'), patience).toBe(1)
  await timePasses()
  await expect.poll(() => scalar('select count(*) from inbound_mail where next_try_at is not null'), patience).toBe(0)
  expect(await items()).toBe(many)
  const titles = "from complaint_text where title like 'fetched %'"
  expect([await scalar(`select count(*) ${titles}`), await scalar(`select count(distinct title) ${titles}`)]).toEqual([
    many,
    many,
  ])
  await Promise.all([second.stop(), serve.stop()])
  await server.stop()
}, 120_000)

it('and then everything verifies', async () => {
  const { code, out } = await redress.cli('verify')
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('Nothing wrong') })
}, 60_000)
