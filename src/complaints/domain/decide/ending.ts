import { addMinutes, localDay, openMinutesBetween } from '../../../clocks/domain/index.ts'
import { ok, refuse } from '../../../kit/pure/result.ts'
import { event } from '../event.ts'
import type { ComplaintClock, ComplaintState } from '../state.ts'
import {
  cancelling,
  type Facts,
  findingPoints,
  first,
  given,
  type GivenFinding,
  admitting,
  moving,
  openPoints,
  overruling,
  type Rule,
  settling,
  type Spoken,
  type Written,
} from './facts.ts'

/** An apology, an explanation and nothing at all are given with the answer; any other remedy has to be done. */
const givenInWords = new Set(['A1', 'A2', 'A14'])

/** Tries to reach somebody before they are unreachable: so many, on so many channels and days (domain.md §0.6). */
const enough = { tries: 3, channels: 2, days: 2 }

function triedFor({ attempts }: ComplaintState, { office }: Facts['calendars']) {
  return {
    tries: attempts.length,
    channels: new Set(attempts.map((a) => a.channel)).size,
    days: new Set(attempts.map((a) => localDay(office, a.at))).size,
  }
}

/** Where a closing reason says something else than the record. */
function contradicting(state: ComplaintState, reasonCode: string, calendars: Facts['calendars']) {
  // Withdrawn, redirected and merged end another way.
  if (['C4', 'C6', 'C7'].includes(reasonCode)) return { code: 'complaints.wrong-closing-reason', facts: { reasonCode } }
  if (reasonCode === 'C1') {
    if (state.stance === 'not_accepted') return { code: 'complaints.not-accepted', facts: {} }
    const { remedyCode, remedyDoneAt } = state
    if (remedyCode !== null && remedyDoneAt === null && !givenInWords.has(remedyCode))
      return { code: 'complaints.remedy-not-done', facts: { remedyCode } }
  }
  if (reasonCode !== 'C5') return undefined
  const tried = triedFor(state, calendars)
  const short = (Object.keys(enough) as (keyof typeof enough)[]).some((of) => tried[of] < enough[of])
  return short ? { code: 'complaints.too-few-attempts', facts: { tried, enough } } : undefined
}

/** An authority is owed its answer whatever the complainant wants by now, and whoever the matter belongs to. */
function authorityWaits({ clocks }: ComplaintState): { code: string } | undefined {
  return clocks.some((c) => c.kind === 'authority' && c.settledAt === null)
    ? { code: 'complaints.authority-not-answered' }
    : undefined
}

/** Closed means solved: every point has a finding and the person was answered, with the outcome in writing. */
export const close: Rule<{ reasonCode: string; summary: Written }> = {
  permission: 'complaint.close',
  blocked: (state) => {
    if (state.respondedAt === null && state.state !== 'external') return { code: 'complaints.not-answered' }
    const points = openPoints(state)
    if (points.length > 0) return { code: 'complaints.points-open', facts: { points } }
    return authorityWaits(state)
  },
  decide: (state, { reasonCode, summary }, { now, calendars }) => {
    const contradicts = contradicting(state, reasonCode, calendars)
    if (contradicts) return refuse(contradicts.code, contradicts.facts)
    return ok([
      event(
        'closed',
        { reasonCode, summary },
        { set: { ...moving(state, 'close'), closureCode: reasonCode, closedAt: now }, clocks: cancelling(state, now) },
      ),
    ])
  },
}

// The resolve clock goes on with what was left when it was met: time closed is not counted. Law and first reply never restart.
function resumed(state: ComplaintState, facts: Facts): ComplaintClock[] {
  const last = state.clocks.filter((c) => c.kind === 'resolve').sort((a, b) => b.cycle - a.cycle)[0]
  if (!last || last.dueAt === null || last.settledAt === null) return []
  const calendar =
    last.calendar.key === facts.calendars.always.definition.key ? facts.calendars.always : facts.calendars.office
  const left = last.settledAt < last.dueAt ? openMinutesBetween(calendar, last.settledAt, last.dueAt) : 0
  const { at, provisional } = addMinutes(calendar, facts.now, left)
  const { key, version } = calendar.definition
  return [
    {
      ...last,
      id: facts.newId(),
      cycle: last.cycle + 1,
      state: 'running',
      target: { basis: 'minutes', calendar: calendar === facts.calendars.always ? 'always' : 'office', minutes: left },
      startedAt: facts.now,
      dueAt: at,
      internalDueAt: null,
      settledAt: null,
      breachedAt: null,
      calendar: { key, version },
      cause: {
        rule: 'target_changed',
        changed: 'reopened',
        value: String(left),
        at: facts.now,
        before: { target: last.target, dueAt: last.dueAt },
      },
      provisional,
    },
  ]
}

// What ended unanswered goes on under the dates it had: a withdrawal taken back does not lengthen what the law gives.
function unanswered(state: ComplaintState): ComplaintClock[] {
  return state.clocks
    .filter((c) => c.state === 'cancelled' && c.kind !== 'resolve' && c.settledAt === state.closedAt)
    .map((c): ComplaintClock => ({ ...c, state: 'running', settledAt: null }))
}

