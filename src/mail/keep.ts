import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { newId } from '../kit/ids.ts'
import type { Services } from '../kit/services.ts'
import { together } from '../kit/together.ts'
import { itemKey } from './identity.ts'
import type { Destination } from './mailboxes.ts'

/** What the envelope of a mail said, and by which way it came. */
export type Envelope = {
  readonly via: 'smtp' | 'lmtp' | 'imap' | 'command'
  readonly mailFrom: string
  readonly clientIp: string
  readonly helo: string
}

export type KeptMail = {
  readonly itemId: string
  /** False: this mail is here already, and only noted as delivered again. */
  readonly fresh: boolean
}

/** A mail to be kept for one organisation; `now` (epoch ms): when it came. */
export type ToKeep = {
  readonly to: Pick<Destination, 'mailboxIds' | 'rcptTo'>
  readonly envelope: Envelope
  readonly raw: Buffer
  readonly now: number
}

/** Keeps one mail, as `keepMails` does. */
export async function keepMail(
  app: Pick<Services, 'db'>,
  to: Destination,
  envelope: Envelope,
  raw: Buffer,
  now: number,
): Promise<KeptMail> {
  const [kept] = await keepMails(app, to.org, [{ to, envelope, raw, now }])
  if (!kept) throw new Error('a mail was kept without a word')
  return kept
}

/**
 * Keeps mails as they came, each once an organisation however often and to however many of its mailboxes it is sent: when this
 * resolves all are committed, in one transaction. Nothing of them is read yet.
 */
export async function keepMails(app: Pick<Services, 'db'>, org: string, mails: readonly ToKeep[]): Promise<KeptMail[]> {
  const keyed = mails.map(keyedOf)
  // Two programs that keep the same mails wait for each other in one order.
  const sorted = keyed.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  return app.db.withScope({ org }, async (tx) => {
    const fresh = await insertAll(tx, org, sorted)
    const again = sorted.filter((m) => !fresh.has(m.id))
    const anew = again.length === 0 ? [] : await asideBefore(tx, org, again)
    for (const id of anew.length === 0 ? [] : await insertAll(tx, org, anew)) fresh.add(id)
    const noted = new Map<string, string>()
    for (const m of again) {
      const { key } = anew.find((a) => a.id === m.id) ?? m
      if (!fresh.has(m.id)) noted.set(m.id, await noteAgain(tx, org, key, m.to))
    }
    return keyed.map(({ id }) => ({ itemId: noted.get(id) ?? id, fresh: fresh.has(id) }))
  })
}

type Keyed = ToKeep & { readonly id: string; readonly key: string; readonly sum: Buffer }

function keyedOf(mail: ToKeep): Keyed {
  const { raw, envelope, to, now } = mail
  const known = envelope.via === 'smtp' || envelope.via === 'lmtp'
  const key = itemKey(raw, { mailFrom: known ? envelope.mailFrom : null, rcptTo: to.rcptTo })
  return { ...mail, id: newId(now), key, sum: createHash('sha256').update(raw).digest() }
}

/** Inserts those that are not here yet: their ids. */
async function insertAll(tx: Tx, org: string, sorted: readonly Keyed[]): Promise<Set<string>> {
  const rows = sorted.map(({ id, key, to, envelope, now }) => ({
    id,
    key,
    at: new Date(now).toISOString(),
    boxes: to.mailboxIds,
    rcpt: to.rcptTo.map(cut),
    via: envelope.via,
    from: cut(envelope.mailFrom),
    ip: cut(envelope.clientIp),
    helo: cut(envelope.helo),
  }))
  const raws = sorted.map((m) => m.raw)
  const sums = sorted.map((m) => m.sum)
  const kept = await tx.rows<{ id: string }>(
    sql`with given as materialized (
        select * from rows from (jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
            as (id uuid, key text, at timestamptz, boxes jsonb, rcpt jsonb, via text, "from" text, ip text, helo text),
          unnest(${bytesSql(raws)}), unnest(${bytesSql(sums)})) as g(id, key, at, boxes, rcpt, via, "from", ip, helo, raw, sum)),
      item as (
        insert into inbound_item (org_id, id, channel, external_id, received_at, logged_at, raw, sha256, state)
        select ${org}::uuid, id, 'email', key, at, at, raw, sum, 'waiting' from given
        on conflict (org_id, channel, external_id) do nothing returning id)
      insert into inbound_mail (org_id, item_id, mailbox_ids, via, mail_from, rcpt_to, client_ip, helo, received_at, next_try_at)
      select ${org}::uuid, g.id, array(select jsonb_array_elements_text(g.boxes)::uuid), g.via, g."from", array(select jsonb_array_elements_text(g.rcpt)),
        g.ip, g.helo, g.at, g.at from given g join item on item.id = g.id returning item_id as id`,
    raws.length === 1 ? 'mail-keep-one' : 'mail-keep',
  )
  return new Set(kept.map((k) => k.id))
}

