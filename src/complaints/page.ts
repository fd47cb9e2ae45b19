import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../kit/db/database.ts'
import { perhapsSame, sameCustomer } from '../customers/index.ts'
import { draftsUnder } from '../drafts/index.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { type StaffActor, visibleSql } from '../people/index.ts'
import { factsFor } from './act.ts'
import { type clock, type complaintPage } from './contract.ts'
import type { StoredEvent } from './chain.ts'
import { actionsOf } from './domain/decide/index.ts'
import { type ComplaintClock, type ComplaintState, fold } from './domain/state.ts'
import { orderAsGiven } from './head.ts'
import { foldsOf, letterNosOf, timelineCounts, translationsOf } from './marks.ts'
import { proposalOf } from './proposal.ts'
import { iso, isoOrNull, rowsFor } from './queries.ts'
import { pointText } from './point-text.ts'
import { rerouteOffered } from './reroute.ts'
import { reviewersFor } from './reviewers.ts'
import { loadEvents } from './store.ts'
import { suggestionReply, suggestionsOf } from './suggestions.ts'
import { readTimeline } from './timeline.ts'

type Page = z.input<typeof complaintPage>

type Promised = { readonly owner: { id: string; name: string } | null; readonly words: string | null }

export function clockReply(
  c: ComplaintClock,
  now: number,
  promised: Promised = { owner: null, words: null },
): z.input<typeof clock> {
  const running = c.settledAt === null && (c.state === 'running' || c.state === 'breached')
  return {
    id: c.id,
    kind: c.kind,
    milestone: c.milestone,
    cycle: c.cycle,
    state: c.state,
    startedAt: iso(c.startedAt),
    dueAt: isoOrNull(c.dueAt),
    internalDueAt: isoOrNull(c.internalDueAt),
    endedAt: isoOrNull(c.settledAt),
    overdue: running && c.dueAt !== null && c.dueAt < now,
    provisional: c.provisional,
    target: { ...c.target },
    cause: { ...c.cause },
    policy: { ...c.policy },
    calendar: { ...c.calendar },
    ...promised,
  }
}

type Head = {
  order_no: string | null
  authority: { body: string; number: string; sender: string; askedFor: string | null } | null
  public_ref: string
  title: string
  remedy_sought: string
  on_behalf_of: string
  summary: string
  merged_number: string | null
}

/**
 * Everything of one complaint for this reader, in one transaction; to those who may not see it, it does not exist. What
 * depends on nothing is asked for at once, what depends on the state after it.
 */
export async function openComplaint(tx: Tx, actor: StaffActor, id: string, now: number): Promise<Page> {
  const org = actor.org.id
  const [head, events, rows, timeline, points, attachments, links, suggestions, drafts, counts] = await Promise.all([
    headOf(tx, org, id),
    loadEvents(tx, org, id),
    rowsFor(tx, actor, [id], now),
    readTimeline(tx, actor, id, {}),
    pointsOf(tx, org, id),
    attachmentsOf(tx, org, id),
    linksOf(tx, org, id),
    suggestionsOf(tx, org, id),
    draftsUnder(tx, actor, `complaint.${id}.`),
    timelineCounts(tx, org, id, visibleSql('c')),
  ])
  const row = rows[0]
  // Only the head was asked for with the reader's eyes.
  if (!head || !row) throw new RefusalError({ code: 'complaints.not-found', status: 404 })
  const state = fold(id, events)
  const [facts, customer, people, orderNo, promised, translations, proposal, letterNos] = await Promise.all([
    factsFor(tx, actor, state, now),
    customerOf(tx, actor, state),
    peopleOf(tx, org, state),
    orderAsGiven(tx, org, id, head.order_no),
    promisedOf(tx, org, state),
    translationsOf(tx, org, id, events),
    proposalOf(tx, org, state, events),
    letterNosOf(tx, org, id, events),
  ])
  const actions = actionsOf(state, facts)
  const asksForOne = state.state === 'review' || actions.some((a) => a.name === 'request_review' && a.allowed)
  const reviewers = asksForOne ? await reviewersFor(tx, org, state) : []
  const why = (key: string) => {
    const found = events.findLast((e) => e.payload.facts[key] !== undefined)
    return found ? { ...(found.payload.facts[key] as Record<string, unknown>), at: iso(found.at) } : null
  }
  return {
    complaint: {
      ...row,
      workflow: state.workflow,
      confidentiality: state.confidentiality as 'normal',
      orderNo,
      impact: state.impact,
      likelihood: state.likelihood,
      flags: [...state.flags],
      remedyCode: state.remedyCode,
      remedyAmount: state.remedyAmount,
      approval: state.approval,
      outcomeCode: state.outcomeCode,
      closureCode: state.closureCode,
      authority: head.authority,
      loggedAt: iso(state.loggedAt),
      acknowledgedAt: isoOrNull(state.acknowledgedAt),
      firstReplyAt: isoOrNull(state.firstReplyAt),
      decidedAt: isoOrNull(state.decidedAt),
      respondedAt: isoOrNull(state.respondedAt),
      finalAt: isoOrNull(state.finalAt),
      withdrawalAskedAt: isoOrNull(state.withdrawalAskedAt),
      remedyStartedAt: isoOrNull(state.remedyStartedAt),
      remedyDoneAt: isoOrNull(state.remedyDoneAt),
      confirmedAt: isoOrNull(state.confirmedAt),
      closedAt: isoOrNull(state.closedAt),
      endedAs: state.endedAs,
      mergedInto: state.mergedInto && head.merged_number ? { id: state.mergedInto, number: head.merged_number } : null,
      locale: state.locale as 'en',
      publicRef: head.public_ref,
      remedySought: head.remedy_sought,
      onBehalfOf:
        state.mode === 'confidential' && !actor.permissions.has('customer.confidential') ? '' : head.on_behalf_of,
      summary: head.summary,
      severityWhy: why('severityWhy'),
      assignedWhy: why('assignedWhy'),
      importId: importOf(events),
      reroute: rerouteOffered(state, events),
    },
    proposal,
    points: points.filter((p) => !state.points.some((s) => s.id === p.id && s.gone)),
    clocks: state.clocks.map((c) => clockReply(c, now, promised(c))),
    timeline: timeline.items,
    timelineBefore: timeline.before,
    timelineCounts: counts,
    folds: foldsOf(events),
    translations,
    letterNos,
    attachments,
    customer,
    ...people,
    links,
    suggestions: suggestions.map(suggestionReply),
    actions,
    reviewers,
    drafts,
  }
}

