import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCutter } from './testing/cutter.ts'
import { type ImapWorld, mail, startImapWorld } from './testing/imap-world.ts'

// Mailboxes fetched by IMAP: nothing is lost, nothing doubled, nothing marked at the server that is not committed here.

let imap: ImapWorld
beforeAll(async () => {
  imap = await startImapWorld()
  console.log(`IMAP is tested against ${imap.peer.kind}`)
})
afterAll(() => imap.stop())

const count = async (id: string) => (await imap.items(id)).length

describe('a mailbox that is fetched', () => {
  it('takes what nobody has read, then each new mail the moment it comes, and marks it as read', async () => {
    const id = await imap.connect('Quick', { there: [mail('unread')] })
    await imap.append('Quick', mail('read by somebody before'), ['\\Seen'])
    const worker = imap.fetch()
    await imap.until(async () => (await imap.state(id))?.lookedAt).toBeTruthy()
    expect((await imap.items(id)).map((i) => i.raw.includes('\r\nunread'))).toEqual([true])
    await imap.append('Quick', mail('new'))
    await imap.until(() => count(id)).toBe(2)
    await imap.until(() => imap.flags('Quick')).toEqual([true, true, true])
    expect(await imap.state(id)).toMatchObject({ on: true, failing: null, fetched: 2 })
    await worker.stop()
  })

  it('keeps the bytes as they are', async () => {
    const raw = mail('第二行\n\n.點\n結束 ', { 'X-Odd': 'a\r\n\tb' })
    const id = await imap.connect('Bytes', { there: [raw] })
    const worker = imap.fetch()
    await imap.until(() => count(id)).toBe(1)
    expect((await imap.items(id))[0]?.raw.toString()).toBe(raw)
    await worker.stop()
  })

  it('moves what was fetched to another folder where that is wanted', async () => {
    await imap.other.mailboxCreate('Done')
    const settings = { after: 'move', moveTo: 'Done' }
    const id = await imap.connect('Moving', { there: [mail(), mail()], settings })
    const worker = imap.fetch()
    await imap.until(() => imap.flags('Done')).toEqual([true, true])
    expect(await imap.flags('Moving')).toEqual([])
    expect(await count(id)).toBe(2)
    await worker.stop()
  })

  it('says when it may not mark what it fetched, and fetches it no second time', async () => {
    const settings = { after: 'move', moveTo: 'There is no such folder' }
    const id = await imap.connect('Stuck', { there: [mail()], settings })
    const worker = imap.fetch()
    await imap.until(async () => (await imap.state(id))?.failing?.problem).toBe('mail.imap-cannot-mark')
    await imap.append('Stuck', mail())
    await imap.until(() => count(id)).toBe(2)
    expect((await imap.items(id)).map((i) => i.deliveries)).toEqual([1, 1])
    await worker.stop()
  })

  it('sets a mail aside that is too large, with its headers, and goes on', async () => {
    const id = await imap.connect('Large', { there: [mail('x'.repeat(1_200_000)), mail('behind it')] })
    const worker = imap.fetch()
    await imap.until(() => count(id)).toBe(2)
    const [large, behind] = (await imap.items(id)).toSorted((a, b) => a.state.localeCompare(b.state))
    expect(large).toMatchObject({ state: 'parked', reason: 'mail.imap-too-large' })
    expect(large?.raw.length).toBeLessThan(1_000)
    expect(large?.raw.toString()).toContain('From: Lin <lin@customer.example>')
    expect(behind?.state).toBe('waiting')
    await worker.stop()
  })
})

