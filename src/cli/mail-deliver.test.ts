import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../test/world/world.ts'
import { keepMail } from '../mail/index.ts'
import { addMailbox, rawMail } from '../mail/mail-world.ts'
import { runCli } from './index.ts'

let world: World
let mailbox = ''
let folder = ''
beforeAll(async () => {
  world = await startWorld({ now: Date.now() })
  mailbox = await addMailbox(world, 'home', 'care@harbour.example')
  folder = join(world.dataDir, 'mails')
  for (const name of ['', 'Maildir', 'Maildir/cur', 'Maildir/new', 'Maildir/tmp']) mkdirSync(join(folder, name))
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text)
  const first = rawMail({ subject: 'One', messageId: 'one@x.example', from: 'a@x.example' })
  put('one.eml', first)
  put('two.eml', rawMail({ subject: 'Re: One', inReplyTo: 'one@x.example', from: 'a@x.example', text: 'And this.' }))
  put('the-same-again.eml', first)
  put('holiday.msg', rawMail({ subject: 'Away', headers: { 'Auto-Submitted': 'auto-replied' } }))
  put('SOURCE.md', '# where they are from')
  put('oracle.json', '{}')
  put('Maildir/cur/1700000000.M1P2.host:2,S', rawMail({ subject: 'Three', from: 'c@x.example' }))
  put('Maildir/new/1700000000.M1P3.host', rawMail({ subject: 'Four', from: 'd@x.example' }))
  const line = 'From a@b Mon Mar  2 10:00:00 2026\n'
  const others = ['Five', 'Six'].map((subject) => rawMail({ subject, from: `${subject}@x.example` }))
  put('Old.mbox', others.map((mail) => `${line}${mail}\n\n`).join(''))
})
afterAll(() => world.stop())

async function redress(...args: string[]) {
  const out: string[] = []
  const print = (line: string) => void out.push(line)
  const env = {
    REDRESS_DATA: world.dataDir,
    DATABASE_URL: world.url,
    SMTP_URL: 'smtp://127.0.0.1:9/?from=care@harbour.example',
  }
  const code = await runCli(['mail', ...args], env, { print, complain: print, input: async () => '' })
  return { code, out: out.join('\n') }
}

it('a folder of mails: each is accounted for at the end, and again it makes nothing new', async () => {
  const { code, out } = await redress('deliver', folder, '--mailbox', 'care@harbour.example')
  expect(out).toContain('2 files whose names are not those of mails were left out')
  expect(out).toContain('received 8 = threaded 1 + new 5 + parked 1 + rejected 1')
  expect(code).toBe(0)
  const second = await redress('deliver', folder, '--mailbox', 'care@harbour.example')
  expect(second.out).toContain('received 8 = threaded 0 + new 0 + parked 0 + rejected 8')
  expect((await redress('count')).out).toContain('received 16 = threaded 1 + new 5 + parked 1 + rejected 9')
})

it('a file that is named is a mail, whatever it is called', async () => {
  writeFileSync(join(folder, 'complaint.txt'), rawMail({ subject: 'Seven', from: 'g@x.example' }))
  const { out } = await redress('deliver', join(folder, 'complaint.txt'), '--mailbox', 'care@harbour.example')
  expect(out).toContain('received 1 = threaded 0 + new 1')
})

it('a mail that arrives by SMTP meanwhile is taken in as any other: who complained is told', async () => {
  const to = { org: world.home.org, mailboxIds: [mailbox], rcptTo: ['care@harbour.example'] }
  const envelope = { via: 'smtp', mailFrom: 'h@x.example', clientIp: '127.0.0.1', helo: 'x' } as const
  const live = rawMail({ subject: 'Live', from: 'h@x.example' })
  const { itemId } = await keepMail(world.app, to, envelope, Buffer.from(live), world.clock.now)
  writeFileSync(join(folder, 'old.eml'), rawMail({ subject: 'Old', from: 'i@x.example' }))
  await redress('deliver', join(folder, 'old.eml'), '--mailbox', 'care@harbour.example')
  const queue = new pg.Client({ connectionString: world.url })
  await queue.connect()
  const { rows } = await queue.query(
    `select m.complaint_id as id, exists (select from graphile_worker._private_jobs j where j.key = 'acknowledge:' || m.complaint_id) as asked
     from inbound_mail m where item_id = $1`,
    [itemId],
  )
  await queue.end()
  expect(rows).toEqual([{ id: expect.any(String), asked: true }])
})
