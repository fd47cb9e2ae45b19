import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { noticesOf } from '../notices/domain/index.ts'
import { type Addressed, addressed, saveNotices } from '../notices/index.ts'
import type { StoredEvent } from './chain.ts'
import type { ComplaintState } from './domain/state.ts'
import { audienceOf, clockRow, eventRow, instant, saveLists, stateColumns } from './store.ts'

/** A new complaint, with what only intake writes into its row. */
export type NewComplaintRow = {
  readonly state: ComplaintState
  readonly events: readonly StoredEvent[]
  readonly orderNo: string | null
  readonly authority: unknown
  readonly publicRef: string
  readonly secretHash: Buffer
}

const columns: Readonly<Record<string, string>> = {
  ...typed('text', ['number', 'state', 'channel', 'mode', 'confidentiality', 'type_code', 'severity', 'remedy_code']),
  ...typed('text', ['outcome_code', 'closure_code', 'state_before_merge', 'next_clock', 'waiting_for', 'locale']),
  ...typed('text', ['order_no', 'public_ref', 'head', 'secret_hash']),
  ...typed('int', ['fold_version', 'impact', 'likelihood', 'version']),
  ...typed('boolean', ['open', 'restricted']),
  ...typed('jsonb', ['workflow', 'authority']),
  ...typed('uuid', ['id', 'customer_id', 'owner_id', 'team_id', 'product_id', 'place_id', 'merged_into']),
  ...typed('uuid', ['proposed_by', 'decided_by']),
  ...typed('timestamptz', ['received_at', 'logged_at', 'acknowledged_at', 'first_reply_at', 'decided_at']),
  ...typed('timestamptz', ['responded_at', 'remedy_done_at', 'confirmed_at', 'closed_at', 'next_due_at', 'erased_at']),
  ...typed('timestamptz', ['updated_at']),
}
const bytes = new Set(['head', 'secret_hash'])
const names = Object.keys(columns)
const into = sql.raw(names.join(', '))
const values = sql.raw(names.map((n) => (bytes.has(n) ? `decode(c.${n}, 'hex')` : `c.${n}`)).join(', '))
const shape = sql.raw(names.map((n) => `${n} ${columns[n]}`).join(', '))

function typed(type: string, of: readonly string[]): Record<string, string> {
  return Object.fromEntries(of.map((name) => [name, type]))
}

/**
 * Writes new complaints with their events, clocks and stream rows in one statement, and `also`: more parts of its WITH, for the
 * rows beside them. Lists and news follow. Whom it is news for is told in the same transaction.
 */
export async function insertComplaints(
  tx: Tx,
  org: string,
  all: readonly NewComplaintRow[],
  also: RawBuilder<unknown>,
): Promise<void> {
  const news: (readonly Addressed[])[] = []
  for (const { state, events } of all) news.push(await addressed(tx, org, state.teamId, noticesOf(null, state, events)))
  const rows = all.map(rowOf)
  const events = all.flatMap((one) => one.events.map((e) => ({ complaint: one.state.id, ...eventRow(e) })))
  const clocks = all.flatMap((one) => one.state.clocks.map((c) => ({ complaint: one.state.id, ...clockRow(c) })))
  const told = all.map(({ state, events: own }, i) => ({
    complaint: state.id,
    version: state.version,
    at: instant(own.at(-1)?.at ?? state.loggedAt),
    type: own.at(-1)?.type,
    audience: audienceOf(state),
    noticed: noticedOf(news[i] ?? []),
  }))
  tx.send(
    sql`with events as (
        insert into complaint_event (org_id, complaint_id, seq, type, v, at, actor, payload, prev, hash)
        select ${org}::uuid, e.complaint, e.seq, e.type, e.v, e.at, e.actor, e.payload, decode(e.prev, 'hex'), decode(e.hash, 'hex')
        from jsonb_to_recordset(${JSON.stringify(events)}::jsonb)
          as e(complaint uuid, seq int, type text, v int, at timestamptz, actor jsonb, payload jsonb, prev text, hash text)
      ), clocks as (
        insert into clock (org_id, id, complaint_id, kind, milestone, cycle, state, target, started_at, due_at, internal_due_at, ended_at, breached_at, cause, policy, calendar, provisional, pausable, owner_id)
        select ${org}::uuid, k.id, k.complaint, k.kind, k.milestone, k.cycle, k.state, k.target, k."startedAt", k."dueAt", k."internalDueAt", k."settledAt", k."breachedAt", k.cause, k.policy, k.calendar, k.provisional, k.pausable, k."ownerId"
        from jsonb_to_recordset(${JSON.stringify(clocks)}::jsonb)
          as k(complaint uuid, id uuid, kind text, milestone text, cycle int, state text, target jsonb, "startedAt" timestamptz, "dueAt" timestamptz, "internalDueAt" timestamptz, "settledAt" timestamptz, "breachedAt" timestamptz, cause jsonb, policy jsonb, calendar jsonb, provisional boolean, pausable boolean, "ownerId" uuid)
      ), told as (
        insert into stream (org_id, at, complaint_id, version, type, audience, noticed)
        select ${org}::uuid, t.at, t.complaint, t.version, t.type, t.audience, t.noticed::uuid[]
        from jsonb_to_recordset(${JSON.stringify(told)}::jsonb) as t(at timestamptz, complaint uuid, version int, type text, audience jsonb, noticed text)
      ), ${also}
      insert into complaint (org_id, ${into}) select ${org}::uuid, ${values} from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as c(${shape})`,
    'complaints-insert',
  )
  for (const [i, { state, events: own }] of all.entries()) {
    saveNotices(tx, { org, complaintId: state.id, at: own.at(-1)?.at ?? state.loggedAt }, news[i] ?? [])
    await saveLists(tx, org, null, state)
  }
}

function rowOf({ state, events, orderNo, authority, publicRef, secretHash }: NewComplaintRow): Record<string, unknown> {
  const last = events.at(-1)
  if (!last) throw new Error('a complaint begins with an event')
  return {
    ...stateColumns(state),
    id: state.id,
    workflow: state.workflow,
    version: state.version,
    head: last.hash.toString('hex'),
    updated_at: instant(last.at),
    order_no: orderNo,
    authority,
    public_ref: publicRef,
    secret_hash: secretHash.toString('hex'),
  }
}

function noticedOf(news: readonly { readonly staffId: string }[]): string | null {
  return news.length === 0 ? null : `{${[...new Set(news.map((n) => n.staffId))].join()}}`
}
