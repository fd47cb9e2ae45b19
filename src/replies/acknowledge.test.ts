import nodemailer from 'nodemailer'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ms } from '../../test/world/world.ts'
import { verifyAll } from '../audit/index.ts'
import { tasksOf } from '../jobs.ts'
import { type Got, type Peer, startPeer } from '../kit/testing/smtp-peer.ts'
import { type MailWorld, type Post, rawMail, startMailWorld } from '../mail/mail-world.ts'
import { acknowledgeLater } from './acknowledge.ts'
import { openMail } from './mail.ts'

// Who complains by mail is told that it came, once; and no machine is answered by a machine for long.

let mails: MailWorld
let peer: Peer
let mail: ReturnType<typeof openMail>
let queue: pg.Client
beforeAll(async () => {
  peer = await startPeer()
  mails = await startMailWorld({ env: { SMTP_URL: peer.url } })
  Object.assign(mails.at, { recorded: acknowledgeLater })
  mail = openMail(peer.url)
  queue = new pg.Client({ connectionString: mails.world.url })
  await queue.connect()
})
afterAll(async () => {
  mail.close()
  await queue.end()
  await mails.stop()
  await peer.stop()
})
beforeEach(() => {
  peer.got.splice(0)
  mails.world.clock.advance(2 * ms.day)
})

/** Everything that waits to be acknowledged or sent, done. */
async function work() {
  const tasks = tasksOf(mails.world.app, mail.send)
  const { rows: jobs } = await queue.query<{ id: string; task: string; payload: unknown }>(
    `select j.id, t.identifier as task, j.payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
     where t.identifier in ('acknowledge_mail', 'send_outbox')
       and not (t.identifier = 'acknowledge_mail' and j.run_at between to_timestamp($1) and to_timestamp($1) + interval '1 day') order by j.id`,
    [mails.world.clock.now / 1_000],
  )
  for (const { id, task, payload } of jobs) {
    await queue.query('delete from graphile_worker._private_jobs where id = $1', [id])
    await tasks[task]?.(payload)
  }
  return jobs.length
}
const workAll = async () => {
  while ((await work()) > 0);
}

