import { type AddressInfo, createServer } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { authority } from '../../kit/testing/certificates.ts'
import { takeInWaiting } from '../jobs.ts'
import { openReader } from '../read/reader.ts'
import { openBabbler } from './testing/babbler.ts'
import { openCutter } from './testing/cutter.ts'
import { openDoorkeeper } from './testing/doorkeeper.ts'
import { type ImapWorld, mail, startImapWorld } from './testing/imap-world.ts'
import { openTlsFront } from './testing/tls-front.ts'

// F19, F20: mail servers whose certificate is nobody's, that take access away, lose folders, or stumble over one mail.

let imap: ImapWorld
beforeAll(async () => {
  imap = await startImapWorld()
})
afterAll(() => imap.stop())
// A fault of one is not told for another.
afterEach(() => imap.rows('update mailbox set off = true'))

const count = async (id: string) => (await imap.items(id)).length
const problem = async (id: string) => (await imap.state(id))?.failing?.problem

describe.each(['tls', 'starttls'] as const)('a server with %s', (security) => {
  it('whose certificate nobody vouches for is told no password, and says so; vouched for, it is fetched', async () => {
    const front = await openTlsFront(imap.peer.port, security)
    const folder = `Over${security}`
    const settings = { host: 'localhost', port: front.port, security }
    const id = await imap.connect(folder, { there: [mail()], settings })
    const worker = imap.fetch()
    await imap.until(() => problem(id)).toBe('mail.imap-certificate')
    expect(await imap.look(id, imap.given(folder, settings))).toMatchObject({ problem: 'mail.imap-certificate' })
    expect(await count(id)).toBe(0)
    const before = getCACertificates('default')
    try {
      setDefaultCACertificates([...before, authority])
      expect(await imap.look(id, imap.given(folder, settings))).toMatchObject({ problem: null, messages: 1 })
      expect((await imap.set(id, imap.given(folder, settings))).statusCode).toBe(200)
      await imap.until(() => count(id)).toBe(1)
    } finally {
      setDefaultCACertificates(before)
      await worker.stop()
      await front.close()
    }
  })
})

it('a server that knows no STARTTLS is told no password where that is asked for', async () => {
  const settings = { security: 'starttls' }
  const id = await imap.connect('Nostarttls', { there: [mail()], settings })
  expect(await imap.look(id, imap.given('Nostarttls', settings))).toMatchObject({ problem: 'mail.imap-no-tls' })
})

it('access is taken away: said at once, and what came meanwhile is fetched once it is back', async () => {
  const door = await openDoorkeeper(imap.peer.port)
  const settings = { port: door.port }
  const id = await imap.connect('Revoked', { there: [mail()], settings })
  const worker = imap.fetch()
  await imap.until(() => count(id)).toBe(1)
  door.revoke()
  await imap.append('Revoked', mail('meanwhile'))
  await imap.until(() => problem(id)).toBe('mail.imap-login')
  const health = async () =>
    (await imap.world.as('admin')('GET', '/api/v1/health'))
      .json()
      .checks.find((c: { name: string }) => c.name === 'fetching')
  expect(await health()).toMatchObject({ state: 'bad', facts: { reason: 'mail.imap-login' } })
  const metrics = await imap.world.app.server.inject({ url: '/metrics' })
  expect(metrics.body).toMatch(/^redress_mail_fetch_failing 1$/m)
  door.revoked = false
  expect((await imap.set(id, imap.given('Revoked', settings))).statusCode).toBe(200)
  await imap.until(() => count(id)).toBe(2)
  expect((await imap.items(id)).map((i) => i.deliveries)).toEqual([1, 1])
  expect(await health()).toMatchObject({ state: 'good' })
  await worker.stop()
  await door.close()
})

it('the folder is given another name: said, and under its new name nothing is fetched again', async () => {
  const id = await imap.connect('Old', { there: [mail(), mail()] })
  const worker = imap.fetch()
  await imap.until(async () => (await imap.state(id))?.fetched).toBe(2)
  await imap.until(() => imap.flags('Old')).toEqual([true, true])
  await worker.stop()
  await imap.other.mailboxRename('Old', 'New')
  await imap.append('New', mail('meanwhile'))
  const again = imap.fetch()
  await imap.until(() => problem(id)).toBe('mail.imap-no-folder')
  expect((await imap.set(id, imap.given('New'))).statusCode).toBe(200)
  await imap.until(() => count(id)).toBe(3)
  await imap.until(() => imap.flags('New')).toEqual([true, true, true])
  expect((await imap.items(id)).every((i) => i.deliveries === 1)).toBe(true)
  await again.stop()
})

it('a server that breaks off over one mail, always: that one is set aside, the others come', async () => {
  const cutter = await openCutter(imap.peer.port)
  let over = false
  const always = async () => {
    while (!over) await cutter.cutAfter('BODY.PEEK[]', 200_000)
  }
  void always()
  const there = [mail('before it'), mail('x'.repeat(500_000)), mail('behind it')]
  const id = await imap.connect('Stumbles', { there, settings: { port: cutter.port } })
  const worker = imap.fetch()
  await imap.until(() => count(id)).toBe(3)
  const items = await imap.items(id)
  expect(items.filter((i) => i.state === 'parked').map((i) => i.reason)).toEqual(['mail.imap-not-given'])
  expect(items.filter((i) => i.state === 'waiting')).toHaveLength(2)
  over = true
  await worker.stop()
  await cutter.close()
})

it('a server that repeats what it was told is not quoted with the password', async () => {
  const parrot = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.write('* OK [CAPABILITY IMAP4rev1] ready\r\n')
    socket.on('data', (bytes) => {
      const line = bytes.toString().trim()
      socket.write(`${line.split(' ')[0]} NO did not understand ${line}\r\n`)
    })
  })
  await new Promise<void>((ready) => parrot.listen(0, '127.0.0.1', ready))
  const { port } = parrot.address() as AddressInfo
  const id = await imap.connect('Parrot')
  const seen = await imap.look(id, imap.given('Parrot', { port }))
  expect(seen).toMatchObject({ problem: 'mail.imap-login', said: expect.stringContaining('did not understand') })
  expect(JSON.stringify(seen)).not.toContain(imap.peer.password)
  parrot.close()
})

it('a server whose words never end is hung up on, and holds nobody’s memory', async () => {
  const babbler = await openBabbler(imap.peer.port)
  const id = await imap.connect('Babbles', { there: [mail()], settings: { port: babbler.port } })
  const worker = imap.fetch()
  await imap.until(async () => (await imap.items(id)).map((i) => i.reason)).toEqual(['mail.imap-not-given'])
  await worker.stop()
  await babbler.close()
})

it('a mail that cannot be read is set aside with its reason, and not fetched again and again', async () => {
  const deep = `${mail().split('\r\nMIME-Version')[0]}\r\n${'Content-Type: message/rfc822\r\n\r\n'.repeat(50)}`
  const id = await imap.connect('Unreadable', { there: [deep, mail('behind it')] })
  const worker = imap.fetch()
  await imap.until(() => imap.flags('Unreadable')).toEqual([true, true])
  const reader = openReader({ workers: 1 })
  const { app } = imap.world
  const at = { app, read: reader.read, noteBounce: async () => false }
  await takeInWaiting(at, { org: imap.world.home.org })
  await imap.append('Unreadable', mail('the next one'))
  await imap.until(() => count(id)).toBe(3)
  const [first] = await imap.items(id)
  expect(first).toMatchObject({ state: 'parked', reason: 'mail.too-deep', deliveries: 1 })
  await worker.stop()
  await reader.close()
})
