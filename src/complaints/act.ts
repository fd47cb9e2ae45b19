import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { calendarsFor } from '../clocks/index.ts'
import type { Tx } from '../kit/db/database.ts'
import { newIds } from '../kit/ids.ts'
import { canonicalJson } from '../kit/pure/jcs.ts'
import { RefusalError, valueOf } from '../kit/pure/result.ts'
import type { Services } from '../kit/services.ts'
import { restrictedKeepers, type StaffActor, visibleSql } from '../people/index.ts'
import { freeRemedies } from '../seeds/index.ts'
import { addSearchRows } from '../search/index.ts'
import { broughtOf } from './brought.ts'
import { chain, textHash } from './chain.ts'
import { type ActionName, type CommandOf, actionsOf, decide } from './domain/decide/index.ts'
import type { Facts, Spoken, Written } from './domain/decide/facts.ts'
import { heardFrom } from './domain/decide/hearing.ts'
import { bringingEach } from './domain/brought.ts'
import type { EventActor, NewEvent } from './domain/event.ts'
import { apply, type ComplaintState } from './domain/state.ts'
import { sharedOut } from './shared-out.ts'
import { type Loaded, lockComplaint, save } from './store.ts'

export type Context = {
  readonly tx: Tx
  readonly actor: StaffActor
  readonly now: number
  /** Who did it, where that is not whoever calls: the installation itself. */
  readonly as?: EventActor
  afterCommit(work: () => void): void
}

type Saying = {
  readonly text: string
  readonly direction: 'in' | 'out' | 'note'
  readonly visibility: 'public' | 'internal'
  readonly channel: string
  readonly at?: number
  readonly attachmentIds?: readonly string[]
  readonly authorName?: string
  /** Of a call: what stands beside its words. */
  readonly call?: CallRow
  readonly abusive?: boolean
}

/** Kept beside the words of a call; the number is the caller's own and can be erased. */
export type CallRow = {
  readonly direction: 'in' | 'out'
  readonly number: string
  readonly outcome: string
  readonly startedAt: string
  readonly seconds: number
  readonly consent: boolean | null
  readonly recordingId: string | null
}
/** The proof of what stands beside the words of a call. */
export const callHash = (salt: Buffer, call: CallRow): string => textHash(salt, canonicalJson(call))

export type Said = Saying & { readonly id: string; readonly salt: Buffer }

/** Words that are no message, as written this time. */
export type Words = {
  readonly id: string
  readonly kind: 'title' | 'order_no' | 'summary' | 'answer' | 'promise' | 'translation' | 'point' | 'letter_no'
  readonly pointId: string | null
  readonly text: string
  readonly salt: Buffer
}

/** What a command is built with: the state under its lock, and a way to say things whose words live in rows of their own. */
export type Building = {
  readonly state: ComplaintState
  readonly newId: () => string
  /** Queues a message row and gives the proof an event may hold. */
  say(saying: Saying): Spoken
  /** Queues words that are no message and gives the proof an event may hold. `pointId` is that of an answer. */
  write(kind: Words['kind'], text: string, pointId?: string): Written
  /** Runs in the same transaction after the complaint is saved. */
  afterwards(work: (tx: Tx, after: ComplaintState) => Promise<void>): void
}

export type Outcome = {
  id: string
  number: string
  version: number
  state: string
  actions: ReturnType<typeof actionsOf>
}

export function eventActor(actor: StaffActor): EventActor {
  if (actor.kind === 'public') return { kind: 'complainant', id: null }
  return { kind: actor.kind === 'integration' ? 'integration' : 'staff', id: actor.staffId ?? null }
}

type Setting = { readonly key: string | null; readonly gone: boolean }

/** The calendar it is counted with, and whether its owner has left. */
async function settingOf(tx: Tx, org: string, { placeId, teamId, ownerId }: ComplaintState): Promise<Setting> {
  const row = await tx.first<Setting>(
    sql`select coalesce((select calendar_key from place where org_id = ${org} and id = ${placeId}::uuid),
      (select calendar_key from team where org_id = ${org} and id = ${teamId}::uuid)) as key,
    exists (select from staff where org_id = ${org} and id = ${ownerId}::uuid and not active) as gone`,
    'calendar-key',
  )
  return row ?? { key: null, gone: false }
}

/** The facts of a decision about this complaint by this actor, now. */
export async function factsFor(tx: Tx, actor: StaffActor, state: ComplaintState, now: number): Promise<Facts> {
  const { permissions, teams } = actor
  return { ...(await systemFacts(tx, actor.org.id, state, now)), actor: eventActor(actor), permissions, teams }
}

