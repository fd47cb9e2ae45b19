import { sql } from 'kysely'
import type { z } from 'zod'
import { rowsFor } from '../complaints/index.ts'
import type { Locale } from '../kit/contract/shapes.ts'
import type { Tx } from '../kit/db/database.ts'
import type { StaffActor } from '../people/index.ts'
import type { openCustomer as endpoint } from './contract.ts'
import { readable } from './identify.ts'
import { missing } from './known.ts'
import { mayKnowConfidential, theirs } from './list.ts'
import { perhapsSame, sameCustomer } from './merge.ts'

type Reply = z.input<typeof endpoint.reply>
const iso = (ms: number) => new Date(ms).toISOString()
const isoOrNull = (ms: number | null) => (ms === null ? null : iso(ms))

const mostComplaints = 200

/**
 * Everything this reader may know of a customer, merged entries as one. Entries and complaints they may not see are neither
 * shown nor counted; without any left, there is no such customer.
 */
export async function openCustomer(tx: Tx, actor: StaffActor, id: string, now: number): Promise<Reply> {
  const org = actor.org.id
  const confidential = mayKnowConfidential(actor)
  const known = await knownOf(tx, actor, id, confidential)
  const ids = known.map((k) => k.id)
  const [first] = ids
  if (first === undefined || !ids.includes(id)) throw missing()
  const seen = await tx.rows<{ id: string }>(
    sql`select c.id from complaint c where c.org_id = ${org} and c.customer_id = any (${ids}::uuid[]) and ${sql.raw(theirs('c', confidential))}
        order by c.received_at desc limit ${mostComplaints}`,
  )
  const complaintIds = seen.map((c) => c.id)
  const [head, identities, rows, links, told, promises, notes, changes, samePeople] = await Promise.all([
    headOf(tx, org, first),
    identitiesAt(tx, org, ids, complaintIds),
    rowsFor(tx, actor, complaintIds, now),
    linksAmong(tx, org, complaintIds, confidential),
    toldIn(tx, org, complaintIds),
    promisedIn(tx, org, complaintIds),
    notesOf(tx, actor, ids),
    changesOf(tx, org, ids),
    perhapsSame(tx, org, ids),
  ])
  if (!head) throw missing()
  return {
    ...head,
    createdAt: iso(head.createdAt),
    identities,
    also: known.slice(1),
    samePeople,
    complaints: complaintIds.flatMap((c) => rows.find((r) => r.id === c) ?? []),
    links,
    told,
    promises,
    notes,
    changes,
    mayChange: actor.permissions.has('customer.write'),
  }
}

/** The entries of this person that may be known, the one the others point at first. */
async function knownOf(tx: Tx, actor: StaffActor, id: string, confidential: boolean) {
  const all = await sameCustomer(tx, actor.org.id, id)
  if (all.length === 0) return []
  const may = await tx.rows<{ id: string }>(
    sql`select u.id from customer u where u.org_id = ${actor.org.id} and u.id = any (${all.map((a) => a.id)}::uuid[]) and ${readable('u', confidential)}`,
  )
  return all.filter((a) => may.some((m) => m.id === a.id))
}

type Head = Pick<Reply, 'id' | 'version' | 'name' | 'tier' | 'preferredChannel'> & { locale: Locale; createdAt: number }

function headOf(tx: Tx, org: string, id: string): Promise<Head | undefined> {
  return tx.first<Head>(
    sql`select id, version, name, locale, tier, preferred_channel as "preferredChannel", created_at as "createdAt" from customer where org_id = ${org} and id = ${id}`,
  )
}

async function identitiesAt(tx: Tx, org: string, ids: readonly string[], complaintIds: readonly string[]) {
  type Row = Omit<Reply['identities'][number], 'since' | 'failedAt'> & { since: number; failedAt: number | null }
  const rows = await tx.rows<Row>(
    sql`select i.id, i.customer_id as "customerId", i.kind, i.value, i.verified_at is not null as verified, i.created_at as since, i.not_used as "notUsed",
        case when i.kind = 'mail' then (select max(o.created_at) from outbox o where o.org_id = i.org_id and o.complaint_id = any (${[...complaintIds]}::uuid[])
          and o.recipient = i.value and o.state = 'failed') end as "failedAt"
      from customer_identity i where i.org_id = ${org} and i.customer_id = any (${[...ids]}::uuid[]) order by i.created_at, i.id`,
  )
  return rows.map((r) => ({ ...r, since: iso(r.since), failedAt: isoOrNull(r.failedAt) }))
}

