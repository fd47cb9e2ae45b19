import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { sql } from 'kysely'
import type { SMTPServerOptions } from 'smtp-server'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ms, record, startWorld, type World } from '../../test/world/world.ts'
import { verifyComplaint } from '../audit/index.ts'
import { startWorker, tasksOf } from '../jobs.ts'
import { startPeer } from '../kit/testing/smtp-peer.ts'
import { openMail } from './mail.ts'

// What mail servers do to whoever sends: say not now, never, break off, speak a letter a second. Nothing is lost by it, nothing
// is sent twice under two ids, and whoever waits for it is told.

let world: World
/** Takes connections and never says a word. */
const silentLines = new Set<Socket>()
const silent = createServer((socket) => void silentLines.add(socket.on('error', () => undefined)))
beforeAll(async () => {
  await new Promise<void>((ready) => silent.listen(0, '127.0.0.1', ready))
  const { port } = silent.address() as AddressInfo
  world = await startWorld({ env: { SMTP_URL: `smtp://127.0.0.1:${port}/?from=care@harbour.example` } })
})
afterAll(async () => {
  await world.stop()
})

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

async function owed(who: 'lead' | 'mei' = 'lead', mail = `wu-${Math.random()}@customer.example`) {
  const made = await record(world, { complainant: { name: '吳', mail } })
  const own = await world.as('lead')('POST', `/api/v1/complaints/${made.id}/assignment`, {
    version: made.version,
    ownerId: world.home.staff[who],
  })
  expect(own.statusCode, own.body).toBe(200)
  const { version } = own.json()
  const reply = await world.as('lead')('POST', `/api/v1/complaints/${made.id}/replies`, {
    version,
    text: '明天到府檢修。',
  })
  expect(reply.statusCode, reply.body).toBe(200)
  const row = async () => {
    const { items } = (await world.as('lead')('GET', '/api/v1/outbox?limit=100')).json()
    return items.find((i: { complaintId: string }) => i.complaintId === made.id)
  }
  world.clock.advance(11_000)
  return { id: made.id, row, outboxId: (await row()).id as string }
}
const sendBy = (mail: ReturnType<typeof openMail>, id: string) =>
  tasksOf(world.app, mail.send).send_outbox?.({ org: world.home.org, id })
const opened = (url: string) => {
  const mail = openMail(url, { patienceMs: 1_500 })
  stops.push(() => mail.close())
  return mail
}
const no = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })

type Case = [what: string, hooks: Partial<SMTPServerOptions>, state: string, said: RegExp]
const cases: Case[] = [
  ['greylists', { onRcptTo: (_a, _s, done) => done(no(451, '4.7.1 Greylisted, try later')) }, 'waiting', /4\.7\.1/],
  ['is too busy', { onConnect: (_s, done) => done(no(421, '4.3.2 Too many connections')) }, 'waiting', /421/],
  [
    'refuses the mail',
    { onData: (s, _x, done) => void s.resume().on('end', () => done(no(554, '5.7.1 Not wanted'))) },
    'failed',
    /5\.7\.1/,
  ],
  [
    'knows nobody of that name',
    { onRcptTo: (_a, _s, done) => done(no(550, '5.1.1 No such user')) },
    'failed',
    /5\.1\.1/,
  ],
]

describe('a mail server that', () => {
  it.each(cases)('%s', async (_, hooks, state, said) => {
    const peer = await startPeer(hooks)
    stops.push(peer.stop)
    const { row, outboxId } = await owed()
    await sendBy(opened(peer.url), outboxId)
    expect(await row()).toMatchObject({ state, attempts: 1, lastError: expect.stringMatching(said) })
  })

  it('drops the line after all of the mail came is sent it again, under the same id', async () => {
    const raw = await speaker((line, socket, at) => {
      if (at.data) {
        at.text += `${line}\n`
        if (line === '.') socket.destroy()
        return
      }
      if (/^DATA/i.test(line)) at.data = true
      socket.write(/^EHLO/i.test(line) ? '250 peer\r\n' : at.data ? '354 go on\r\n' : '250 ok\r\n')
    })
    const { row, outboxId } = await owed()
    const mail = opened(raw.url)
    await sendBy(mail, outboxId)
    expect(await row()).toMatchObject({ state: 'waiting', attempts: 1 })
    world.clock.advance(31_000)
    await sendBy(mail, outboxId)
    const ids = raw.texts.map((t) => /Message-ID:\s+<(\S+)>/.exec(t)?.[1])
    expect(ids).toHaveLength(2)
    expect(ids[0]).toContain(outboxId.replaceAll('-', ''))
    expect(new Set(ids).size).toBe(1)
  })

  it('breaks TLS off gets the mail later, never in the clear', async () => {
    const raw = await speaker((line, socket) => {
      if (/^STARTTLS/i.test(line))
        return void socket.write('220 go\r\n', () => setTimeout(() => socket.end('this is not TLS\r\n'), 20))
      socket.write(/^EHLO/i.test(line) ? '250-peer\r\n250 STARTTLS\r\n' : '250 ok\r\n')
    })
    const { row, outboxId } = await owed()
    await sendBy(opened(raw.url), outboxId)
    expect(await row()).toMatchObject({ state: 'waiting', attempts: 1 })
    expect(raw.said.some((line) => /^(MAIL|DATA)/i.test(line))).toBe(false)
  })

  it('offers no TLS gets nothing where TLS is asked for', async () => {
    const peer = await startPeer()
    stops.push(peer.stop)
    const { row, outboxId } = await owed()
    await sendBy(opened(`${peer.url}&requireTLS=true`), outboxId)
    expect(await row()).toMatchObject({ state: 'waiting', attempts: 1 })
    expect(peer.got).toEqual([])
  })

  it('speaks a letter a second is given up after a while, and its line is closed', async () => {
    const raw = await speaker((line, socket) => {
      const answer = `250 ${'so slow '.repeat(40)}\r\n`
      let i = 0
      const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write(answer.charAt(i++))), 100)
      void line
    })
    const { row, outboxId } = await owed()
    const before = performance.now()
    await sendBy(opened(raw.url), outboxId)
    expect(performance.now() - before).toBeLessThan(6_000)
    expect(await row()).toMatchObject({ state: 'waiting', attempts: 1 })
    await expect.poll(() => raw.open(), { timeout: 5_000 }).toBe(0)
  })
})