/** The same where nobody decides: the installation itself has found something out. */
export async function systemFacts(tx: Tx, org: string, state: ComplaintState, now: number): Promise<Facts> {
  const { key, gone } = await settingOf(tx, org, state)
  const keepers =
    gone && !state.open && state.confidentiality !== 'normal'
      ? await restrictedKeepers(tx, org, state.teamId, state.subjects)
      : []
  const calendars = await calendarsFor(tx, org, key, now)
  const actor = { kind: 'system', id: null } as const
  return { now, actor, permissions: new Set(), newId: newIds(now), calendars, ownerGone: gone, keepers, freeRemedies }
}

/** Locks a complaint this actor may see; to everybody else it does not exist. The complainant's own door skips visibility. */
export async function lockVisible(ctx: Context, id: string): Promise<Loaded> {
  const { tx, actor } = ctx
  // The lock first: a command that waited behind a restriction must see what that left visible.
  const loaded = await lockComplaint(tx, actor.org.id, id)
  if (!loaded) throw new RefusalError({ code: 'complaints.not-found', status: 404 })
  if (actor.kind !== 'public') {
    const seen = await tx.first(
      sql`select 1 as ok from complaint c where c.org_id = ${actor.org.id} and c.id = ${id} and ${sql.raw(visibleSql('c'))}`,
    )
    if (!seen) throw new RefusalError({ code: 'complaints.not-found', status: 404 })
  }
  return loaded
}

async function refuseStale(ctx: Context, loaded: Loaded, version: number | undefined): Promise<void> {
  if (version === undefined || version === loaded.state.version) return
  const changes = await ctx.tx.rows<{ seq: number; type: string; at: number; actor: EventActor; name: string | null }>(
    sql`select e.seq, e.type, e.at, e.actor, s.name from complaint_event e left join staff s on s.org_id = e.org_id and s.id::text = e.actor->>'id'
        where e.org_id = ${ctx.actor.org.id} and e.complaint_id = ${loaded.state.id} and e.seq > ${version} order by e.seq limit 50`,
  )
  throw new RefusalError({
    code: 'complaints.stale',
    status: 409,
    facts: {
      version: loaded.state.version,
      changes: changes.map((c) => ({
        seq: c.seq,
        type: c.type,
        at: new Date(c.at).toISOString(),
        by: c.name ?? c.actor.kind,
      })),
    },
  })
}

/** Saves decided events with the words, and tells the stream. Gives the state after. */
export async function commitEvents(
  app: Services,
  ctx: Context,
  loaded: Loaded,
  events: readonly NewEvent[],
  said: readonly Said[] = [],
  words: readonly Words[] = [],
): Promise<ComplaintState> {
  const { tx, actor, now } = ctx
  const org = actor.org.id
  const by = ctx.as ?? eventActor(actor)
  if (events.length === 0) return loaded.state
  const brought = await Promise.all(said.map((m) => broughtBy(ctx, m)))
  const decided = chain(org, loaded.state.id, loaded.head, bringingEach(events, brought), now, by)
  const stored = await sharedOut(tx, org, loaded.state, decided, now)
  const after = stored.reduce((s, e) => apply(s, e.seq, e.payload.changes), loaded.state)
  await save(tx, org, loaded.state, after, stored)
  for (const m of said) await saveMessage(ctx, after, m)
  if (words.length > 0) await saveWords(tx, org, after.id, words)
  const heard = said.find((m) => m.direction === 'in')
  if (after.mergedInto !== null && heard) await tellSurvivor(app, ctx, after, heard.channel)
  ctx.afterCommit(() => app.wake(org))
  return after
}

/** What the complainant adds to a merged complaint is a step of its survivor too; the words stay where they were added. */
async function tellSurvivor(app: Services, ctx: Context, from: ComplaintState, channel: string): Promise<void> {
  const { tx, actor, now } = ctx
  const survivor = from.mergedInto === null ? undefined : await lockComplaint(tx, actor.org.id, from.mergedInto)
  if (!survivor) return
  const facts = await factsFor(tx, actor, survivor.state, now)
  await commitEvents(app, ctx, survivor, valueOf(heardFrom(survivor.state, { from: from.id, channel }, facts)))
}

async function broughtBy({ tx, actor, now }: Context, m: Said) {
  const { id: messageId, salt, attachmentIds } = m
  const at = m.at === undefined || m.at === now ? undefined : m.at
  const brought = await broughtOf(tx, actor.org.id, {
    messageId,
    salt,
    authorName: authorOf(actor, m),
    at,
    attachmentIds,
  })
  return { ...brought, hash: textHash(salt, m.text) }
}

