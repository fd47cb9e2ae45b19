import { addMinutes, openMinutesBetween } from '../../../clocks/domain/index.ts'
import { ok, refuse } from '../../../kit/pure/result.ts'
import { event } from '../event.ts'
import type { ComplaintClock, ComplaintState, Fields, Money } from '../state.ts'
import { contradicting } from './closing-reasons.ts'
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
  metByWords,
  type Spoken,
  wordsNoted,
  type Written,
} from './facts.ts'
import { finalStands, givenInWords, type Grant, needsApproval, ungranted, wholeOf } from './granting.ts'
import { atRisk, mayConfirmEnd } from './risk.ts'
import { whenTold } from './telling.ts'
import { toKeepers } from './wrote-again.ts'

/**
 * An authority is owed its answer whatever the complainant wants by now, whoever the matter belongs to, and whatever stage 2
 * says.
 */
export function authorityWaits({ clocks }: ComplaintState): { code: string } | undefined {
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
  decide: (state, { reasonCode, summary }, facts) => {
    const { now } = facts
    const contradicts = contradicting(state, reasonCode, facts)
    if (contradicts) return refuse(contradicts.code, contradicts.facts)
    return ok([
      event(
        'closed',
        { reasonCode, summary },
        { set: { ...closing(state), closureCode: reasonCode, closedAt: now }, clocks: cancelling(state, now) },
      ),
    ])
  },
}

/** What stage 2 had granted has been carried out: its word was the last. */
const closing = (state: ComplaintState) =>
  moving(state, finalStands(state) && state.state === 'follow_up' ? 'conclude' : 'close')

// The resolve clock goes on with what was left when it was met: time closed is not counted. Law and first reply never restart.
function resumed(state: ComplaintState, facts: Facts): ComplaintClock[] {
  const last = state.clocks
    .filter((c) => c.kind === 'resolve' && c.milestone !== 'containment')
    .sort((a, b) => b.cycle - a.cycle)[0]
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

/**
 * What ended unanswered goes on under the dates it had: a withdrawal taken back does not lengthen what the law gives, nor
 * does a date that had passed before the end count as kept, whether or not somebody had noticed by then.
 */
function unanswered(state: ComplaintState): ComplaintClock[] {
  return state.clocks.flatMap((c): ComplaintClock[] => {
    if (goneWithTheEnd.has(c.kind) || c.settledAt === null || c.settledAt !== state.closedAt) return []
    if (c.state === 'cancelled') return [{ ...c, state: 'running', settledAt: null }]
    return c.state === 'breached' && !metAtTheEnd(state, c.kind) ? [{ ...c, settledAt: null }] : []
  })
}

const goneWithTheEnd = new Set(['resolve', 'handover', 'follow_up'])

/** What ended it also said what this clock waited for, late as it was. */
function metAtTheEnd(state: ComplaintState, kind: string): boolean {
  const { closedAt, acknowledgedAt, firstReplyAt, respondedAt, finalAt } = state
  if (kind === 'acknowledge') return acknowledgedAt === closedAt
  if (kind === 'first_reply') return firstReplyAt === closedAt
  if (kind === 'statutory' || kind === 'stage') return respondedAt === closedAt || finalAt === closedAt
  return kind === 'next_update' && ['redirected', 'final'].includes(state.endedAs ?? state.state)
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
            withdrawalAskedAt: null,
            // "Withdrawn" and "redirected" are no outcome of what is now looked into after all.
            ...(['C4', 'C6'].includes(state.closureCode ?? '') ? { outcomeCode: null, decidedAt: null } : {}),
          },
          clocks: [...unanswered(state), ...resumed(state, facts)],
        },
      ),
    ]),
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
  blocked: (state) => (finalStands(state) ? { code: 'complaints.after-final' } : undefined),
  decide: (state, { reasonHash, reviewer, keepers }, { now }) => {
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
          clocks: settling(state, ['follow_up'], now),
          ...(reviewer ? admitting(state, reviewer.id) : toKeepers(state, keepers)),
        },
      ),
    ])
  },
}

export type Finalise = {
  readonly outcomeCode: string
  /** Replace those of stage 1, which stay in history. */
  readonly findings: readonly GivenFinding[]
  /** What stage 2 grants. Money and goods have been approved by somebody else before. */
  readonly remedyCode?: string | undefined
  readonly amount?: Money | undefined
  readonly spoken: Spoken
  readonly told?: string | undefined
}

