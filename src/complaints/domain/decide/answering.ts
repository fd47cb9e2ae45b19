import { settle } from '../../../clocks/domain/index.ts'
import { ok, refuse } from '../../../kit/pure/result.ts'
import { event, type NewEvent } from '../event.ts'
import type { ComplaintClock, ComplaintState } from '../state.ts'
import { nextState, workflowOf } from '../workflow.ts'
import {
  findingPoints,
  first,
  type Facts,
  given,
  type GivenFinding,
  moving,
  notNow,
  openPoints,
  overruling,
  type Rule,
  settling,
  type Spoken,
} from './facts.ts'

export const propose: Rule<{ remedyCode: string; spoken: Spoken }> = {
  permission: 'complaint.handle',
  decide: (state, { remedyCode, spoken }, { actor }) =>
    ok([
      event(
        'proposed',
        { remedyCode, ...spoken },
        {
          set: {
            ...moving(state, 'propose'),
            remedyCode,
            proposedBy: actor.id,
            // Another proposal voids the approval of the one before (domain.md §8).
            approval: state.approval === null ? null : 'again',
            remedyStartedAt: null,
            remedyDoneAt: null,
          },
        },
      ),
    ]),
}

type Blocked = { code: string; facts?: Record<string, unknown> } | undefined

/** Approval was asked for once, and what stands here now has none: it is neither promised nor carried out. */
const unapproved = (state: ComplaintState): boolean => state.approval !== null && state.approval !== 'approved'

/** What was approved is carried out, not something else. */
const anotherRemedy = (state: ComplaintState, remedyCode: string | undefined): boolean =>
  state.approval === 'approved' && remedyCode !== undefined && remedyCode !== state.remedyCode

export const requestApproval: Rule<object> = {
  permission: 'complaint.handle',
  transition: 'request_approval',
  decide: (state) =>
    ok([event('approval_requested', {}, { set: { ...moving(state, 'request_approval'), approval: 'asked' } })]),
}

export const approve: Rule<{ approved: boolean; reasonHash?: string }> = {
  permission: 'complaint.approve',
  blocked: (state, { actor }) => (state.proposedBy === actor.id ? { code: 'complaints.own-proposal' } : undefined),
  decide: (state, { approved, reasonHash }, { actor, now }) => {
    const facts = reasonHash ? { reasonHash } : {}
    return approved
      ? ok([
          event('approved', facts, {
            set: {
              ...moving(state, 'approve'),
              approval: 'approved',
              decidedAt: first(state.decidedAt, now),
              decidedBy: actor.id,
            },
          }),
        ])
      : ok([
          event(
            'declined',
            { ...facts, remedyCode: state.remedyCode },
            { set: { ...moving(state, 'decline'), approval: 'declined', remedyCode: null } },
          ),
        ])
  },
}

export type Decide = { readonly outcomeCode: string; readonly findings: readonly GivenFinding[] }

/** `answerId` is the message of the answer that decides; a decision by its own command has none, and stays when an answer is taken back. */
function deciding(
  state: ComplaintState,
  { outcomeCode, findings }: Decide,
  { now, actor }: Facts,
  answerId: string | null,
) {
  const move = answerId === null
  const points = findingPoints(state, findings)
  if (!points.ok) return points
  const open = openPoints(state, points.value)
  if (open.length > 0) return refuse('complaints.points-open', { points: open })
  return ok(
    event(
      'decided',
      { outcomeCode, findings, ...(answerId === null ? {} : { answerId }) },
      {
        set: {
          ...(move ? moving(state, 'decide') : {}),
          outcomeCode,
          decidedAt: now,
          // Writing the answer down does not take the decision over from whoever approved it.
          decidedBy: move || state.decidedBy === null ? actor.id : state.decidedBy,
        },
        points: points.value,
        ...(actor.id ? { deciders: [actor.id] } : {}),
      },
    ),
  )
}

export const decide: Rule<Decide> = {
  permission: 'complaint.decide',
  blocked: overruling,
  decide: (state, command, facts) => {
    const decided = deciding(state, command, facts, null)
    return decided.ok ? ok([decided.value]) : decided
  },
}

export type Reply = {
  readonly to?: 'complainant' | 'authority' | undefined
  readonly spoken: Spoken
  /** The channel it was told in, when it is not sent by us: a call, a talk at the counter. */
  readonly told?: string | undefined
  readonly decision: boolean
  readonly outcomeCode?: string | undefined
  readonly findings: readonly GivenFinding[]
}

/** Outcomes that give the complainant something: not after what was to be given was declined. */
const inTheirFavour = ['O1', 'O2', 'O4']

/** Why this may not be the formal answer now: stage 2 has spoken, or it promises what nobody approved. */
function answerBlocked(state: ComplaintState, outcomeCode: string, facts: Facts): Blocked {
  const offered = state.remedyCode !== null || inTheirFavour.includes(outcomeCode)
  if (unapproved(state) && offered)
    return { code: 'complaints.remedy-not-approved', facts: { remedyCode: state.remedyCode } }
  return overruling(state, facts)
}

/**
 * A human answer. It meets acknowledge and first reply; as the decision it also needs an outcome and a finding for every
 * point, and meets resolve and statutory clocks: only a sent answer does, never a status. What an authority is answered
 * meets the authority's clock, and nothing else does.
 */
