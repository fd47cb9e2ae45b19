import { type RawBuilder, sql } from 'kysely'
import type { Labels } from '../kit/contract/shapes.ts'
import type { Tx } from '../kit/db/database.ts'
import { publicTitle } from './doors.ts'
import type { Together } from './public-merge.ts'

/** What the complainant may know of their complaint. */
export type PublicView = {
  readonly id: string
  readonly number: string
  readonly state: string
  readonly open: boolean
  readonly mode: string
  readonly workflow: { key: string; version: number }
  readonly waitingFor: string | null
  readonly ownerName: string | null
  readonly title: string
  readonly publicRef: string
  readonly receivedAt: number
  readonly acknowledgedAt: number | null
  readonly firstReplyAt: number | null
  readonly respondedAt: number | null
  readonly remedyDoneAt: number | null
  readonly closedAt: number | null
  /** They took it back, and it goes on because somebody may be at risk. */
  readonly withdrawalNoted: boolean
  /** The place's zone and law; the organisation's zone where no place is known. */
  readonly zone: string | null
  readonly jurisdiction: string | null
  readonly placeName: Labels | null
  /** The end of the number they are called on; null where they left an address to write to, or no number. */
  readonly calledOn: string | null
}

export type PublicMessage = {
  id: string
  direction: 'in' | 'out'
  body: string
  at: number
  /** The number of the complaint this was answered together with. */
  together?: string
}
export type PublicFile = {
  id: string
  messageId: string | null
  name: string
  size: number
  mediaType: string
  sha256: string
}

/** By public reference, for comparing the secret's hash. */
export function secretOf(tx: Tx, org: string, publicRef: string): Promise<{ id: string; hash: Buffer } | undefined> {
  return tx.first(
    sql`select id, secret_hash as hash from complaint where org_id = ${org} and public_ref = ${publicRef}`,
    'portal-secret',
  )
}

export function secretHashOf(tx: Tx, org: string, id: string): Promise<{ hash: Buffer } | undefined> {
  return tx.first(sql`select secret_hash as hash from complaint where org_id = ${org} and id = ${id}`)
}

export function publicView(tx: Tx, org: string, id: string): Promise<PublicView | undefined> {
  return tx.first(
    sql`select c.id, c.number, c.state, c.open, c.mode, c.workflow, c.waiting_for as "waitingFor", s.name as "ownerName",
          ${publicTitle} as title, c.public_ref as "publicRef", c.received_at as "receivedAt",
          c.acknowledged_at as "acknowledgedAt", c.first_reply_at as "firstReplyAt", c.responded_at as "respondedAt",
          c.remedy_done_at as "remedyDoneAt", c.closed_at as "closedAt",
          c.open and exists (select from complaint_event e where e.org_id = c.org_id and e.complaint_id = c.id and e.type = 'withdrawal_asked') as "withdrawalNoted", p.zone, p.jurisdiction, p.name as "placeName",
          case when c.mode <> 'anonymous' then (select max(right(regexp_replace(i.value, '[^0-9]', '', 'g'), 3)) filter (where i.kind = 'phone') from customer_identity i
            where i.org_id = c.org_id and i.customer_id = c.customer_id and i.not_used is null having not bool_or(i.kind = 'mail')) end as "calledOn"
        from complaint c
        left join complaint_text t on t.org_id = c.org_id and t.complaint_id = c.id
        left join staff s on s.org_id = c.org_id and s.id = c.owner_id
        left join place p on p.org_id = c.org_id and p.id = c.place_id
        where c.org_id = ${org} and c.id = ${id}`,
    'portal-view',
  )
}

/**
 * What was said by the complainant, and to them once it has left the outbox; never a note. What was answered on the
 * complaint this one is merged into is said to them too, from then on; what was said to it by others is not.
 */
export async function publicMessages(
  tx: Tx,
  org: string,
  id: string,
  now: number,
  together?: Together,
): Promise<PublicMessage[]> {
  const own = await ownMessages(tx, org, id, now)
  if (!together) return own
  const answers = (await answersSince(tx, org, together, now)).map((m) => ({ ...m, together: together.number }))
  return [...own, ...answers].sort((a, b) => a.at - b.at)
}

/** Taken back, as the history says, or still to be taken back. A mail that failed was said: here they can read it. */
export const notLeft = (message: RawBuilder<unknown>, { org, id, now }: { org: string; id: string; now: number }) =>
  sql`(exists (select from outbox o where o.org_id = ${org} and o.complaint_id = ${id} and o.message_id = ${message} and o.not_before > ${new Date(now)})
    or exists (select from complaint_event t where t.org_id = ${org} and t.complaint_id = ${id} and t.type = 'reply_cancelled'
      and t.payload#>>'{facts,messageId}' = ${message}::text))`

function answersSince(tx: Tx, org: string, { id, sinceSeq }: Together, now: number): Promise<PublicMessage[]> {
  return tx.rows(
    sql`select m.id, m.direction, m.body, m.at
        from complaint_event e join message m on m.org_id = e.org_id and m.complaint_id = e.complaint_id and m.id = (e.payload#>>'{facts,messageId}')::uuid
        where e.org_id = ${org} and e.complaint_id = ${id} and e.seq > ${sinceSeq} and m.visibility = 'public' and m.direction = 'out' and not ${notLeft(sql`m.id`, { org, id, now })}
        order by m.at, m.id limit 500`,
  )
}

function ownMessages(tx: Tx, org: string, id: string, now: number): Promise<PublicMessage[]> {
  return tx.rows(
    sql`select m.id, m.direction, m.body, m.at from message m
        where m.org_id = ${org} and m.complaint_id = ${id} and m.visibility = 'public' and m.direction in ('in', 'out') and not ${notLeft(sql`m.id`, { org, id, now })}
        order by m.at, m.id limit 500`,
  )
}

/** Files of those messages, and public ones that belong to none. */
export async function publicFiles(
  tx: Tx,
  org: string,
  id: string,
  now: number,
  together?: Together,
): Promise<PublicFile[]> {
  const own = await filesOf(tx, org, id, now)
  if (!together) return own
  const answers = new Set((await answersSince(tx, org, together, now)).map((m) => m.id))
  const theirs = await filesOf(tx, org, together.id, now)
  return [...own, ...theirs.filter((f) => f.messageId !== null && answers.has(f.messageId))]
}

function filesOf(tx: Tx, org: string, id: string, now: number): Promise<PublicFile[]> {
  return tx.rows(
    sql`select a.id, a.message_id as "messageId", a.name, a.size, a.media_type as "mediaType", encode(a.sha256, 'hex') as sha256
        from attachment a left join message m on m.org_id = a.org_id and m.complaint_id = a.complaint_id and m.id = a.message_id
        where a.org_id = ${org} and a.complaint_id = ${id} and a.visibility = 'public'
          and (a.message_id is null or (m.visibility = 'public' and m.direction in ('in', 'out')))
          and not ${notLeft(sql`a.message_id`, { org, id, now })}
        order by a.created_at, a.id limit 200`,
  )
}