it('an address refused without a reason is given up the second time, and not where a mail arrived between', async () => {
  let refuse = true
  const peer = await startPeer({ onRcptTo: (_a, _s, done) => (refuse ? done(no(550, 'Not here')) : done()) })
  stops.push(peer.stop)
  const mail = opened(peer.url)
  const notUsed = async (address: string) =>
    (
      await world.app.systemDb.pool.query('select not_used from customer_identity where value = $1 order by id', [
        address,
      ])
    ).rows.map((r) => r.not_used)
  const failing = async (address: string, { arrives = false } = {}) => {
    refuse = !arrives
    const { row, outboxId } = await owed('lead', address)
    await sendBy(mail, outboxId)
    expect(await row()).toMatchObject({ state: arrives ? 'sent' : 'failed' })
    return outboxId
  }
  await failing('twice@customer.example')
  expect(await notUsed('twice@customer.example')).toEqual([null])
  await failing('twice@customer.example')
  expect(await notUsed('twice@customer.example')).toEqual(['returned'])

  const outboxId = await failing('between@customer.example')
  await failing('between@customer.example', { arrives: true })
  world.clock.advance(ms.minute)
  await failing('between@customer.example')
  expect(await notUsed('between@customer.example')).toEqual([null])
  // The same words tried again by somebody count too.
  const again = await world.as('lead')('POST', `/api/v1/outbox/${outboxId}/retry`, {})
  expect(again.statusCode, again.body).toBe(200)
  await sendBy(mail, outboxId)
  expect(await notUsed('between@customer.example')).toEqual(['returned'])
})

it('after four hours of trying, the owner has news of it and the history says so, once', async () => {
  const peer = await startPeer({ onRcptTo: (_a, _s, done) => done(no(451, '4.7.1 later')) })
  stops.push(peer.stop)
  const mail = opened(peer.url)
  const { id, row, outboxId } = await owed('mei')
  const told = async () =>
    (await world.as('lead')('GET', `/api/v1/complaints/${id}`))
      .json()
      .timeline.filter((i: { type?: string }) => i.type === 'mail_delayed')
  const from = world.clock.now
  for (let i = 0; i < 14; i++) {
    await sendBy(mail, outboxId)
    const { nextTryAt } = await row()
    if (world.clock.now - from < 4 * ms.hour - 20_000) expect(await told()).toEqual([])
    world.clock.now = Date.parse(nextTryAt) + 1_000
  }
  const [event] = await told()
  expect(await told()).toHaveLength(1)
  expect(Date.parse(event.at) - from).toBeLessThan(4 * ms.hour + 60_000)
  const { items } = (await world.as('mei')('GET', '/api/v1/notices')).json()
  const news = items.find((n: { complaintId: string }) => n.complaintId === id)
  expect(JSON.stringify(news)).toContain('mail_delayed')
  const verified = await world.app.db.withScope({ org: world.home.org, scope: 'organisation' }, (tx) =>
    verifyComplaint(tx, world.home.org, id),
  )
  expect(verified).toMatchObject({ ok: true })
})

it('a mail server that never says a word holds up mail, and no other job', async () => {
  for (let i = 0; i < 8; i++) await owed()
  const worker = await startWorker(world.app)
  try {
    const sending = async () =>
      Number(
        (await world.app.systemDb.pool.query("select count(*) as n from outbox where state = 'sending'")).rows[0].n,
      )
    await expect.poll(sending, { timeout: 8_000 }).toBe(6)
    await world.app.db.withScope({ org: world.home.org }, (tx) =>
      tx.run(sql`select enqueue_job('checkpoint', '{}'::json)`),
    )
    const checkpoints = async () =>
      Number((await world.app.systemDb.pool.query('select count(*) as n from checkpoint')).rows[0].n)
    await expect.poll(checkpoints, { timeout: 4_000 }).toBeGreaterThan(0)
    expect(await sending()).toBe(6)
  } finally {
    for (const line of silentLines) line.destroy()
    silent.close()
    await worker.stop()
  }
})

type Talk = { data: boolean; text: string }

/** A server that speaks as `answer` says, line by line; for what no mail server does willingly. */
async function speaker(answer: (line: string, socket: Socket, at: Talk) => void) {
  const said: string[] = []
  const texts: string[] = []
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    const at: Talk = { data: false, text: '' }
    let rest = ''
    socket.on('close', () => {
      sockets.delete(socket)
      if (at.text) texts.push(at.text.replaceAll(/\n[ \t]+/g, ' '))
    })
    socket.on('error', () => undefined)
    socket.write('220 peer\r\n')
    socket.on('data', (bytes: Buffer) => {
      const lines = (rest + bytes.toString('latin1')).split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        said.push(line)
        answer(line, socket, at)
      }
    })
  })
  const port = await new Promise<number>((ready) =>
    server.listen(0, '127.0.0.1', () => ready((server.address() as AddressInfo).port)),
  )
  stops.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise<void>((closed) => server.close(() => closed()))
  })
  return { url: `smtp://127.0.0.1:${port}/?from=care@harbour.example`, said, texts, open: () => sockets.size }
}
