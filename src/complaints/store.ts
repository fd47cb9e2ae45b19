import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { noticesOf } from '../notices/domain/index.ts'
import { addressed, saveNotices } from '../notices/index.ts'
import { fold, foldVersion, type ComplaintState, nextClock } from './domain/state.ts'
import type { StoredEvent } from './chain.ts'
import { type EventActor, liftedTypes, type NewEvent, upcast } from './domain/event.ts'

/** A complaint as loaded for a command: folded state, and the head its next event chains onto. */
export type Loaded = { readonly state: ComplaintState; readonly head: { readonly seq: number; readonly hash: Buffer } }

type EventRow = {
  seq: number
  type: string
  v: number
  at: number
  actor: EventActor
  payload: NewEvent['payload']
  prev: Buffer
  hash: Buffer
}

/** The history, oldest first, in today's event versions. */
export async function loadEvents(tx: Tx, org: string, id: string): Promise<StoredEvent[]> {
  const rows = await tx.rows<EventRow>(
    sql`select seq, type, v, at, actor, payload, prev, hash from complaint_event where org_id = ${org} and complaint_id = ${id} order by seq`,
    'complaint-events',
  )
  return rows.map((r) => ({ ...r, payload: upcast(r.type, r.v, r.payload) }))
}

/**
 * Locks the state row, after or before that of its survivor by the order of their ids, and folds the history; undefined when
 * there is no such complaint.
 */
export async function lockComplaint(tx: Tx, org: string, id: string): Promise<Loaded | undefined> {
  const rows = await tx.rows<{ id: string; version: number; head: Buffer }>(
    sql`select id, version, head from complaint where org_id = ${org} and id = any (array(
        select unnest(array[c.id, c.merged_into]) from complaint c where c.org_id = ${org} and c.id = ${id})) order by id for update`,
    'complaint-lock',
  )
  const row = rows.find((r) => r.id === id)
  if (!row) return undefined
  const state = { ...fold(id, await loadChanges(tx, org, id)), version: row.version }
  return { state, head: { seq: row.version, hash: row.head } }
}

/** What a fold needs of the history: thousands of notes and messages that changed nothing stay where they are. */
async function loadChanges(tx: Tx, org: string, id: string): Promise<Pick<StoredEvent, 'seq' | 'payload'>[]> {
  const rows = await tx.rows<Pick<EventRow, 'seq' | 'type' | 'v' | 'payload'>>(
    sql`select seq, type, v, payload from complaint_event where org_id = ${org} and complaint_id = ${id}
      and (payload->'changes' <> '{}'::jsonb or type = any (${liftedTypes}::text[])) order by seq`,
    'complaint-changes',
  )
  return rows.map((r) => ({ seq: r.seq, payload: upcast(r.type, r.v, r.payload) }))
}

export const instant = (ms: number | null) => (ms === null || ms === Infinity ? null : new Date(ms).toISOString())

/** The folded columns of the state row, in the words of the table. */
export function stateColumns(state: ComplaintState): Record<string, unknown> {
  const next = nextClock(state)
  return {
    number: state.number,
    fold_version: foldVersion,
    state: state.state,
    open: state.open,
    workflow: JSON.stringify(state.workflow),
    channel: state.channel,
    mode: state.mode,
    confidentiality: state.confidentiality,
    restricted: state.confidentiality !== 'normal',
    customer_id: state.customerId,
    owner_id: state.ownerId,
    team_id: state.teamId,
    type_code: state.typeCode,
    product_id: state.productId,
    place_id: state.placeId,
    impact: state.impact,
    likelihood: state.likelihood,
    severity: state.severity,
    remedy_code: state.remedyCode,
    outcome_code: state.outcomeCode,
    closure_code: state.closureCode,
    merged_into: state.mergedInto,
    state_before_merge: state.stateBeforeMerge,
    proposed_by: state.proposedBy,
    decided_by: state.decidedBy,
    received_at: instant(state.receivedAt),
    logged_at: instant(state.loggedAt),
    acknowledged_at: instant(state.acknowledgedAt),
    first_reply_at: instant(state.firstReplyAt),
    decided_at: instant(state.decidedAt),
    responded_at: instant(state.respondedAt),
    remedy_done_at: instant(state.remedyDoneAt),
    confirmed_at: instant(state.confirmedAt),
    closed_at: instant(state.closedAt),
    next_due_at: next ? instant(next.dueAt) : 'infinity',
    next_clock: next?.kind ?? null,
    waiting_for: state.waitingFor,
    locale: state.locale,
    erased_at: instant(state.erasedAt),
  }
}