describe('what may go wrong', () => {
  it('the database is away: nothing is marked as read, and all comes once it is back, once', async () => {
    const line = { down: false }
    const id = await imap.connect('Away')
    const worker = imap.fetch(line)
    await imap.until(async () => (await imap.state(id))?.lookedAt).toBeTruthy()
    line.down = true
    await imap.append('Away', mail())
    await imap.append('Away', mail())
    await new Promise((later) => setTimeout(later, 400))
    expect(await imap.flags('Away')).toEqual([false, false])
    line.down = false
    await imap.until(() => imap.flags('Away')).toEqual([true, true])
    expect((await imap.items(id)).map((i) => i.deliveries)).toEqual([1, 1])
    expect((await imap.state(id))?.failing).toBeNull()
    await worker.stop()
  })

  it('the line breaks in the middle of a mail: the next try goes on, and each is here once', async () => {
    const cutter = await openCutter(imap.peer.port)
    const there = Array.from({ length: 12 }, () => mail('x'.repeat(90_000)))
    const id = await imap.connect('Broken', { there, settings: { port: cutter.port } })
    const cut = cutter.cutAfter('BODY.PEEK[]', 300_000)
    const worker = imap.fetch()
    await cut
    await imap.until(() => count(id)).toBe(12)
    await imap.until(() => imap.flags('Broken')).toEqual(there.map(() => true))
    expect((await imap.items(id)).every((i) => i.deliveries === 1)).toBe(true)
    await worker.stop()
    await cutter.close()
  })

  it('the server numbers its mails anew: known ones are recognised, new ones come, old read ones stay out', async () => {
    const [first, second, third] = [mail(), mail(), mail()]
    const before = mail('handled long ago', {})
    const id = await imap.connect('Anew', { there: [first, second] })
    await imap.append('Anew', before, ['\\Seen'])
    let worker = imap.fetch()
    await imap.until(async () => (await imap.state(id))?.fetched).toBe(2)
    await imap.until(() => imap.flags('Anew')).toEqual([true, true, true])
    await worker.stop()
    await imap.other.mailboxDelete('Anew')
    await imap.other.mailboxCreate('Anew')
    // The first was deleted at the server meanwhile, or is about to be.
    await imap.append('Anew', first, ['\\Deleted'])
    await imap.append('Anew', second, ['\\Seen'])
    await imap.append('Anew', before, ['\\Seen'])
    await imap.append('Anew', third)
    worker = imap.fetch()
    await imap.until(() => count(id)).toBe(3)
    await imap.until(() => imap.flags('Anew')).toEqual([false, true, true, true])
    expect((await imap.state(id))?.fetched).toBe(3)
    await worker.stop()
  })

  it('two workers fetch three hundred mails: each is here once, and one of them does it', async () => {
    const there = Array.from({ length: 300 }, () => mail())
    const id = await imap.connect('Many', { there })
    const workers = [imap.fetch(), imap.fetch()]
    await imap.until(() => count(id)).toBe(300)
    await imap.until(async () => (await imap.state(id))?.lookedAt).toBeTruthy()
    expect((await imap.items(id)).every((i) => i.deliveries === 1)).toBe(true)
    await Promise.all(workers.map((w) => w.stop()))
  })

  it('a worker dies: another fetches its mailboxes once its time is over', async () => {
    const id = await imap.connect('Left', { there: [mail()] })
    const died =
      "update imap_state set leased_by = gen_random_uuid(), leased_until = now() + interval '1 second' where mailbox_id = $1"
    await imap.rows(died, [id])
    const worker = imap.fetch()
    await new Promise((later) => setTimeout(later, 400))
    expect(await count(id)).toBe(0)
    await imap.until(() => count(id)).toBe(1)
    await worker.stop()
  })

  it('the password is wrong: said in the settings, on the health page and by the button; put right, it goes on', async () => {
    const id = await imap.connect('Secret', { there: [mail()], settings: { password: 'not it' } })
    const worker = imap.fetch()
    await imap.until(async () => (await imap.state(id))?.failing?.problem).toBe('mail.imap-login')
    const health = async () =>
      (await imap.world.as('admin')('GET', '/api/v1/health'))
        .json()
        .checks.find((c: { name: string }) => c.name === 'fetching')
    expect(await health()).toMatchObject({ state: 'bad', as: 'bad' })
    expect(await imap.look(id, imap.given('Secret', { password: 'nor this' }))).toMatchObject({
      problem: 'mail.imap-login',
    })
    expect(await imap.look(id, imap.given('Secret'))).toMatchObject({ problem: null, messages: 1, unseen: 1 })
    expect(await imap.look(id, imap.given('Nowhere'))).toMatchObject({ problem: 'mail.imap-no-folder' })
    expect((await imap.set(id, imap.given('Secret'))).json()).toMatchObject({ failing: null })
    await imap.until(() => count(id)).toBe(1)
    await worker.stop()
  })
})

describe('a password', () => {
  it('is told to nobody, and goes to no other server than it was given for', async () => {
    const id = await imap.connect('Kept')
    const { password: _, ...without } = imap.given('Kept')
    const kept = await imap.set(id, without)
    expect(kept.statusCode).toBe(200)
    expect(kept.body + (await imap.world.as('admin')('GET', '/api/v1/settings/fetching')).body).not.toContain(
      imap.peer.password,
    )
    for (const other of [{ host: 'localhost' }, { port: 1 }, { user: 'x' }, { security: 'tls' }]) {
      expect((await imap.set(id, { ...without, ...other })).json()).toMatchObject({ code: 'mail.imap-password-needed' })
      expect(await imap.look(id, { ...without, ...other })).toMatchObject({ code: 'mail.imap-password-needed' })
    }
    const [row] = await imap.rows<{ secret: Buffer }>('select secret from mailbox where id = $1', [id])
    expect(row?.secret.includes(imap.peer.password)).toBe(false)
    const [said] = await imap.rows<{ all: string }>("select string_agg(after::text, '') as all from settings_change")
    expect(said?.all).not.toContain(imap.peer.password)
  })
})
