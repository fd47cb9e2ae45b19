import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import nodemailer from 'nodemailer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MailListener } from '../kit/config.ts'
import { authority, one, two } from '../kit/testing/certificates.ts'
import { followCertificate, readCertificate } from './certificate.ts'
import { listenForMail } from './listener.ts'
import { type MailWorld, rawMail, startMailWorld } from './mail-world.ts'

// The listener with a certificate: STARTTLS, TLS from the start, a certificate that is renewed, settings that are wrong.

const folder = mkdtempSync(join(tmpdir(), 'redress-tls-'))
const file = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(`${path}.new`, text)
  renameSync(`${path}.new`, path)
  return path
}
const files = { cert: file('cert.pem', one.cert), key: file('key.pem', one.key) }

let mails: MailWorld
beforeAll(async () => {
  mails = await startMailWorld({ env: { REDRESS_MAIL_TLS_CERT: files.cert, REDRESS_MAIL_TLS_KEY: files.key } })
})
afterAll(async () => {
  await mails.stop()
  rmSync(folder, { recursive: true })
})

async function send(port: number, options: object) {
  const tls = { ca: authority, servername: 'localhost' }
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port, tls, ...options } as object)
  try {
    const envelope = { from: 'a@customer.example', to: 'care@harbour.example' }
    await transport.sendMail({ envelope, raw: rawMail({ text: `${port} ${JSON.stringify(options)}` }) })
  } finally {
    transport.close()
  }
}

describe('a listener with a certificate', () => {
  it('speaks TLS after STARTTLS, and to who knows none in the clear', async () => {
    await send(mails.port, { requireTLS: true })
    await send(mails.port, { ignoreTLS: true })
    expect((await mails.drain()).map((o) => o.state)).toEqual(['new', 'new'])
  })

  it('speaks TLS from the start where that is asked for', async () => {
    const at: MailListener = { protocol: 'smtps', host: '127.0.0.1', port: 0 }
    const listening = await listenForMail(mails.world.app, at)
    await send(Number(listening.address.split(':').at(-1)), { secure: true })
    await listening.stop()
    expect((await mails.drain()).map((o) => o.state)).toEqual(['new'])
  })
})

describe('a certificate', () => {
  it('that is renewed is used from then on; one whose key is not there yet is waited for', async () => {
    const found: string[] = []
    const follow = followCertificate(
      files,
      (x) => found.push(x instanceof Error ? 'not yet' : x.cert.toString() === two.cert ? 'two' : 'other'),
      20,
    )
    file('cert.pem', two.cert)
    await expect.poll(() => found.at(-1)).toBe('not yet')
    file('key.pem', two.key)
    await expect.poll(() => found.at(-1)).toBe('two')
    follow.stop()
  })

  it.each<[string, { cert?: string; key?: string }, RegExp]>([
    ['without its key', { cert: files.cert }, /must be given together/],
    ['that is not there', { ...files, cert: join(folder, 'none.pem') }, /REDRESS_MAIL_TLS_CERT .*ENOENT/],
    ['of another key', { ...files, cert: file('other.pem', one.cert), key: file('two.key', two.key) }, /belongs to/],
    ['that is none', { ...files, cert: file('text.pem', 'hello') }, /PEM/],
  ])('%s is told by the name of its setting', (_, { cert, key }, said) => {
    expect(() => readCertificate({ cert, key })).toThrow(said)
  })
})