/** Whom the live stream may tell: what the visibility predicate reads. */
export function audienceOf(state: ComplaintState): Record<string, unknown> {
  return {
    teamId: state.teamId,
    ownerId: state.ownerId,
    restricted: state.confidentiality !== 'normal',
    access: state.access,
    helpers: state.helpers.map((h) => h.staffId),
    subjects: state.subjects,
  }
}

/** An event in the words of its table, as JSON. */
export const eventRow = (e: StoredEvent) => ({
  ...e,
  at: instant(e.at),
  prev: e.prev.toString('hex'),
  hash: e.hash.toString('hex'),
})

/** A clock, as JSON. */
export const clockRow = (c: ComplaintState['clocks'][number]) => ({
  ...c,
  startedAt: instant(c.startedAt),
  dueAt: instant(c.dueAt),
  internalDueAt: instant(c.internalDueAt),
  settledAt: instant(c.settledAt),
  breachedAt: instant(c.breachedAt),
})

/**
 * Writes new events, the state folded from them, the clocks that changed and the stream row in one statement; lists that
 * changed follow (a new complaint is written by `insertComplaints`). Whom it is news for is written and told in the same transaction.
 */
export async function save(
  tx: Tx,
  org: string,
  before: ComplaintState,
  after: ComplaintState,
  events: readonly StoredEvent[],
): Promise<void> {
  const last = events.at(-1)
  if (!last) return
  const at = instant(last.at)
  const columns: Record<string, unknown> = {
    ...stateColumns(after),
    version: after.version,
    head: last.hash,
    updated_at: at,
  }
  const entries = Object.entries(columns)
  const stateRow = sql`update complaint set ${sql.join(entries.map(([k, v]) => sql`${sql.ref(k)} = ${v}`))} where org_id = ${org} and id = ${after.id}`
  const changedClocks = after.clocks.filter((c) => before.clocks.find((b) => b.id === c.id) !== c)
  const eventRows = events.map(eventRow)
  const clockRows = changedClocks.map(clockRow)
  const news = await addressed(tx, org, after.teamId, noticesOf(before, after, events))
  const noticed = news.length === 0 ? null : [...new Set(news.map((n) => n.staffId))]
  tx.send(
    sql`with events as (
        insert into complaint_event (org_id, complaint_id, seq, type, v, at, actor, payload, prev, hash)
        select ${org}::uuid, ${after.id}::uuid, e.seq, e.type, e.v, e.at, e.actor, e.payload, decode(e.prev, 'hex'), decode(e.hash, 'hex')
        from jsonb_to_recordset(${JSON.stringify(eventRows)}::jsonb)
          as e(seq int, type text, v int, at timestamptz, actor jsonb, payload jsonb, prev text, hash text)
      ), clocks as (
        insert into clock (org_id, id, complaint_id, kind, milestone, cycle, state, target, started_at, due_at, internal_due_at, ended_at, breached_at, cause, policy, calendar, provisional, pausable, owner_id)
        select ${org}::uuid, k.id, ${after.id}::uuid, k.kind, k.milestone, k.cycle, k.state, k.target, k."startedAt", k."dueAt", k."internalDueAt", k."settledAt", k."breachedAt", k.cause, k.policy, k.calendar, k.provisional, k.pausable, k."ownerId"
        from jsonb_to_recordset(${JSON.stringify(clockRows)}::jsonb)
          as k(id uuid, kind text, milestone text, cycle int, state text, target jsonb, "startedAt" timestamptz, "dueAt" timestamptz, "internalDueAt" timestamptz, "settledAt" timestamptz, "breachedAt" timestamptz, cause jsonb, policy jsonb, calendar jsonb, provisional boolean, pausable boolean, "ownerId" uuid)
        on conflict (org_id, id) do update set kind = excluded.kind, milestone = excluded.milestone, state = excluded.state, target = excluded.target, started_at = excluded.started_at,
          due_at = excluded.due_at, internal_due_at = excluded.internal_due_at, ended_at = excluded.ended_at, breached_at = excluded.breached_at,
          cause = excluded.cause, policy = excluded.policy, calendar = excluded.calendar, provisional = excluded.provisional, pausable = excluded.pausable, owner_id = excluded.owner_id
      ), told as (
        insert into stream (org_id, at, complaint_id, version, type, audience, audience_before, noticed)
        values (${org}, ${at}, ${after.id}, ${after.version}, ${last.type}, ${JSON.stringify(audienceOf(after))}::jsonb, ${JSON.stringify(audienceOf(before))}::jsonb, ${noticed}::uuid[])
      ) ${stateRow}`,
  )
  saveNotices(tx, { org, complaintId: after.id, at: last.at }, news)
  await saveLists(tx, org, before, after)
}

