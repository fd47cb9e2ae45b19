import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type MailWorld, startMailWorld } from './mail-world.ts'

// What mail tells, and to whom: nobody learns by way of mailboxes and rejected mail what its complaint keeps from them.

let mails: MailWorld
beforeAll(async () => {
  mails = await startMailWorld()
})
afterAll(() => mails.stop())

it('the settings say that a mail came and when, never what it is about', async () => {
  await mails.take({ subject: '關於美琳的祕密' })
  for (const who of ['lead', 'auditor', 'admin'] as const) {
    const reply = await mails.world.as(who)('GET', '/api/v1/settings/mailboxes')
    expect(reply.json().items[0].last).toMatchObject({ state: 'recorded', reason: null })
    expect(reply.body).not.toContain('祕密')
  }
})

it('where the installation listens, and by which server it sends, is told to who sets mailboxes up alone', async () => {
  const told = async (who: 'admin' | 'lead' | 'auditor') =>
    (await mails.world.as(who)('GET', '/api/v1/settings/mail-ways')).statusCode
  expect(await Promise.all((['admin', 'lead', 'auditor'] as const).map(told))).toEqual([200, 403, 403])
})

it('a mail has at most a hundred recipients: the others come with another', async () => {
  const socket = connect(mails.port, '127.0.0.1')
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
  const answered = async (said?: string) => {
    if (said) socket.write(`${said}\r\n`)
    for (;;) {
      const line = String((await lines.next()).value)
      if (line[3] === ' ') return Number(line.slice(0, 3))
    }
  }
  await answered()
  await answered('EHLO customer.example')
  await answered('MAIL FROM:<many@customer.example>')
  const codes: number[] = []
  for (let i = 0; i < 101; i += 1) codes.push(await answered(`RCPT TO:<care+${i}@harbour.example>`))
  socket.destroy()
  expect(codes.slice(0, 100).every((code) => code === 250)).toBe(true)
  expect(codes[100]).toBe(452)
})