function importOf([received]: readonly StoredEvent[]): string | null {
  const run = received?.payload.facts.imported
  return typeof run === 'string' ? run : null
}

/** The words and owners of promises and hand-overs; one that came with a merged complaint has its words there. */
async function promisedOf(tx: Tx, org: string, state: ComplaintState): Promise<(c: ComplaintClock) => Promised> {
  const wordsIds = state.clocks.flatMap((c) => (c.cause.rule === 'promised' ? [c.cause.wordsId] : []))
  const ownerIds = state.clocks.flatMap((c) => c.ownerId ?? [])
  const [words, owners] = await Promise.all([
    wordsIds.length === 0
      ? []
      : tx.rows<{ id: string; text: string }>(
          sql`select id, text from complaint_words where org_id = ${org} and kind = 'promise' and id = any (${wordsIds}::uuid[])
            and complaint_id = any (array(select ${state.id}::uuid union all select m.id from complaint m where m.org_id = ${org} and m.merged_into = ${state.id}))`,
        ),
    ownerIds.length === 0
      ? []
      : tx.rows<{ id: string; name: string }>(
          sql`select id, name from staff where org_id = ${org} and id = any (${ownerIds}::uuid[])`,
        ),
  ])
  return ({ cause, ownerId }) => ({
    owner: owners.find((o) => o.id === ownerId) ?? null,
    words: cause.rule === 'promised' ? (words.find((w) => w.id === cause.wordsId)?.text ?? '') : null,
  })
}

/** To those who may not see it, it does not exist. */
export async function assertVisible(tx: Tx, actor: StaffActor, id: string): Promise<void> {
  const seen = await tx.first(
    sql`select 1 as ok from complaint c where c.org_id = ${actor.org.id} and c.id = ${id} and ${sql.raw(visibleSql('c'))}`,
    'complaint-seen',
  )
  if (!seen) throw new RefusalError({ code: 'complaints.not-found', status: 404 })
}

/** Undefined for those who may not see the complaint. */
function headOf(tx: Tx, org: string, id: string): Promise<Head | undefined> {
  return tx.first<Head>(
    // The letter of a complaint merged into this one is its own to answer.
    sql`select c.order_no, coalesce(c.authority, (select m.authority from complaint m where m.org_id = c.org_id and m.merged_into = c.id and m.authority is not null
        and ${sql.raw(visibleSql('m'))} order by m.received_at limit 1)) as authority, c.public_ref, t.title, t.remedy_sought, t.on_behalf_of, t.summary,
      (select m.number from complaint m where m.org_id = c.org_id and m.id = c.merged_into and ${sql.raw(visibleSql('m'))}) as merged_number
    from complaint c join complaint_text t on t.org_id = c.org_id and t.complaint_id = c.id where c.org_id = ${org} and c.id = ${id} and ${sql.raw(visibleSql('c'))}`,
    'open-head',
  )
}

