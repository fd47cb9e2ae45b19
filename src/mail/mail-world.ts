import { randomBytes } from 'node:crypto'
import nodemailer from 'nodemailer'
import { sql } from 'kysely'
import { ms, startWorld, type World } from '../../test/world/world.ts'
import { newId } from '../kit/ids.ts'
import { noteBounce } from '../replies/bounced.ts'
import { type Listening, listenForMail } from './listener.ts'
import { rescueMail, takeInWaiting } from './jobs.ts'
import { openReader } from './read/reader.ts'
import type { Outcome, Read, TakeIn } from './take-in.ts'

// A house with mailboxes, a listener on a port of its own, and people who write to it.

export type Post = {
  from?: string
  to?: string
  cc?: string
  subject?: string
  text?: string
  messageId?: string | false
  inReplyTo?: string
  references?: string[]
  headers?: Record<string, string>
  date?: string
  type?: string
}

export async function startMailWorld(options: { read?: (read: Read) => Read; env?: Record<string, string> } = {}) {
  const world = await startWorld({
    env: { REDRESS_PUBLIC_URL: 'http://redress.example', REDRESS_MAIL_TRUSTED: 'mx.harbour.example', ...options.env },
  })
  const listening = await listenForMail(world.app, { protocol: 'smtp', host: '127.0.0.1', port: 0 })
  const reader = openReader({ workers: 1 })
  const at: TakeIn = {
    app: world.app,
    read: options.read?.(reader.read) ?? reader.read,
    noteBounce: (org, outboxId, status) => noteBounce(world.app, org, outboxId, status),
  }
  const home = await addMailbox(world, 'home', 'care@harbour.example')
  const second = await addMailbox(world, 'home', 'help@harbour.example')
  const neighbour = await addMailbox(world, 'neighbour', 'care@neighbour.example')
  const port = Number(listening.address.split(':').at(-1))
  const outcomes: Outcome[] = []
  const drain = async () => {
    outcomes.length = 0
    for (const house of ['home', 'neighbour'] as const)
      await takeInWaiting(at, { org: world[house].org }, (o) => outcomes.push(o), ms.minute)
    return [...outcomes]
  }
  return {
    world,
    listening,
    at,
    port,
    mailboxes: { home, second, neighbour },
    drain,
    send: (post: Post, envelope?: { from?: string; to?: string | string[] }) => deliver(port, post, envelope),
    /** Sends, has it taken in, and gives what it became. */
    async take(post: Post, envelope?: { from?: string; to?: string | string[] }) {
      await deliver(port, post, envelope)
      return (await drain())[0]
    },
    /** With the pauses between tries over. */
    async again() {
      world.clock.advance(10 * ms.minute)
      await rescueMail(world.app)
      return drain()
    },
    page: async (id: string) => (await world.as('lead')('GET', `/api/v1/complaints/${id}`)).json(),
    rows: async <T>(query: string, values: unknown[] = []): Promise<T[]> =>
      (await world.app.systemDb.pool.query(query, values)).rows as T[],
    async stop() {
      await listening.stop()
      await reader.close()
      await world.stop()
    },
  }
}
export type MailWorld = Awaited<ReturnType<typeof startMailWorld>>
export type { Listening }

export async function addMailbox(world: World, house: 'home' | 'neighbour', address: string): Promise<string> {
  const org = world[house].org
  const id = newId(world.clock.now)
  await world.app.db.withScope({ org }, async (tx) => {
    await tx.run(
      sql`insert into mailbox (org_id, id, address, name, locale, created_at) values (${org}, ${id}, ${address}, '海港客服', 'zh-Hant', ${new Date(world.clock.now)})`,
    )
    await tx.run(sql`select claim_mailbox_address(${id}, ${address})`)
  })
  return id
}

export const newMessageId = () => `${randomBytes(8).toString('hex')}@customer.example`

export function rawMail(post: Post): string {
  const id = post.messageId === undefined ? newMessageId() : post.messageId
  const heads = [
    `From: ${post.from ?? 'Lin <lin@customer.example>'}`,
    `To: ${post.to ?? 'care@harbour.example'}`,
    ...(post.cc ? [`Cc: ${post.cc}`] : []),
    `Subject: ${post.subject ?? 'Kettle'}`,
    `Date: ${post.date ?? 'Tue, 03 Mar 2026 09:58:00 +0800'}`,
    ...(id === false ? [] : [`Message-ID: <${id}>`]),
    ...(post.inReplyTo ? [`In-Reply-To: <${post.inReplyTo}>`] : []),
    ...(post.references ? [`References: ${post.references.map((r) => `<${r}>`).join(' ')}`] : []),
    ...Object.entries(post.headers ?? {}).map(([k, v]) => `${k}: ${v}`),
    'MIME-Version: 1.0',
    `Content-Type: ${post.type ?? 'text/plain; charset=utf-8'}`,
    'Content-Transfer-Encoding: 8bit',
  ]
  const text = post.text ?? '熱水壺第二次跳電，要求退款。'
  return `${heads.join('\r\n')}\r\n\r\n${text.replaceAll(/\r?\n/g, '\r\n')}\r\n`
}

async function deliver(port: number, post: Post, envelope: { from?: string; to?: string | string[] } = {}) {
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true })
  try {
    const to = envelope.to ?? [...(post.to ?? 'care@harbour.example').matchAll(/[^\s<>,]+@[^\s<>,]+/g)].map((m) => m[0])
    return await transport.sendMail({
      envelope: { from: envelope.from ?? 'bounce@customer.example', to },
      raw: rawMail(post),
    })
  } finally {
    transport.close()
  }
}

/** A report that a mail of ours did not arrive, with that mail's head. */
export function bounceOf(messageId: string, status = '5.1.1'): Post {
  return {
    from: 'MAILER-DAEMON@mx.customer.example',
    subject: 'Undelivered Mail Returned to Sender',
    type: 'multipart/report; report-type=delivery-status; boundary="b"',
    text: [
      '--b',
      'Content-Type: text/plain',
      '',
      'I could not deliver it.',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.customer.example',
      '',
      'Final-Recipient: rfc822; wu@customer.example',
      `Action: ${status.startsWith('5') ? 'failed' : 'delayed'}`,
      `Status: ${status}`,
      '--b',
      'Content-Type: text/rfc822-headers',
      '',
      'From: care@harbour.example',
      `Message-ID: <${messageId}>`,
      'Subject: Re: Kettle',
      '',
      '--b--',
    ].join('\n'),
  }
}