export const reply: Rule<Reply> = {
  permission: 'complaint.answer',
  decide: (state, command, facts) => {
    const { now } = facts
    if (command.to === 'authority') {
      const told = { ...command.spoken, told: command.told }
      return ok([event('authority_answered', told, { clocks: settling(state, ['authority'], now) })])
    }
    const spoke = { firstReplyAt: first(state.firstReplyAt, now), acknowledgedAt: first(state.acknowledgedAt, now) }
    const always = ['acknowledge', 'first_reply', 'next_update']
    const said = { ...command.spoken, ...(command.told ? { told: command.told } : {}) }
    if (!command.decision) {
      return ok([
        event('replied', said, {
          set: { ...moving(state, 'acknowledge'), ...spoke },
          clocks: settling(state, always, now),
        }),
      ])
    }
    if (nextState(workflowOf(state.workflow), 'respond', state.state) === undefined) return notNow(state, 'respond')
    const events: NewEvent[] = []
    const outcomeCode = command.outcomeCode ?? state.outcomeCode
    if (!outcomeCode) return refuse('complaints.outcome-missing')
    const blocked = answerBlocked(state, outcomeCode, facts)
    if (blocked) return refuse(blocked.code, blocked.facts, 409)
    if (state.decidedAt === null || command.findings.length > 0 || outcomeCode !== state.outcomeCode) {
      const decided = deciding(state, { outcomeCode, findings: command.findings }, facts, command.spoken.messageId)
      if (!decided.ok) return decided
      events.push(decided.value)
    } else if (openPoints(state).length > 0) return refuse('complaints.points-open', { points: openPoints(state) })
    const clocks = settling(state, [...always, 'resolve', 'statutory', 'stage'], now)
    events.push(event('responded', said, { set: { ...moving(state, 'respond'), ...spoke, respondedAt: now }, clocks }))
    return ok(events)
  },
}

const contains = (c: ComplaintClock) => c.kind === 'resolve' && c.milestone === 'containment' && c.settledAt === null

/**
 * The harm is stopped: goods taken off sale, the person safe, the leak closed. Meets the containment clock of a critical
 * complaint; the answer is still owed.
 */
export const contain: Rule<{ spoken: Spoken }> = {
  permission: 'complaint.handle',
  blocked: (state) => (state.clocks.some(contains) ? undefined : { code: 'complaints.nothing-to-contain' }),
  decide: (state, { spoken }, { now }) => {
    const clocks = state.clocks.filter(contains).map((c) => ({ ...c, ...settle(c, now) }))
    return ok([event('contained', { ...spoken }, { clocks })])
  },
}

export const startRemedy: Rule<{ remedyCode?: string | undefined; textHash?: string }> = {
  permission: 'complaint.handle',
  transition: 'start_remedy',
  blocked: (state) => {
    if (unapproved(state)) return { code: 'complaints.remedy-not-approved', facts: { remedyCode: state.remedyCode } }
    if (state.state !== 'final') return undefined
    if (state.remedyCode === null) return { code: 'complaints.no-remedy' }
    return state.remedyStartedAt === null ? undefined : { code: 'complaints.remedy-started' }
  },
  decide: (state, { remedyCode, textHash }, { now }) =>
    anotherRemedy(state, remedyCode)
      ? refuse('complaints.other-remedy', { remedyCode: state.remedyCode }, 409)
      : ok([
          event('remedy_started', textHash ? { textHash } : {}, {
            set: {
              ...moving(state, 'start_remedy'),
              remedyCode: remedyCode ?? state.remedyCode,
              remedyStartedAt: now,
              remedyDoneAt: null,
            },
          }),
        ]),
}

export const finishRemedy: Rule<{ evidence?: Spoken | undefined }> = {
  permission: 'complaint.handle',
  transition: 'finish_remedy',
  blocked: (state) =>
    state.state === 'final' && (state.remedyStartedAt === null || state.remedyDoneAt !== null)
      ? { code: 'complaints.no-remedy' }
      : undefined,
  decide: (state, { evidence }, { now }) =>
    evidence
      ? ok([
          event(
            'remedy_done',
            { evidenceHash: evidence.hash },
            {
              set: { ...moving(state, 'finish_remedy'), remedyDoneAt: now },
            },
          ),
        ])
      : refuse('complaints.evidence-missing'),
}

export type Confirm = {
  readonly stance: string
  /** The way that was tried, of somebody who could not be reached. */
  readonly channel?: string | undefined
  readonly spoken?: Spoken | undefined
}

export const confirm: Rule<Confirm> = {
  permission: 'complaint.handle',
  transition: 'try_to_reach',
  decide: (state, { stance, channel, spoken }, { now }) => {
    if (stance !== 'unreachable' && nextState(workflowOf(state.workflow), 'confirm', state.state) === undefined)
      return notNow(state, 'confirm')
    const reached =
      stance === 'unreachable'
        ? { attempts: [...state.attempts, ...(channel ? [{ at: now, channel }] : [])] }
        : { confirmedAt: now, stance }
    return ok([
      event('followed_up', given({ stance, channel, ...spoken }), {
        set: { ...moving(state, 'try_to_reach'), ...reached },
      }),
    ])
  },
}
