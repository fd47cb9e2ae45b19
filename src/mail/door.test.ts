import { connect } from 'node:net'
import nodemailer from 'nodemailer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listenForMail, type ListenerApp, type Patience } from './listener.ts'
import { type MailWorld, type Post, rawMail, startMailWorld } from './mail-world.ts'

// What strangers may hold of the listener: memory and time, and no more.

let mails: MailWorld
beforeAll(async () => {
  mails = await startMailWorld()
})
afterAll(() => mails.stop())

const long: Patience = { held: 1_000_000, commandsMs: 60_000, mailMs: 60_000 }

async function listening(patience: Partial<Patience>, app: ListenerApp = mails.world.app) {
  const at = await listenForMail(app, { protocol: 'smtp', host: '127.0.0.1', port: 0 }, { ...long, ...patience })
  return { port: Number(at.address.split(':')[1]), stop: () => at.stop() }
}

async function send(port: number, post: Post) {
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port, ignoreTLS: true })
  const envelope = { from: 'a@customer.example', to: 'care@harbour.example' }
  await transport.sendMail({ envelope, raw: rawMail(post) }).finally(() => transport.close())
}

/** All a peer hears who says this and then a byte every moment, until it is hung up on. */
function heardBy(port: number, lines: readonly string[], drip: string): Promise<string> {
  return new Promise((done, failed) => {
    let heard = ''
    const left = [...lines]
    const socket = connect(port, '127.0.0.1')
    const dripping = setInterval(() => left.length === 0 && socket.writable && socket.write(drip), 10)
    socket.on('data', (bytes) => {
      heard += bytes.toString()
      const next = left.shift()
      if (next !== undefined) socket.write(`${next}\r\n`)
    })
    socket.on('error', failed)
    socket.on('close', () => {
      clearInterval(dripping)
      done(heard)
    })
  })
}

it('mails that a slow database has not kept yet count: what comes meanwhile is told to come later', async () => {
  const { app } = mails.world
  let open = () => {}
  const gate = new Promise<void>((ready) => {
    open = ready
  })
  let kept = () => {}
  const keeping = new Promise<void>((ready) => {
    kept = ready
  })
  const withScope = async (...given: Parameters<typeof app.db.withScope>) => {
    kept()
    await gate
    return app.db.withScope(...given)
  }
  const slow = { ...app, db: Object.assign(Object.create(app.db), { withScope }) as typeof app.db }
  const { port, stop } = await listening({ held: 300_000 }, slow)
  const text = 'x'.repeat(200_000)
  const first = send(port, { text })
  await keeping
  await expect(send(port, { text })).rejects.toMatchObject({ responseCode: 452 })
  open()
  await first
  await send(port, { text })
  await stop()
  expect((await mails.drain()).map((o) => o.state)).toEqual(['new', 'new'])
})

describe('a peer that says a byte now and then is hung up on', () => {
  it('in the middle of a mail', async () => {
    const { port, stop } = await listening({ mailMs: 300 })
    const lines = ['EHLO x', 'MAIL FROM:<a@customer.example>', 'RCPT TO:<care@harbour.example>', 'DATA']
    expect(await heardBy(port, lines, 'x')).toMatch(/354 [^]*421 4\.4\.2/)
    expect(await mails.drain()).toEqual([])
    await stop()
  })

  it.each([
    ['in the middle of a command', 'x'],
    ['however many commands it says', 'NOOP\r\n'],
  ])('%s', async (_, drip) => {
    const { port, stop } = await listening({ commandsMs: 300 })
    expect(await heardBy(port, ['EHLO x'], drip)).toMatch(/421 4\.4\.2/)
    await stop()
  })
})