const finalised: Rule<Finalise> = {
  permission: 'complaint.review',
  blocked: (state, { actor }) =>
    actor.id !== null && state.deciders.includes(actor.id)
      ? { code: 'complaints.own-decision' }
      : authorityWaits(state),
  decide: (state, command, facts) => {
    const { outcomeCode, findings, spoken, told } = command
    const { now, actor } = facts
    const points = findingPoints(state, findings)
    if (!points.ok) return points
    const wanting = grantBlocked(state, command, facts)
    if (wanting) return refuse(wanting.code, wanting.facts, 409)
    const owed = owedAfter(state, command)
    const { remedyCode, amount } = command
    return ok([
      event('finalised', given({ outcomeCode, ...spoken, told, findings, remedyCode, amount, stage: 2 }), {
        set: {
          ...moving(state, owed ? 'grant' : 'finalise'),
          ...granted(state, command),
          outcomeCode,
          decidedBy: actor.id,
          decidedAt: now,
          // What stage 1 answered, and when, stays.
          respondedAt: first(state.respondedAt, now),
          closedAt: owed ? null : now,
          finalAt: now,
          reopenedBy: null,
          stance: null,
          attempts: [],
          ...wordsNoted(state, facts),
        },
        points: points.value,
        clocks: settling(state, [...metByWords(actor), 'resolve', 'statutory', 'stage'], now),
      }),
    ])
  },
}

export const finalise = whenTold(finalised, () => ['resolve', 'statutory', 'stage'])

/** A reviewer grants what needs nobody; money and goods somebody else has approved, and nobody approves their own. */
function grantBlocked(state: ComplaintState, grant: Grant, facts: Facts) {
  if (grant.remedyCode === undefined) return undefined
  const wanting = ungranted(state, grant, facts)
  if (wanting || !needsApproval(wholeOf(state, grant), facts)) return wanting
  const own = facts.actor.id !== null && state.approvedBy === facts.actor.id
  return own ? { code: 'complaints.own-decision', facts: {} } : undefined
}

function granted(state: ComplaintState, grant: Grant): Partial<Fields> {
  if (grant.remedyCode === undefined) return {}
  const { remedyCode, amount } = wholeOf(state, grant)
  return { remedyCode, remedyAmount: amount, approval: 'approved', remedyStartedAt: null, remedyDoneAt: null }
}

/** Whether something is left to carry out: what stage 2 grants, or what stage 1 had promised and not yet done. */
function owedAfter(state: ComplaintState, grant: Grant): boolean {
  const { remedyCode } = wholeOf(state, grant)
  if (remedyCode === null || givenInWords.has(remedyCode)) return false
  if (grant.remedyCode !== undefined) return true
  const promised = state.remedyStartedAt !== null || (state.approval === 'approved' && state.respondedAt !== null)
  return promised && state.remedyDoneAt === null
}

export const external: Rule<{ bodyHash: string }> = {
  permission: 'complaint.handle',
  decide: (state, { bodyHash }) =>
    ok([event('went_outside', { bodyHash }, { set: { ...moving(state, 'external'), closedAt: null } })]),
}

/**
 * The complainant takes it back. Where somebody may be at risk, that ends nothing yet: they may have been pressed to, and
 * the harm is there whatever they wish. It goes on until a lead or reviewer has looked at why, and ends it with a reason.
 */
export const withdraw: Rule<{ reasonHash: string }> = {
  permission: 'complaint.close',
  blocked: (state, facts) => {
    const noted = state.withdrawalAskedAt !== null && atRisk(state) && !mayConfirmEnd(facts)
    return noted ? { code: 'complaints.withdrawal-noted' } : authorityWaits(state)
  },
  decide: (state, { reasonHash }, facts) => {
    const { now } = facts
    if (atRisk(state) && !mayConfirmEnd(facts)) {
      const clocks = cancelling(state, now).filter((c) => c.kind === 'acknowledge' || c.kind === 'first_reply')
      return ok([event('withdrawal_asked', { reasonHash }, { set: { withdrawalAskedAt: now }, clocks })])
    }
    return ok([
      event(
        'withdrawn',
        { reasonHash },
        {
          set: { ...moving(state, 'withdraw'), closedAt: now, closureCode: 'C4', outcomeCode: 'O5' },
          clocks: cancelling(state, now),
        },
      ),
    ])
  },
}

/** To whom it belongs is told to the complainant: that is a first reply; the dates of an answer are not ours any more. */
const redirected: Rule<{ reasonHash: string; spoken: Spoken; told?: string | undefined }> = {
  permission: 'complaint.close',
  blocked: authorityWaits,
  decide: (state, { reasonHash, spoken, told }, facts) => {
    const { now } = facts
    const met = settling(state, metByWords(facts.actor), now)
    const over = cancelling(state, now).filter((c) => !met.some((m) => m.id === c.id))
    return ok([
      event('redirected', given({ reasonHash, ...spoken, told }), {
        set: {
          ...moving(state, 'redirect'),
          ...wordsNoted(state, facts),
          closedAt: now,
          closureCode: 'C6',
          outcomeCode: 'O6',
        },
        clocks: [...met, ...over],
      }),
    ])
  },
}

export const redirect = whenTold(redirected)