let count = 0
const someone = () => `person${count++}@customer.example`
async function complains(post: Post = {}) {
  const taken = await mails.take(post)
  if (taken?.state !== 'new') throw new Error(JSON.stringify(taken))
  await workAll()
  return taken.became.complaintId
}
const plain = (got: Got | undefined) => {
  const part = /Content-Type: text\/plain[^]*?\r\n\r\n([^]*?)\r\n--/.exec(got?.raw ?? '')?.[0] ?? ''
  const body = part.slice(part.indexOf('\r\n\r\n') + 4)
  if (/base64/.test(part)) return Buffer.from(body, 'base64').toString()
  return Buffer.from(
    body
      .replaceAll(/=\r\n/g, '')
      .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString()
}
/** As our own MX says of a sender whose domain vouches for the mail. */
const proven = { 'Authentication-Results': 'mx.harbour.example; dmarc=pass header.from=customer.example' }
const withheld = async (id: string) =>
  (await mails.page(id)).timeline.filter((i: { type?: string }) => i.type === 'acknowledgement_withheld')

describe('a complaint that came by mail', () => {
  it('is acknowledged once: number, what was understood, who has it, by when they hear from us', async () => {
    const from = someone()
    const id = await complains({ from: `林小姐 <${from}>`, subject: '熱水壺跳電', headers: proven })
    const { complaint, timeline, clocks } = await mails.page(id)
    expect(peer.got).toHaveLength(1)
    const [got] = peer.got
    expect(got).toMatchObject({ from: '', to: [from] })
    expect(got?.header('Auto-Submitted')).toBe('auto-replied')
    expect(got?.header('X-Auto-Response-Suppress')).toBe('All')
    expect(got?.header('Reply-To')).toMatch(/^care\+/)
    const text = plain(got)
    for (const said of ['林小姐 您好', complaint.number, '熱水壺跳電', '回覆您', 'http://redress.example'])
      expect(text).toContain(said)
    expect(text).toMatch(/最晚在 2026年3月\d+日（週.）.* 回覆您/)
    expect(got?.raw).toContain('text/html')
    expect(complaint).toMatchObject({ state: 'acknowledged', firstReplyAt: null })
    expect(clocks.find((c: { kind: string }) => c.kind === 'acknowledge')).toMatchObject({ state: 'met' })
    const said = timeline.find((i: { direction?: string }) => i.direction === 'out')
    expect(said).toMatchObject({ authorName: '', outbox: { state: 'sent' } })
    expect(said.body).not.toContain('track/link')
    // Asked again, and more words of theirs: nothing more is said by itself.
    await tasksOf(mails.world.app, mail.send).acknowledge_mail?.({ org: mails.world.home.org, id })
    await mails.take({ from, to: got?.header('Reply-To') ?? '', text: '還有一件事' })
    await workAll()
    expect(peer.got).toHaveLength(1)
  })

  it('in English is acknowledged in English, without a greeting where nobody gave a name', async () => {
    await complains({
      from: someone(),
      subject: 'Kettle',
      text: 'The kettle trips the fuse and your store would not refund it.',
    })
    const text = plain(peer.got[0])
    expect(text).toMatch(/^We have received your mail\./)
    expect(text).toMatch(/You will hear from us by \w+day \d+ March 2026/)
  })

  it('from a sender nobody vouches for is told its number and date, and none of the words it bears', async () => {
    const id = await complains({
      from: `"Win at https://evil.example" <${someone()}>`,
      subject: 'Prize at https://evil.example',
      text: '請到 https://evil.example 領獎，水壺壞了要退款。',
    })
    const { complaint } = await mails.page(id)
    const [got] = peer.got
    expect(plain(got)).toContain(complaint.number)
    expect(plain(got)).toMatch(/最晚在 2026年3月\d+日/)
    const raw = `${got?.raw}${plain(got)}${complaint.number}`
    for (const word of ['evil', '領獎', 'Prize', Buffer.from('evil.example').toString('base64').slice(0, 8)])
      expect(raw).not.toContain(word)
  })

  it('two complaints of one person within ten minutes are both acknowledged, the second when the pause is over', async () => {
    const from = someone()
    await complains({ from, subject: '熱水壺', text: '熱水壺跳電，要求退款。' })
    mails.world.clock.advance(7 * ms.minute)
    const second = await complains({ from, subject: '發票', text: '另外，發票也開錯了，請更正。' })
    expect(peer.got).toHaveLength(1)
    expect(await withheld(second)).toEqual([])
    mails.world.clock.advance(4 * ms.minute)
    await workAll()
    expect(peer.got).toHaveLength(2)
    expect(plain(peer.got[1])).toContain((await mails.page(second)).complaint.number)
    // A third so soon after two of ours is for a person to look at.
    mails.world.clock.advance(ms.minute)
    const third = await complains({ from, subject: '運費', text: '運費也多收了。' })
    expect(peer.got).toHaveLength(2)
    expect(await withheld(third)).toMatchObject([{ facts: { brake: 'answering' } }])
  })

  it('what came before our mail left cannot be an answer to it, and is acknowledged at once', async () => {
    const from = someone()
    for (const text of ['第一件：跳電。', '第二件：發票。', '第三件：運費。']) await mails.send({ from, text })
    await mails.drain()
    mails.world.clock.advance(ms.minute)
    await workAll()
    expect(peer.got).toHaveLength(3)
  })

  it.each<[string, Post, string]>([
    ['from a mailing list', { headers: { 'List-Id': '<a.list.example>' } }, 'not-a-person'],
    [
      'from a server the sender’s domain does not name',
      { headers: { 'Authentication-Results': 'mx.harbour.example; spf=softfail; dmarc=none' } },
      'not-genuine',
    ],
    ['from two people at once', { from: 'Lin <lin@customer.example>, Mei <mei@evil.example>' }, 'not-genuine'],
    ['from an address nobody reads', { from: 'no-reply@shop.example' }, 'no-reply'],
  ])('%s is not, and the history says why; the date to acknowledge it goes on', async (_, post, brake) => {
    const id = await complains({ from: someone(), ...post })
    expect(peer.got).toEqual([])
    expect(await withheld(id)).toMatchObject([{ facts: { brake } }])
    const { clocks } = await mails.page(id)
    expect(clocks.find((c: { kind: string }) => c.kind === 'acknowledge')).toMatchObject({ state: 'running' })
  })

  it('twelve from one sender within an hour: at most five are acknowledged', async () => {
    const from = someone()
    for (let i = 0; i < 12; i++) {
      await complains({ from, subject: `第 ${i} 件`, text: `第 ${i} 件事：${'貨到得太晚。'.repeat(i + 1)}` })
      mails.world.clock.advance(5 * ms.minute)
    }
    expect(peer.got.length).toBeLessThanOrEqual(5)
    expect(peer.got.length).toBeGreaterThan(0)
  })
})

describe('a mailbox that is busy', () => {
  /** As if it had written so many automatic mails in the last half hour. */
  const written = (to: { proven: boolean; count: number }) =>
    mails.rows(
      `insert into outbox (org_id, id, complaint_id, channel, recipient, envelope, state, not_before, created_at, automatic)
       select $1, gen_random_uuid(), (select id from complaint where org_id = $1 limit 1), 'email', 'x' || n || '@forged.example',
         jsonb_build_object('mailboxId', $2::text, 'proven', $3::boolean, 'subject', '', 'text', '', 'locale', 'en'), 'sent', $4, $4, true
       from generate_series(1, $5) n`,
      [
        mails.world.home.org,
        mails.mailboxes.home,
        to.proven,
        new Date(mails.world.clock.now - 30 * ms.minute),
        to.count,
      ],
    )

  it('with forgeries acknowledges proven senders all the same, and the others when the hour is over', async () => {
    await written({ proven: false, count: 600 })
    await complains({ from: someone(), headers: proven })
    expect(peer.got).toHaveLength(1)
    const other = await complains({ from: someone(), text: '發票開錯了，請更正。' })
    expect(peer.got).toHaveLength(1)
    expect(await withheld(other)).toEqual([])
    mails.world.clock.advance(45 * ms.minute)
    await workAll()
    expect(peer.got).toHaveLength(2)
  })
})

describe('two machines that write to each other', () => {
  /** Hands a mail of ours on to whom it is for, as `by` makes it, by SMTP. */
  async function passOn(got: Got, by: (got: Got) => Post & { raw?: string }) {
    const transport = nodemailer.createTransport({ host: '127.0.0.1', port: mails.port, ignoreTLS: true })
    const { raw, ...post } = by(got)
    const to = post.to ?? got.to[0] ?? ''
    await transport.sendMail({
      envelope: { from: post.headers?.['Return-Path'] ?? got.from, to: [to] },
      raw: raw ?? rawMail(post),
    })
    transport.close()
    await mails.drain()
    await workAll()
  }
  const quiet = async (by: (got: Got) => Post & { raw?: string }) => {
    for (let i = 0; i < 20; i++) {
      const next = peer.got[i]
      if (!next) return i
      await passOn(next, by)
    }
    return 20
  }

  it('two houses of this program: one mail', async () => {
    await complains({ from: 'Neighbour <care@neighbour.example>', text: '我們替顧客轉達一件事。' })
    expect(await quiet((got) => ({ raw: got.raw }))).toBe(1)
  })

  it.each<[string, (got: Got) => Post]>([
    [
      'answers our address, as a new matter each time',
      () => ({
        from: 'desk@shop.example',
        to: 'care@harbour.example',
        subject: '工單已建立',
        text: `已收到您的來信 ${Math.random()}`,
      }),
    ],
    [
      'answers where it is asked to',
      (got) => ({
        from: 'desk@shop.example',
        to: got.header('Reply-To'),
        subject: 'Re: ticket',
        text: '我們已經收到。',
      }),
    ],
    [
      'takes everything off that says who wrote',
      (got) => ({
        from: 'desk@shop.example',
        to: 'care@harbour.example',
        subject: `Ticket ${got.raw.length}`,
        text: 'We have received your request and will get back to you.',
      }),
    ],
  ])('a help desk that %s stops after three mails at most', async (_, by) => {
    await complains({
      from: 'desk@shop.example',
      subject: 'Ticket 1',
      text: 'Our customer complains about a kettle of yours.',
    })
    const ours = await quiet((got) => by(got))
    // Ours and theirs.
    expect(ours * 2).toBeLessThanOrEqual(3)
  })
})

it('and all of it verifies', async () => {
  expect((await verifyAll(mails.world.app)).findings).toEqual([])
})
