import { settle } from '../../../clocks/domain/index.ts'
import { ok, refuse } from '../../../kit/pure/result.ts'
import { event, type NewEvent } from '../event.ts'
import type { ComplaintClock, ComplaintState, Money } from '../state.ts'
import { nextState, workflowOf } from '../workflow.ts'
import { isContainment } from './dates.ts'
import { type Grant, unapproved, ungranted, wholeOf } from './granting.ts'
import {
  findingPoints,
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

type Blocked = { code: string; facts?: Record<string, unknown> } | undefined

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