/** How their complaints belong to each other and to others that may be seen too. */
function linksAmong(tx: Tx, org: string, ids: readonly string[], confidential: boolean): Promise<Reply['links']> {
  return tx.rows(
    sql`select x.id as "complaintId", x.kind, x.other as "otherId", c.number from (
        select complaint_id as id, kind, other_id as other from complaint_link where org_id = ${org} and complaint_id = any (${[...ids]}::uuid[])
        union select m.id, 'merged', m.merged_into from complaint m where m.org_id = ${org} and m.id = any (${[...ids]}::uuid[]) and m.merged_into is not null
      ) x join complaint c on c.org_id = ${org} and c.id = x.other where ${sql.raw(theirs('c', confidential))} limit 200`,
  )
}

const mostTold = 20

async function toldIn(tx: Tx, org: string, ids: readonly string[]): Promise<Reply['told']> {
  const rows = await tx.rows<Omit<Reply['told'][number], 'at'> & { at: number }>(
    sql`select m.complaint_id as "complaintId", c.number, m.at, m.channel, left(m.body, 400) as text
      from message m join complaint c on c.org_id = m.org_id and c.id = m.complaint_id
      where m.org_id = ${org} and m.complaint_id = any (${[...ids]}::uuid[]) and m.direction = 'out' and m.visibility = 'public' and not 'cancelled' = any (m.flags)
      order by m.at desc limit ${mostTold}`,
  )
  return rows.map((r) => ({ ...r, at: iso(r.at) }))
}

async function promisedIn(tx: Tx, org: string, ids: readonly string[]): Promise<Reply['promises']> {
  type Row = Omit<Reply['promises'][number], 'dueAt' | 'endedAt'> & { dueAt: number | null; endedAt: number | null }
  const rows = await tx.rows<Row>(
    sql`select k.complaint_id as "complaintId", c.number, coalesce(w.text, '') as words, k.due_at as "dueAt", k.ended_at as "endedAt", k.state, s.name as owner
      from clock k join complaint c on c.org_id = k.org_id and c.id = k.complaint_id
        left join complaint_words w on w.org_id = k.org_id and w.complaint_id = k.complaint_id and w.kind = 'promise' and w.id = (k.cause->>'wordsId')::uuid
        left join staff s on s.org_id = k.org_id and s.id = k.owner_id
      where k.org_id = ${org} and k.complaint_id = any (${[...ids]}::uuid[]) and k.cause->>'rule' = 'promised'
      order by k.ended_at desc nulls first, k.due_at limit 50`,
  )
  return rows.map((r) => ({ ...r, dueAt: isoOrNull(r.dueAt), endedAt: isoOrNull(r.endedAt) }))
}

async function notesOf(tx: Tx, actor: StaffActor, ids: readonly string[]): Promise<Reply['notes']> {
  const rows = await tx.rows<Omit<Reply['notes'][number], 'at'> & { at: number }>(
    sql`select n.id, n.at, coalesce(s.name, '') as by, coalesce(n.staff_id = ${actor.staffId ?? null}::uuid, false) as mine, n.text
      from customer_note n left join staff s on s.org_id = n.org_id and s.id = n.staff_id
      where n.org_id = ${actor.org.id} and n.customer_id = any (${[...ids]}::uuid[]) order by n.at desc limit 100`,
  )
  return rows.map((r) => ({ ...r, at: iso(r.at) }))
}

async function changesOf(tx: Tx, org: string, ids: readonly string[]): Promise<Reply['changes']> {
  const rows = await tx.rows<Omit<Reply['changes'][number], 'at'> & { at: number }>(
    sql`select x.id, x.at, coalesce(s.name, '') as by, x.field, x.before, x.after
      from customer_change x left join staff s on s.org_id = x.org_id and s.id = x.staff_id
      where x.org_id = ${org} and x.customer_id = any (${[...ids]}::uuid[]) order by x.at desc, x.id desc limit 100`,
  )
  return rows.map((r) => ({ ...r, at: iso(r.at) }))
}