/**
 * Those of these whose like was set aside before, in other bytes: perhaps for something that is not in this one, so that each is
 * an item of its own, under a key of its own.
 */
async function asideBefore(tx: Tx, org: string, again: readonly Keyed[]): Promise<Keyed[]> {
  const rows = await tx.rows<{ key: string; sum: Buffer }>(
    sql`select external_id as key, sha256 as sum from inbound_item where org_id = ${org} and channel = 'email'
        and external_id = any (${again.map((m) => m.key)}::text[]) and state in ('parked', 'rejected')`,
  )
  const aside = new Map(rows.map((r) => [r.key, r.sum]))
  return again.flatMap((m) => {
    const before = aside.get(m.key)
    return before && !before.equals(m.sum) ? [{ ...m, key: `${m.key}:${m.sum.toString('base64url')}` }] : []
  })
}

/** One goes as bytes; several as text, twice as long: small ones. */
const bytesSql = (all: readonly Buffer[]) => (all.length === 1 ? sql`array[${all[0]}::bytea]` : sql`${all}::bytea[]`)

/** Mails at once, and their bytes: a large one goes alone. */
const mostAtOnce = 20
const mostBytes = 1024 * 1024

/** Keeps mails of many connections: what comes while one commits is committed together, each organisation's for itself. */
export function openKeeper(app: Pick<Services, 'db'>): (org: string, mail: ToKeep) => Promise<KeptMail> {
  const lanes = new Map<string, { readonly keep: (mail: ToKeep) => Promise<KeptMail>; under: number }>()
  return async (org, mail) => {
    const lane = lanes.get(org) ?? {
      keep: together<ToKeep, KeptMail>((all) => keepMails(app, org, all), {
        most: mostAtOnce,
        weight: (one) => one.raw.length,
        mostWeight: mostBytes,
      }),
      under: 0,
    }
    lanes.set(org, lane)
    lane.under += 1
    try {
      return await lane.keep(mail)
    } finally {
      lane.under -= 1
      if (lane.under === 0) lanes.delete(org)
    }
  }
}

/** The same mail again: counted, and where it came too. */
async function noteAgain(
  tx: Tx,
  org: string,
  key: string,
  { mailboxIds, rcptTo }: Pick<Destination, 'mailboxIds' | 'rcptTo'>,
): Promise<string> {
  const row = await tx.first<{ id: string }>(
    sql`update inbound_mail m set deliveries = m.deliveries + 1,
          mailbox_ids = m.mailbox_ids || array(select x from unnest(${[...mailboxIds]}::uuid[]) x where x <> all (m.mailbox_ids)),
          rcpt_to = m.rcpt_to || array(select x from unnest(${rcptTo.map(cut)}::text[]) x where x <> all (m.rcpt_to) limit 20)
        where m.org_id = ${org} and m.item_id = (select id from inbound_item where org_id = ${org} and channel = 'email' and external_id = ${key})
        returning m.item_id as id`,
  )
  if (!row) throw new Error('an item of a mail has no mail beside it')
  return row.id
}

// oxlint-disable-next-line no-control-regex -- PostgreSQL keeps no NUL
const cut = (text: string) => text.replaceAll('\u0000', '').slice(0, 1_000)

/** Has what waits in an organisation taken in: a worker looks soon. Lost, a look each minute finds it. */
export async function wakeTakeIn(app: Pick<Services, 'db'>, org: string): Promise<void> {
  await app.db.withScope({ org }, (tx) =>
    tx.run(sql`select enqueue_job('take_in_mail', ${JSON.stringify({ org })}::json, ${`mail:${org}`})`),
  )
}
