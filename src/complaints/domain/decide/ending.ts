import { addMinutes, openMinutesBetween } from '../../../clocks/domain/arithmetic.ts'
import { ok, refuse } from '../../../kit/pure/result.ts'
import { event } from '../event.ts'
import type { ComplaintClock, ComplaintState } from '../state.ts'
import {
  cancelling,
  type Facts,
  first,
  admitting,
  moving,
  openPoints,
  type Rule,
  settling,
  type Spoken,
  type Written,
} from './facts.ts'

/** Closed means solved: every point has a finding and the person was answered, with the outcome in writing. */
export const close: Rule<{ reasonCode: string; summary: Written }> = {
  permission: 'complaint.close',
  blocked: (state) => {
    if (state.respondedAt === null && state.state !== 'external') return { code: 'complaints.not-answered' }
    const points = openPoints(state)
    return points.length > 0 ? { code: 'complaints.points-open', facts: { points } } : undefined
  },
  decide: (state, { reasonCode, summary }, { now }) => {
    // Silence is a reason only beside a final response (domain.md §0.6); withdrawn, redirected and merged end another way.
    if (['C4', 'C6', 'C7'].includes(reasonCode)) return refuse('complaints.wrong-closing-reason', { reasonCode })
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

export const finalise: Rule<{ outcomeCode: string; spoken: Spoken }> = {
  permission: 'complaint.review',
  blocked: (state, { actor }) =>
    actor.id !== null && state.deciders.includes(actor.id) ? { code: 'complaints.own-decision' } : undefined,
  decide: (state, { outcomeCode, spoken }, { now, actor }) =>
    ok([
      event(
        'finalised',
        { outcomeCode, ...spoken },
        {
          set: {
            ...moving(state, 'finalise'),
            outcomeCode,
            decidedBy: actor.id,
            decidedAt: now,
            respondedAt: now,
            closedAt: now,
            firstReplyAt: first(state.firstReplyAt, now),
          },
          clocks: [
            ...settling(
              state,
              ['acknowledge', 'first_reply', 'resolve', 'statutory', 'authority', 'next_update', 'stage'],
              now,
            ),
          ],
        },
      ),
    ]),
}

export const external: Rule<{ bodyHash: string }> = {
  permission: 'complaint.handle',
  decide: (state, { bodyHash }) =>
    ok([event('went_outside', { bodyHash }, { set: { ...moving(state, 'external'), closedAt: null } })]),
}

export const withdraw: Rule<{ reasonHash: string }> = {
  permission: 'complaint.close',
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

export const redirect: Rule<{ reasonHash: string }> = {
  permission: 'complaint.close',
  decide: (state, { reasonHash }, { now }) =>
    ok([
      event(
        'redirected',
        { reasonHash },
        {
          set: { ...moving(state, 'redirect'), closedAt: now, closureCode: 'C6', outcomeCode: 'O6' },
          clocks: cancelling(state, now),
        },
      ),
    ]),
}
