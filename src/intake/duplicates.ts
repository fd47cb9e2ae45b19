import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'

const windowMs = 30 * 86_400_000

export type Candidate = {
  readonly id: string
  readonly reason: 'identity' | 'contact' | 'order' | 'text'
  readonly score: number
}

/** A number or mail as the complainant gave it, in its normal form; nobody has proven it. */
export type Contact = { readonly kind: string; readonly norm: string }

/**
 * 併案 candidates of a new complaint within 30 days: the same order number, near-same words (shared band keys), or the same
 * number or mail given by somebody who named themselves (`contacts`; none for whom that would give away). Only suggested;
 * a person decides. Merged ones are left out.
 */
export function findAlike(
  tx: Tx,
  org: string,
  given: {
    id: string
    orderNo: string | null
    bands: readonly number[]
    contacts: readonly Contact[]
    receivedAt: number
  },
): Promise<Candidate[]> {
  const { contacts } = given
  const since = new Date(given.receivedAt - windowMs)
  return tx.rows<Candidate>(
    sql`
    (select c.id, 'order' as reason, 1::real as score from complaint c
      where c.org_id = ${org} and c.order_no = ${given.orderNo}::text and c.received_at >= ${since} and c.id <> ${given.id} and c.state <> 'merged'
      order by c.received_at desc limit 5)
    union all
    -- The state is asked of those found, and contacts are looked up one after the other (OFFSET 0): a plan made while there was
    -- hardly a row, kept by its connection, joined by walking through all complaints (10 ms a mail at 3,000).
    (select n.complaint_id, 'text', n.score from (
      select b.complaint_id, (count(*)::real / ${Math.max(given.bands.length, 1)})::real as score
      from (select distinct k from unnest(${given.bands}::bigint[]) k) keys cross join lateral (
          select t.complaint_id from text_band t where t.org_id = ${org} and t.band = keys.k and t.at >= ${since} and t.complaint_id <> ${given.id}
          order by t.complaint_id desc limit ${sql.lit(mostOfBand)}) b
      group by b.complaint_id having count(*) >= ${leastShared(given.bands)}) n
      where (select c.state <> 'merged' from complaint c where c.org_id = ${org} and c.id = n.complaint_id)
      order by n.score desc limit 5)
    union all
    (select d.id, 'contact', 0.5::real from (
      select distinct c.id, c.received_at
      from unnest(${contacts.map((x) => x.kind)}::text[], ${contacts.map((x) => x.norm)}::text[]) as g(kind, norm)
        cross join lateral (select i.customer_id from customer_identity i where i.org_id = ${org} and i.kind = g.kind and i.norm = g.norm offset 0) i
        cross join lateral (select c.id, c.received_at from complaint c where c.org_id = ${org} and c.customer_id = i.customer_id and c.mode = 'named'
          and c.received_at >= ${since} and c.id <> ${given.id} and c.state <> 'merged' order by c.received_at desc limit 5) c) d
      order by d.received_at desc limit 5)`,
    'alike',
  )
}

/** Of each key the newest: a thousand mails of one text must not be counted anew by each of them (3,500 cost 100 ms a mail). */
const mostOfBand = 60

/**
 * How many band keys near-same texts share. One of 16 is shared by texts that have four tenths of their pairs in common, as
 * letters about the same matter do; a quarter of them by those that have seven tenths (85 of 100) and hardly others (2 of 100 at four tenths).
 */
function leastShared(bands: readonly number[]): number {
  return Math.max(1, Math.ceil(bands.length / 4))
}

/** The other complaints of the same named customer within 30 days, newest first. */
export function findOfCustomer(
  tx: Tx,
  org: string,
  given: { id: string; customerId: string; receivedAt: number },
): Promise<Candidate[]> {
  return tx.rows<Candidate>(
    sql`select c.id, 'identity' as reason, 1::real as score from complaint c
      where c.org_id = ${org} and c.customer_id = ${given.customerId} and c.mode = 'named' and c.received_at >= ${new Date(given.receivedAt - windowMs)}
        and c.id <> ${given.id} and c.state <> 'merged'
      order by c.received_at desc limit 5`,
    'same-customer',
  )
}

/** The words of a complaint, as they are compared. */
export type Words = { readonly id: string; readonly bands: readonly number[]; readonly receivedAt: number }

/** The part of a WITH that remembers the words of complaints, so that later ones are found to be alike. */
export function rememberingWords(org: string, all: readonly Words[]): RawBuilder<unknown> {
  const rows = all.map(({ id, bands, receivedAt }) => ({ id, bands, at: new Date(receivedAt).toISOString() }))
  return sql`bands as (
      insert into text_band (org_id, band, complaint_id, at)
      select distinct ${org}::uuid, b::bigint, x.id, x.at from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(id uuid, bands jsonb, at timestamptz)
        cross join lateral jsonb_array_elements_text(x.bands) b
    )`
}

/** Whether one's words would be found to be like those of another. */
export function sharesWords(one: readonly number[], other: readonly number[]): boolean {
  const keys = new Set(other)
  return new Set(one.filter((k) => keys.has(k))).size >= leastShared(one)
}

/** Keeps what is suggested, so that a dismissal is remembered too. */
export function suggest(tx: Tx, org: string, id: string, candidates: readonly Candidate[], now: number): void {
  if (candidates.length === 0) return
  tx.send(
    sql`insert into duplicate_suggestion (org_id, complaint_id, other_id, reason, score, created_at)
      select ${org}::uuid, ${id}::uuid, x.id, x.reason, x.score, ${new Date(now)}
      from jsonb_to_recordset(${JSON.stringify(candidates)}::jsonb) as x(id uuid, reason text, score real) on conflict do nothing`,
    'suggest',
  )
}