/** What came in by the portal names nobody: it is the complainant's. */
function authorOf(actor: StaffActor, m: Said): string {
  return m.authorName ?? (m.direction === 'in' ? '' : actor.name)
}

/** Words that are no message, in rows of their own. */
export async function saveWords(tx: Tx, org: string, id: string, words: readonly Words[]): Promise<void> {
  const rows = words.map((w) => ({ ...w, salt: w.salt.toString('hex') }))
  await tx.run(
    sql`insert into complaint_words (org_id, complaint_id, id, kind, point_id, text, salt)
      select ${org}::uuid, ${id}::uuid, w.id, w.kind, w."pointId", w.text, decode(w.salt, 'hex')
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as w(id uuid, kind text, "pointId" uuid, text text, salt text)`,
    'words-insert',
  )
}

async function saveMessage(ctx: Context, after: ComplaintState, m: Said): Promise<void> {
  const { tx, actor, now } = ctx
  const org = actor.org.id
  const at = m.at ?? now
  await tx.run(
    sql`insert into message (org_id, complaint_id, id, direction, channel, visibility, author_staff_id, author_name, body, salt, at, call, flags)
      values (${org}, ${after.id}, ${m.id}, ${m.direction}, ${m.channel}, ${m.visibility}, ${m.direction === 'in' ? null : (actor.staffId ?? null)},
        ${authorOf(actor, m)}, ${m.text}, ${m.salt}, ${new Date(at)}, ${m.call ? JSON.stringify(m.call) : null}::jsonb, ${m.abusive ? ['abusive'] : []}::text[])`,
    'message-insert',
  )
  await addSearchRows(tx, actor.org, after.id, [{ messageId: m.id, visibility: m.visibility, at, text: m.text }])
  const ids = [...new Set(m.attachmentIds ?? [])]
  if (ids.length === 0) return
  const uploader = actor.kind === 'public' ? `complainant:${after.id}` : actor.caller
  const taken =
    await tx.run(sql`update attachment set complaint_id = ${after.id}, message_id = ${m.id}, visibility = case when id = ${m.call?.recordingId ?? null}::uuid then 'internal' else ${m.visibility} end
    where org_id = ${org} and id = any (${ids}::uuid[]) and complaint_id is null and uploader = ${uploader}`)
  if (taken !== ids.length) throw new RefusalError({ code: 'intake.attachment-unknown', status: 422 })
}

/**
 * One use case: lock → build the command → decide → save. `version` is what the caller saw; another one is refused with
 * what changed since. Refusals roll everything back.
 */
export async function act<N extends ActionName>(
  app: Services,
  ctx: Context,
  target: { id: string; version: number | undefined; name: N; loaded?: Loaded },
  build: (building: Building) => Promise<CommandOf<N>> | CommandOf<N>,
): Promise<Outcome> {
  const loaded = target.loaded ?? (await lockVisible(ctx, target.id))
  await refuseStale(ctx, loaded, target.version)
  const facts = await factsFor(ctx.tx, ctx.actor, loaded.state, ctx.now)
  const said: Said[] = []
  const words: Words[] = []
  const later: ((tx: Tx, after: ComplaintState) => Promise<void>)[] = []
  const command = await build({
    state: loaded.state,
    newId: facts.newId,
    say: (saying) => {
      const message = { ...saying, id: facts.newId(), salt: randomBytes(16) }
      said.push(message)
      return {
        messageId: message.id,
        hash: textHash(message.salt, message.text),
        ...(saying.call ? { callHash: callHash(message.salt, saying.call) } : {}),
        ...(saying.abusive ? { abusive: true as const } : {}),
      }
    },
    write: (kind, text, pointId) => {
      const salt = randomBytes(16)
      const one = { id: facts.newId(), kind, pointId: pointId ?? null, text, salt }
      words.push(one)
      return { wordsId: one.id, hash: textHash(salt, text) }
    },
    afterwards: (work) => later.push(work),
  })
  const events = valueOf(decide(target.name, loaded.state, command, facts))
  const after = await commitEvents(app, ctx, loaded, events, said, words)
  for (const work of later) await work(ctx.tx, after)
  return outcomeOf(after, facts)
}

export function outcomeOf(state: ComplaintState, facts: Facts): Outcome {
  return {
    id: state.id,
    number: state.number,
    version: state.version,
    state: state.state,
    actions: actionsOf(state, facts),
  }
}