function pointsOf(tx: Tx, org: string, id: string): Promise<Page['points']> {
  return tx.rows(
    sql`select p.id, p.no, ${pointText} as text, p.finding, p.answer from point p where p.org_id = ${org} and p.complaint_id = ${id} order by p.no`,
    'open-points',
  )
}

async function attachmentsOf(tx: Tx, org: string, id: string): Promise<Page['attachments']> {
  const rows = await tx.rows<{
    id: string
    message_id: string | null
    name: string
    media_type: string
    size: number
    sha256: Buffer
    stripped: boolean
    visibility: 'public' | 'internal'
    created_at: number
  }>(
    sql`select id, message_id, name, media_type, size, sha256, stripped, visibility, created_at from attachment where org_id = ${org} and complaint_id = ${id} order by created_at, id`,
    'open-attachments',
  )
  return rows.map((r) => ({
    id: r.id,
    messageId: r.message_id,
    name: r.name,
    mediaType: r.media_type,
    size: Number(r.size),
    sha256: r.sha256.toString('hex'),
    stripped: r.stripped,
    visibility: r.visibility,
    createdAt: iso(r.created_at),
  }))
}

/** The complainant, unless the identity is kept from this reader (mode confidential: intake, leads and auditors only). */
async function customerOf(tx: Tx, actor: StaffActor, state: ComplaintState): Promise<Page['customer']> {
  if (!state.customerId || !actor.permissions.has('customer.read')) return null
  if (state.mode === 'confidential' && !actor.permissions.has('customer.confidential')) return null
  const org = actor.org.id
  const entries = await sameCustomer(tx, org, state.customerId)
  const ids = entries.map((e) => e.id)
  const found = tx.first<{
    id: string
    name: string
    locale: 'en'
    tier: string | null
    identities: { kind: string; value: string; verified: boolean; notUsed: string | null }[]
  }>(
    sql`select u.id, u.name, u.locale, u.tier,
      coalesce((select jsonb_agg(jsonb_build_object('kind', i.kind, 'value', i.value, 'verified', i.verified_at is not null, 'notUsed', i.not_used) order by i.created_at) from customer_identity i where i.org_id = u.org_id and i.customer_id = any (${ids}::uuid[])), '[]') as identities
    from customer u where u.org_id = ${org} and u.id = ${ids[0] ?? null}::uuid`,
    'open-customer',
  )
  const visible = tx.rows<{
    id: string
    number: string
    title: string
    state: string
    open: boolean
    received_at: number
  }>(
    sql`select c.id, c.number, t.title, c.state, c.open, c.received_at
    from complaint c join complaint_text t on t.org_id = c.org_id and t.complaint_id = c.id
    where c.org_id = ${org} and c.customer_id = any (${ids}::uuid[]) and c.id <> ${state.id} and c.mode = ${state.mode} and ${sql.raw(visibleSql('c'))} order by c.received_at desc limit 20`,
    'open-others',
  )
  const alike = state.mode === 'named' ? perhapsSame(tx, org, ids) : []
  const [row, others, samePeople] = await Promise.all([found, visible, alike])
  if (!row) return null
  return {
    ...row,
    also: entries.slice(1),
    samePeople,
    others: others.map((o) => ({
      id: o.id,
      number: o.number,
      title: o.title,
      state: o.state,
      open: o.open,
      receivedAt: iso(o.received_at),
    })),
  }
}

async function peopleOf(
  tx: Tx,
  org: string,
  state: ComplaintState,
): Promise<Pick<Page, 'helpers' | 'access' | 'subjects'>> {
  const ids = [...new Set([...state.helpers.map((h) => h.staffId), ...state.access, ...state.subjects])]
  const rows =
    ids.length === 0
      ? []
      : await tx.rows<{ id: string; name: string }>(
          sql`select id, name from staff where org_id = ${org} and id = any (${ids}::uuid[])`,
        )
  const named = (id: string) => ({ id, name: rows.find((r) => r.id === id)?.name ?? '' })
  return {
    helpers: state.helpers.map((h) => ({ ...named(h.staffId), kind: h.kind })),
    access: state.access.map(named),
    subjects: state.subjects.map(named),
  }
}

function linksOf(tx: Tx, org: string, id: string): Promise<Page['links']> {
  return tx.rows(
    sql`select x.kind, c.id, c.number, t.title, c.state from (
      select kind, other_id as id from complaint_link where org_id = ${org} and complaint_id = ${id}
      union select kind || '-of', complaint_id from complaint_link where org_id = ${org} and other_id = ${id}
      union select 'merged', m.id from complaint m where m.org_id = ${org} and m.merged_into = ${id}
    ) x join complaint c on c.org_id = ${org} and c.id = x.id join complaint_text t on t.org_id = c.org_id and t.complaint_id = c.id
    where ${sql.raw(visibleSql('c'))} order by c.received_at desc limit 100`,
    'open-links',
  )
}
