import { ImapFlow } from 'imapflow'
import { expect } from 'vitest'
import { startWorld, type World } from '../../../../test/world/world.ts'
import type { Database } from '../../../kit/db/database.ts'
import { addMailbox, rawMail } from '../../mail-world.ts'
import type { Fetching as FetchingItem } from '../contract.ts'
import { type Fetching, startFetching } from '../fetching.ts'
import { type Peer, startDovecot } from './dovecot.ts'
import { startScriptedPeer } from './scripted-peer.ts'

export type Line = { down: boolean }
type Values = Record<string, unknown>

/** A house, a mail server beside it, and another mail program that looks at the same folders. */
export async function startImapWorld() {
  const world = await startWorld({ env: { REDRESS_MAIL_MAX_MB: '1' } })
  const peer = await startPeer()
  const other = new ImapFlow({
    host: '127.0.0.1',
    port: peer.port,
    secure: false,
    doSTARTTLS: false,
    auth: { user: peer.user, pass: peer.password },
    logger: false,
    disableAutoIdle: true,
  })
  other.on('error', () => undefined)
  await other.connect()
  const running = new Set<Fetching>()
  const rows = async <T>(query: string, values: unknown[] = []) =>
    (await world.app.systemDb.pool.query(query, values)).rows as T[]
  const at = (id: string) => `/api/v1/settings/mailboxes/${id}`
  const versionOf = async (id: string) =>
    (await rows<{ version: number }>('select version from mailbox where id = $1', [id]))[0]?.version
  const given = (folder: string, more: Values = {}) => ({
    host: '127.0.0.1',
    port: peer.port,
    security: 'plain',
    user: peer.user,
    password: peer.password,
    folder,
    ...more,
  })
  return {
    world,
    peer,
    rows,
    given,
    set: async (id: string, body: Values) =>
      world.as('admin')('PUT', `${at(id)}/fetching`, { ...body, version: await versionOf(id) }),
    look: async (id: string, body: Values) => (await world.as('admin')('POST', `${at(id)}/looks`, body)).json(),
    /** A mailbox that is fetched from a folder of its own, with these mails in it already. */
    async connect(folder: string, options: { there?: readonly string[]; settings?: Values } = {}) {
      await other.mailboxCreate(folder)
      for (const raw of options.there ?? []) await other.append(folder, raw)
      const id = await addMailbox(world, 'home', `${folder.toLowerCase()}@harbour.example`)
      const reply = await this.set(id, given(folder, options.settings))
      expect(reply.statusCode, reply.body).toBe(200)
      return id
    },
    other,
    append: (folder: string, raw: string, flags: string[] = []) => other.append(folder, raw, flags),
    /** How the server has each mail of a folder: seen or not. */
    async flags(folder: string): Promise<boolean[]> {
      // Only looked at: closing a folder that was opened to change it would remove what is marked as deleted there.
      const lock = await other.getMailboxLock(folder, { readOnly: true })
      try {
        await other.noop()
        const found =
          other.mailbox && other.mailbox.exists === 0 ? [] : await other.fetchAll('1:*', { uid: true, flags: true })
        return found.map((f) => f.flags?.has('\\Seen') === true)
      } finally {
        lock.release()
        await other.mailboxClose()
      }
    },
    /** A worker that fetches; `line` takes its database away. */
    fetch(line: Line = { down: false }) {
      const db: Database = {
        ...world.app.db,
        withScope: (scope, work, mode) =>
          line.down
            ? Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }))
            : world.app.db.withScope(scope, work, mode),
      }
      const pace = { pollMs: 60_000, againMs: 50, mostMs: 200 }
      const fetching = startFetching({ ...world.app, db }, { pace, everyMs: 100 })
      running.add(fetching)
      return {
        async stop() {
          running.delete(fetching)
          await fetching.stop()
        },
      }
    },
    /** What came to a mailbox, oldest first. */
    items: (id: string) =>
      rows<{ state: string; reason: string | null; deliveries: number; raw: Buffer }>(
        `select i.state, i.reason, m.deliveries, i.raw from inbound_mail m join inbound_item i on i.org_id = m.org_id and i.id = m.item_id
         where $1::uuid = any (m.mailbox_ids) order by i.id`,
        [id],
      ),
    async state(id: string): Promise<FetchingItem | undefined> {
      const { items } = (await world.as('admin')('GET', '/api/v1/settings/fetching')).json()
      return items.find((i: FetchingItem) => i.mailboxId === id)
    },
    until: <T>(ask: () => Promise<T>) => expect.poll(ask, { timeout: 8_000, interval: 30 }),
    async stop() {
      await Promise.all([...running].map((f) => f.stop()))
      other.close()
      await peer.stop()
      await world.stop()
    },
  }
}
export type ImapWorld = Awaited<ReturnType<typeof startImapWorld>>
export type { World }

let n = 0
/** A mail that is like no other. */
export const mail = (text = '包裹沒有到', headers: Record<string, string> = {}) =>
  rawMail({ subject: `No. ${++n}`, text, headers, messageId: `imap-${n}@customer.example` })

/** Dovecot where it is installed; `REDRESS_IMAP_PEER=scripted` asks for the other. */
async function startPeer(): Promise<Peer> {
  const dovecot = process.env['REDRESS_IMAP_PEER'] === 'scripted' ? undefined : await startDovecot()
  return dovecot ?? startScriptedPeer()
}
