import { settle } from '../../../clocks/domain/index.ts'
import { ok, refuse } from '../../../kit/pure/result.ts'
import { event, type NewEvent } from '../event.ts'
import type { ComplaintClock, ComplaintState, Money } from '../state.ts'
import { nextState, workflowOf } from '../workflow.ts'
import { isContainment } from './dates.ts'
import { finalStands, type Grant, remedyFacts, unapproved, ungranted, wholeOf } from './granting.ts'
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
  metByWords,
  settling,
  type Spoken,
  wordsNoted,
  type Written,
} from './facts.ts'
import { whenTold } from './telling.ts'

export const propose: Rule<{ remedyCode: string; amount?: Money | undefined; spoken: Spoken }> = {
  permission: 'complaint.handle',
  blocked: (state, facts) => {
    if (state.state === 'review') return overruling(state, facts)
    if (finalStands(state)) return { code: 'complaints.after-final' }
    return state.state === 'remedy_in_progress' && state.remedyStartedAt !== null
      ? { code: 'complaints.remedy-started' }
      : undefined
  },
  decide: (state, { remedyCode, amount, spoken }, { actor }) =>
    ok([
      event('proposed', given({ remedyCode, amount, ...spoken }), {
        set: {
          ...moving(state, 'propose'),
          remedyCode,
          remedyAmount: amount ?? null,
          // Whoever proposes in stage 2 is no decider of stage 1.
          ...(state.state === 'review' ? { reviewProposedBy: actor.id } : { proposedBy: actor.id }),
          // Another proposal voids the approval of the one before (domain.md §8).
          approval: state.approval === null ? null : 'again',
          approvedBy: null,
          remedyStartedAt: null,
          remedyDoneAt: null,
        },
      }),
    ]),
}

type Blocked = { code: string; facts?: Record<string, unknown> } | undefined

/** What was approved is carried out, not something else. */
const anotherRemedy = (state: ComplaintState, remedyCode: string | undefined): boolean =>
  state.approval === 'approved' && remedyCode !== undefined && remedyCode !== state.remedyCode

export const requestApproval: Rule<{ readonly reason?: Spoken | undefined }> = {
  permission: 'complaint.handle',
  transition: 'request_approval',
  blocked: (state) => {
    if (state.remedyCode === null) return { code: 'complaints.no-remedy' }
    return state.approval === 'asked' || state.approval === 'approved'
      ? { code: 'complaints.approval-asked' }
      : undefined
  },
  decide: (state, { reason }) =>
    ok([
      event(
        'approval_requested',
        { ...remedyFacts(wholeOf(state, {})), ...given({ reason }) },
        {
          set: { ...moving(state, 'request_approval'), approval: 'asked' },
        },
      ),
    ]),
}

/** In stage 2 another person than the reviewer approves, and nobody who decided stage 1. */
function approvalBlocked(state: ComplaintState, { actor }: Facts): Blocked {
  if (state.approval !== 'asked' && state.state !== 'approval') return { code: 'complaints.nothing-to-approve' }
  if (state.state !== 'review')
    return actor.id !== null && state.proposedBy === actor.id ? { code: 'complaints.own-proposal' } : undefined
  const own = actor.id !== null && (state.reviewProposedBy === actor.id || state.deciders.includes(actor.id))
  return own ? { code: 'complaints.own-decision' } : undefined
}