export const reopen: Rule<{ reasonHash: string }> = {
  permission: 'complaint.reopen',
  blocked: overruling,
  decide: (state, { reasonHash }, facts) =>
    ok([
      event(
        'reopened',
        { reasonHash },
        {
          set: {
            ...moving(state, 'reopen'),
            closedAt: null,
            closureCode: null,
            respondedAt: null,
            confirmedAt: null,
            stance: null,
            attempts: [],
            reopenedBy: state.finalAt === null ? null : facts.actor.id,
            // "Withdrawn" and "redirected" are no outcome of what is now looked into after all.
            ...(['C4', 'C6'].includes(state.closureCode ?? '') ? { outcomeCode: null, decidedAt: null } : {}),
          },
          clocks: [...unanswered(state), ...resumed(state, facts)],
        },
      ),
    ]),
}

function admittingKeepers(state: ComplaintState, keepers: readonly string[]): { access?: readonly string[] } {
  if (state.confidentiality === 'normal') return {}
  const more = keepers.filter((id) => !state.access.includes(id) && !state.subjects.includes(id))
  return more.length > 0 ? { access: [...state.access, ...more] } : {}
}

export type RequestReview = {
  readonly reasonHash: string
  readonly reviewer: { readonly id: string; readonly chain: readonly string[] } | null
  /** Who sees a restricted complaint that asks for a reviewer and names none. */
  readonly keepers: readonly string[]
}

export const requestReview: Rule<RequestReview> = {
  permission: 'complaint.reopen',
  transition: 'request_review',
  decide: (state, { reasonHash, reviewer, keepers }) => {
    if (reviewer && state.deciders.includes(reviewer.id))
      return refuse('complaints.own-decision', { staffId: reviewer.id })
    if (reviewer && state.subjects.some((s) => reviewer.chain.includes(s)))
      return refuse('complaints.owner-is-subject', { staffId: reviewer.id })
    return ok([
      event(
        'review_requested',
        { reasonHash },
        {
          set: { ...moving(state, 'request_review'), ownerId: reviewer?.id ?? null, closedAt: null, closureCode: null },
          ...(reviewer ? admitting(state, reviewer.id) : admittingKeepers(state, keepers)),
        },
      ),
    ])
  },
}

export type Finalise = {
  readonly outcomeCode: string
  /** Replace those of stage 1, which stay in history. */
  readonly findings: readonly GivenFinding[]
  /** What stage 2 grants: approved by being its decision. */
  readonly remedyCode?: string | undefined
  readonly spoken: Spoken
  readonly told?: string | undefined
}

export const finalise: Rule<Finalise> = {
  permission: 'complaint.review',
  blocked: (state, { actor }) =>
    actor.id !== null && state.deciders.includes(actor.id) ? { code: 'complaints.own-decision' } : undefined,
  decide: (state, { outcomeCode, findings, remedyCode, spoken, told }, { now, actor }) => {
    const points = findingPoints(state, findings)
    if (!points.ok) return points
    const granted = remedyCode
      ? { remedyCode, approval: 'approved' as const, remedyStartedAt: null, remedyDoneAt: null }
      : {}
    return ok([
      event('finalised', given({ outcomeCode, ...spoken, told, findings, stage: 2 }), {
        set: {
          ...moving(state, 'finalise'),
          ...granted,
          outcomeCode,
          decidedBy: actor.id,
          decidedAt: now,
          respondedAt: now,
          closedAt: now,
          finalAt: now,
          reopenedBy: null,
          stance: null,
          attempts: [],
          firstReplyAt: first(state.firstReplyAt, now),
        },
        points: points.value,
        clocks: settling(state, ['acknowledge', 'first_reply', 'resolve', 'statutory', 'next_update', 'stage'], now),
      }),
    ])
  },
}

export const external: Rule<{ bodyHash: string }> = {
  permission: 'complaint.handle',
  decide: (state, { bodyHash }) =>
    ok([event('went_outside', { bodyHash }, { set: { ...moving(state, 'external'), closedAt: null } })]),
}

export const withdraw: Rule<{ reasonHash: string }> = {
  permission: 'complaint.close',
  blocked: authorityWaits,
  decide: (state, { reasonHash }, { now }) =>
    ok([
      event(
        'withdrawn',
        { reasonHash },
        {
          set: { ...moving(state, 'withdraw'), closedAt: now, closureCode: 'C4', outcomeCode: 'O5' },
          clocks: cancelling(state, now),
        },
      ),
    ]),
}

/** To whom it belongs is told to the complainant: that is a first reply; the dates of an answer are not ours any more. */
export const redirect: Rule<{ reasonHash: string; spoken: Spoken; told?: string | undefined }> = {
  permission: 'complaint.close',
  blocked: authorityWaits,
  decide: (state, { reasonHash, spoken, told }, { now }) => {
    const met = settling(state, ['acknowledge', 'first_reply', 'next_update'], now)
    const over = cancelling(state, now).filter((c) => !met.some((m) => m.id === c.id))
    return ok([
      event('redirected', given({ reasonHash, ...spoken, told }), {
        set: {
          ...moving(state, 'redirect'),
          acknowledgedAt: first(state.acknowledgedAt, now),
          firstReplyAt: first(state.firstReplyAt, now),
          closedAt: now,
          closureCode: 'C6',
          outcomeCode: 'O6',
        },
        clocks: [...met, ...over],
      }),
    ])
  },
}