/** Writes the lists that changed. */
export async function saveLists(
  tx: Tx,
  org: string,
  before: ComplaintState | null,
  after: ComplaintState,
): Promise<void> {
  const id = after.id
  const changed = <K extends 'flags' | 'access' | 'subjects' | 'helpers' | 'links' | 'points'>(key: K) =>
    before ? before[key] !== after[key] : after[key].length > 0
  const replaceStaff = async (table: 'complaint_access' | 'complaint_subject', staff: readonly string[]) => {
    if (before) await tx.run(sql`delete from ${sql.table(table)} where org_id = ${org} and complaint_id = ${id}`)
    if (staff.length > 0)
      await tx.run(
        sql`insert into ${sql.table(table)} (org_id, complaint_id, staff_id) select ${org}::uuid, ${id}::uuid, unnest(${[...new Set(staff)]}::uuid[])`,
      )
  }
  if (changed('flags')) {
    if (before) await tx.run(sql`delete from complaint_flag where org_id = ${org} and complaint_id = ${id}`)
    if (after.flags.length > 0)
      await tx.run(
        sql`insert into complaint_flag (org_id, complaint_id, flag) select ${org}::uuid, ${id}::uuid, unnest(${[...new Set(after.flags)]}::text[])`,
      )
  }
  if (changed('access')) await replaceStaff('complaint_access', after.access)
  if (changed('subjects')) await replaceStaff('complaint_subject', after.subjects)
  if (changed('helpers')) {
    if (before) await tx.run(sql`delete from complaint_helper where org_id = ${org} and complaint_id = ${id}`)
    for (const h of after.helpers)
      await tx.run(
        sql`insert into complaint_helper (org_id, complaint_id, staff_id, kind) values (${org}, ${id}, ${h.staffId}, ${h.kind})`,
      )
  }
  if (changed('links')) {
    if (before) await tx.run(sql`delete from complaint_link where org_id = ${org} and complaint_id = ${id}`)
    for (const l of after.links)
      await tx.run(
        sql`insert into complaint_link (org_id, complaint_id, other_id, kind) values (${org}, ${id}, ${l.otherId}, ${l.kind})`,
      )
  }
  if (before && changed('points')) {
    for (const p of after.points) {
      if (before.points.find((b) => b.id === p.id)?.finding !== p.finding) {
        await tx.run(
          sql`update point set finding = ${p.finding} where org_id = ${org} and complaint_id = ${id} and id = ${p.id}`,
        )
      }
    }
  }
}