export const approve: Rule<{ approved: boolean; reasonHash?: string }> = {
  permission: 'complaint.approve',
  blocked: approvalBlocked,
  decide: (state, { approved, reasonHash }, { actor, now }) => {
    const facts = { ...given({ reasonHash }), ...remedyFacts(wholeOf(state, {})) }
    const decides = state.state === 'approval'
    const found = state.outcomeCode !== null && openPoints(state).length === 0
    return approved
      ? ok([
          event('approved', facts, {
            set: {
              ...moving(state, decides && found ? 'approve_decided' : 'approve'),
              approval: 'approved',
              approvedBy: actor.id,
              ...(decides ? { decidedBy: actor.id } : {}),
              ...(decides && found ? { decidedAt: first(state.decidedAt, now) } : {}),
            },
          }),
        ])
      : ok([
          event('declined', facts, {
            set: { ...moving(state, 'decline'), approval: 'declined', remedyCode: null, remedyAmount: null },
          }),
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
  readonly spoken: Spoken
  /** The channel it was told in, when it is not sent by us: a call, a talk at the counter. */
  readonly told?: string | undefined
  readonly decision: boolean
  readonly outcomeCode?: string | undefined
  readonly findings: readonly GivenFinding[]
  /** What the answer grants, where that is not what was proposed. */
  readonly remedyCode?: string | undefined
  readonly amount?: Money | undefined
}

/** Outcomes that give the complainant something: not after what was to be given was declined. */
const inTheirFavour = ['O1', 'O2', 'O4']

/** Why this may not be the formal answer now: stage 2 has spoken, or it promises what nobody approved. */
function answerBlocked(state: ComplaintState, outcomeCode: string, grant: Grant, facts: Facts): Blocked {
  const offered = state.remedyCode !== null || inTheirFavour.includes(outcomeCode)
  return (offered ? unapproved(state, facts) : undefined) ?? ungranted(state, grant, facts) ?? overruling(state, facts)
}

/** Answered, and being carried out: another answer is for stage 2, or for whoever takes it up again. */
const answered = ({ state, respondedAt }: ComplaintState) =>
  respondedAt !== null && ['remedy_in_progress', 'follow_up'].includes(state)

const blocked = (state: ComplaintState, facts: Facts): Blocked =>
  answered(state) ? { code: 'complaints.not-now', facts: { state: state.state } } : overruling(state, facts)

/** Whether a reply may be the formal answer now: no action of its own, it is sent as a `reply` that decides. */
export const respond = { permission: 'complaint.answer', transition: 'respond', blocked } as const

/**
 * A human answer. It meets acknowledge and first reply; as the decision it also needs an outcome and a finding for every
 * point, and meets resolve and statutory clocks: only a sent answer does, never a status.
 */
const replied: Rule<Reply> = {
  permission: 'complaint.answer',
  decide: (state, command, facts) => {
    const { now } = facts
    const spoke = wordsNoted(state, facts)
    const always = metByWords(facts.actor)
    const said = { ...command.spoken, ...(command.told ? { told: command.told } : {}) }
    if (!command.decision) {
      return ok([
        event('replied', said, {
          set: { ...moving(state, 'acknowledge'), ...spoke },
          clocks: settling(state, always, now),
        }),
      ])
    }
    if (nextState(workflowOf(state.workflow), 'respond', state) === undefined || answered(state))
      return notNow(state, 'respond')
    const events: NewEvent[] = []
    const outcomeCode = command.outcomeCode ?? state.outcomeCode
    if (!outcomeCode) return refuse('complaints.outcome-missing')
    const blocked = answerBlocked(state, outcomeCode, command, facts)
    if (blocked) return refuse(blocked.code, blocked.facts, 409)
    if (state.decidedAt === null || command.findings.length > 0 || outcomeCode !== state.outcomeCode) {
      const decided = deciding(state, { outcomeCode, findings: command.findings }, facts, command.spoken.messageId)
      if (!decided.ok) return decided
      events.push(decided.value)
    } else if (openPoints(state).length > 0) return refuse('complaints.points-open', { points: openPoints(state) })
    const clocks = settling(state, [...always, 'resolve', 'statutory', 'stage'], now)
    const { remedyCode, amount } = wholeOf(state, command)
    const granted = command.remedyCode || command.amount ? { remedyCode, remedyAmount: amount } : {}
    const set = { ...moving(state, 'respond'), ...spoke, ...granted, respondedAt: now }
    const facted = { ...said, ...given({ remedyCode: command.remedyCode, amount: command.amount }) }
    events.push(event('responded', facted, { set, clocks }))
    return ok(events)
  },
}

export const reply = whenTold(replied, ({ decision }) => (decision ? ['resolve', 'statutory', 'stage'] : []))

/** What an authority was answered, in any state: it meets the authority's clock, and nothing else does. */
export const answerAuthority = whenTold(
  {
    permission: 'complaint.answer',
    transition: 'answer_authority',
    decide: (state, { spoken, told, letterNo }, { now }) =>
      ok([
        event(
          'authority_answered',
          { ...spoken, told, ...given({ letterNo }) },
          { clocks: settling(state, ['authority'], now) },
        ),
      ]),
  } satisfies Rule<{ spoken: Spoken; told: string; letterNo?: Written | undefined }>,
  () => ['authority'],
)

const contains = (c: ComplaintClock) => isContainment(c) && c.settledAt === null

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

export type StartRemedy = Grant & { readonly textHash?: string }

export const startRemedy: Rule<StartRemedy> = {
  permission: 'complaint.handle',
  transition: 'start_remedy',
  blocked: (state, facts) => {
    const wanting = unapproved(state, facts)
    if (wanting) return wanting
    const standing = state.endedAs ?? state.state
    if (standing === 'final' && state.remedyCode === null) return { code: 'complaints.no-remedy' }
    if (standing !== 'final' && standing !== 'remedy_in_progress') return undefined
    return state.remedyStartedAt === null ? undefined : { code: 'complaints.remedy-started' }
  },
  decide: (state, { remedyCode, amount, textHash }, facts) => {
    const wanting = ungranted(state, { remedyCode, amount }, facts)
    if (wanting) return refuse(wanting.code, wanting.facts, 409)
    if (anotherRemedy(state, remedyCode))
      return refuse('complaints.other-remedy', { remedyCode: state.remedyCode }, 409)
    const remedy = wholeOf(state, { remedyCode, amount })
    return ok([
      event('remedy_started', given({ textHash, remedyCode, amount }), {
        set: {
          ...moving(state, 'start_remedy'),
          remedyCode: remedy.remedyCode,
          // Less may be paid than was approved; what was approved stays.
          ...(state.approval === 'approved' ? {} : { remedyAmount: remedy.amount }),
          remedyStartedAt: facts.now,
          remedyDoneAt: null,
        },
        clocks: settling(state, ['follow_up'], facts.now),
      }),
    ])
  },
}

export type FinishRemedy = { readonly evidence?: Spoken | undefined; readonly amount?: Money | undefined }

export const finishRemedy: Rule<FinishRemedy> = {
  permission: 'complaint.handle',
  transition: 'finish_remedy',
  blocked: (state, facts) =>
    (state.endedAs ?? state.state) === 'final' && (state.remedyStartedAt === null || state.remedyDoneAt !== null)
      ? { code: 'complaints.no-remedy' }
      : unapproved(state, facts),
  decide: (state, { evidence, amount }, facts) => {
    const wanting = ungranted(state, { amount }, facts)
    if (wanting) return refuse(wanting.code, wanting.facts, 409)
    if (!evidence) return refuse('complaints.evidence-missing')
    const set = { ...moving(state, 'finish_remedy'), remedyDoneAt: facts.now }
    const clocks = settling(state, ['follow_up'], facts.now)
    return ok([event('remedy_done', given({ evidenceHash: evidence.hash, amount }), { set, clocks })])
  },
}

export type Confirm = {
  readonly stance: 'accepted' | 'not_accepted'
  readonly spoken?: Spoken | undefined
}

/** What they say of the answer, also while it is being carried out. */
export const confirm: Rule<Confirm> = {
  permission: 'complaint.handle',
  decide: (state, { stance, spoken }, { now }) =>
    ok([
      event('followed_up', given({ stance, ...spoken }), {
        set: { ...moving(state, 'confirm'), confirmedAt: now, stance },
        clocks: settling(state, ['follow_up'], now),
      }),
    ]),
}

export type TryToReach = {
  /** The way that was tried. */
  readonly channel?: string | undefined
  readonly spoken?: Spoken | undefined
}

/** Somebody tried to reach them and could not, before an answer or after it. */
export const tryToReach: Rule<TryToReach> = {
  permission: 'complaint.handle',
  transition: 'try_to_reach',
  decide: (state, { channel, spoken }, { now }) =>
    ok([
      event('followed_up', given({ stance: 'unreachable', channel, ...spoken }), {
        set: {
          ...moving(state, 'try_to_reach'),
          attempts: [...state.attempts, ...(channel ? [{ at: now, channel }] : [])],
        },
      }),
    ]),
}
