import { settle } from '../../../clocks/domain/clock-life.ts'
import { ok, refuse } from '../../../kit/pure/result.ts'
import { event, type NewEvent } from '../event.ts'
import type { ComplaintClock, ComplaintState } from '../state.ts'
import { nextState, workflowOf } from '../workflow.ts'
import {
  findingPoints,
  first,
  type Facts,
  type GivenFinding,
  moving,
  notNow,
  openPoints,
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
        { set: { ...moving(state, 'propose'), remedyCode, proposedBy: actor.id } },
      ),
    ]),
}

export const requestApproval: Rule<object> = {
  permission: 'complaint.handle',
  transition: 'request_approval',
  decide: (state) => ok([event('approval_requested', {}, { set: moving(state, 'request_approval') })]),
}

export const approve: Rule<{ approved: boolean; reasonHash?: string }> = {
  permission: 'complaint.approve',
  blocked: (state, { actor }) => (state.proposedBy === actor.id ? { code: 'complaints.own-proposal' } : undefined),
  decide: (state, { approved, reasonHash }, { actor, now }) => {
    const facts = reasonHash ? { reasonHash } : {}
    return approved
      ? ok([
          event('approved', facts, {
            set: { ...moving(state, 'approve'), decidedAt: first(state.decidedAt, now), decidedBy: actor.id },
          }),
        ])
      : ok([event('declined', facts, { set: moving(state, 'decline') })])
  },
}

export type Decide = { readonly outcomeCode: string; readonly findings: readonly GivenFinding[] }

function deciding(state: ComplaintState, { outcomeCode, findings }: Decide, { now, actor }: Facts, move: boolean) {
  const points = findingPoints(state, findings)
  if (!points.ok) return points
  const open = openPoints(state, points.value)
  if (open.length > 0) return refuse('complaints.points-open', { points: open })
  return ok(
    event(
      'decided',
      { outcomeCode, findings },
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
  decide: (state, command, facts) => {
    const decided = deciding(state, command, facts, true)
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
}

/**
 * A human answer. It meets acknowledge and first reply; as the decision it also needs an outcome and a finding for every
 * point, and meets resolve, statutory and authority clocks: only a sent answer does, never a status.
 */
export const reply: Rule<Reply> = {
  permission: 'complaint.answer',
  decide: (state, command, facts) => {
    const { now } = facts
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
    if (state.decidedAt === null || command.findings.length > 0 || outcomeCode !== state.outcomeCode) {
      const decided = deciding(state, { outcomeCode, findings: command.findings }, facts, false)
      if (!decided.ok) return decided
      events.push(decided.value)
    } else if (openPoints(state).length > 0) return refuse('complaints.points-open', { points: openPoints(state) })
    const clocks = settling(state, [...always, 'resolve', 'statutory', 'authority', 'stage'], now)
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
  decide: (state, { remedyCode, textHash }) =>
    ok([
      event('remedy_started', textHash ? { textHash } : {}, {
        set: { ...moving(state, 'start_remedy'), remedyCode: remedyCode ?? state.remedyCode },
      }),
    ]),
}

export const finishRemedy: Rule<{ evidenceHash?: string }> = {
  permission: 'complaint.handle',
  transition: 'finish_remedy',
  decide: (state, { evidenceHash }, { now }) =>
    ok([
      event('remedy_done', evidenceHash ? { evidenceHash } : {}, {
        set: { ...moving(state, 'finish_remedy'), remedyDoneAt: now },
      }),
    ]),
}

export const confirm: Rule<{ stance: string; spoken?: Spoken | undefined }> = {
  permission: 'complaint.handle',
  decide: (state, { stance, spoken }, { now }) =>
    ok([
      event(
        'followed_up',
        { stance, ...spoken },
        { set: { ...moving(state, 'confirm'), confirmedAt: stance === 'unreachable' ? state.confirmedAt : now } },
      ),
    ]),
}
