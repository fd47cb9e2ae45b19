import { ok, refuse } from '../../../kit/pure/result.ts'
import { event } from '../event.ts'
import type { ComplaintState } from '../state.ts'
import {
  admitting,
  assessing,
  findingPoints,
  given,
  type GivenFinding,
  moving,
  overruling,
  type Rule,
  settling,
  type Spoken,
  metByWords,
  wordsNoted,
  type Written,
} from './facts.ts'
import { whenTold } from './telling.ts'
import { heard, heardFacts } from './wrote-again.ts'

/** The person is told it was received: in words, or as somebody told them already. Without either nothing proves it. */
const acknowledged: Rule<{ spoken?: Spoken | undefined; told?: string | undefined }> = {
  permission: 'complaint.acknowledge',
  blocked: (state) => (state.acknowledgedAt === null ? undefined : { code: 'complaints.already-acknowledged' }),
  decide: (state, { spoken, told }, { now }) =>
    spoken || told
      ? ok([
          event('acknowledged', given({ how: spoken ? 'message' : 'said', ...spoken, told }), {
            set: { ...moving(state, 'acknowledge'), acknowledgedAt: now },
            clocks: settling(state, ['acknowledge'], now),
          }),
        ])
      : refuse('complaints.acknowledgement-unproven'),
}

export const acknowledge = whenTold(acknowledged)

export type Assess = {
  readonly impact: number
  readonly likelihood: number
  readonly flags: readonly string[]
  readonly typeCode?: string | null | undefined
  readonly productId?: string | null | undefined
  readonly placeId?: string | null | undefined
  /** Why, in the words of whoever assessed it. */
  readonly reason?: Spoken
  readonly title?: Written
  readonly orderNo?: Written
  readonly reroute?: Reroute | undefined
}

/** Where the routing table leads by what it is about now; null: nowhere else. Offered, never done by itself. */
export type Reroute = { readonly teamId: string; readonly lineId: string | null } | null

export const assess: Rule<Assess> = {
  permission: 'complaint.assess',
  decide: (state, command, facts) => {
    const { severity, why, clocks } = assessing(state, command.impact, command.likelihood, command.flags, facts)
    const { reason, title, orderNo, reroute } = command
    const { typeCode = state.typeCode, productId = state.productId, placeId = state.placeId } = command
    return ok([
      event(
        'assessed',
        { severityWhy: why, ...given({ reason, title, orderNo, reroute }) },
        {
          set: {
            ...moving(state, 'assess'),
            impact: command.impact,
            likelihood: command.likelihood,
            severity,
            typeCode,
            productId,
            placeId,
          },
          flags: command.flags,
          clocks,
        },
      ),
    ])
  },
}

export type Assign = {
  /** The person, with everyone they report to; null gives it back to the queue. */
  readonly owner: {
    readonly id: string
    readonly chain: readonly string[]
    readonly teams: readonly string[]
    readonly mayReview?: boolean
  } | null
  readonly teamId?: string | undefined
  readonly why: Readonly<Record<string, unknown>>
  readonly reason?: Spoken
}

export const assign: Rule<Assign> = {
  permission: 'complaint.assign',
  decide: (state, { owner, teamId, why, reason }, { actor }) => {
    if (owner && state.subjects.some((s) => owner.chain.includes(s)))
      return refuse('complaints.owner-is-subject', { staffId: owner.id })
    if (owner && state.state === 'review') {
      if (state.deciders.includes(owner.id)) return refuse('complaints.own-decision', { staffId: owner.id })
      if (owner.mayReview === false) return refuse('complaints.not-a-reviewer', { staffId: owner.id })
    }
    const stays = owner?.teams.includes(state.teamId) || !owner
    const team = teamId ?? (stays ? state.teamId : (owner?.teams[0] ?? state.teamId))
    const access =
      owner && state.confidentiality !== 'normal' && !state.access.includes(owner.id)
        ? { access: [...state.access, owner.id] }
        : {}
    return ok([
      event(
        'assigned',
        { assignedWhy: { ...why, by: actor.id }, ...given({ reason }) },
        { set: { ...(owner ? moving(state, 'assign') : {}), ownerId: owner?.id ?? null, teamId: team }, ...access },
      ),
    ])
  },
}

export const helper: Rule<{ staffId: string; chain: readonly string[]; kind: string }> = {
  permission: 'complaint.assign',
  decide: (state, { staffId, chain, kind }) => {
    if (state.subjects.some((s) => chain.includes(s))) return refuse('complaints.owner-is-subject', { staffId })
    return ok([
      event(
        'helper_added',
        { staffId, kind },
        {
          helpers: [...state.helpers.filter((h) => h.staffId !== staffId), { staffId, kind }],
          ...admitting(state, staffId),
        },
      ),
    ])
  },
}

export const investigate: Rule<object> = {
  permission: 'complaint.handle',
  decide: (state) => ok([event('investigation_started', {}, { set: moving(state, 'investigate') })]),
}

/** `spoken` goes to the complainant and is a human reply; `asked` is said inside and proves only itself. */
const asking: Rule<{
  of: string
  spoken?: Spoken | undefined
  told?: string | undefined
  asked?: Spoken | undefined
}> = {
  permission: 'complaint.handle',
  transition: 'ask_info',
  decide: (state, { of, spoken, told, asked }, facts) => {
    const written = spoken ? wordsNoted(state, facts) : {}
    const clocks = spoken ? settling(state, metByWords(facts.actor), facts.now) : []
    return ok([
      event('information_requested', given({ of, ...(spoken ?? asked), told }), {
        set: { ...moving(state, 'ask_info'), ...written, waitingFor: of },
        clocks,
      }),
    ])
  },
}

export const askInfo = whenTold(asking)

export const resume: Rule<object> = {
  permission: 'complaint.handle',
  decide: (state) => ok([event('resumed', {}, { set: { ...moving(state, 'resume'), waitingFor: null } })]),
}

export const find: Rule<{ findings: readonly GivenFinding[] }> = {
  permission: 'complaint.decide',
  blocked: overruling,
  decide: (state, { findings }) => {
    const points = findingPoints(state, findings)
    return points.ok ? ok([event('points_found', { findings }, { points: points.value })]) : points
  },
}

export const addPoint: Rule<{ point: { id: string; hash: string } }> = {
  permission: 'complaint.assess',
  transition: 'add_point',
  blocked: (state) => (state.points.length >= 30 ? { code: 'complaints.too-many-points' } : undefined),
  decide: (state, { point }) =>
    ok([
      event(
        'point_added',
        { point, no: nextNo(state) },
        { points: [{ id: point.id, no: nextNo(state), finding: null }] },
      ),
    ]),
}

/** Numbers are never given twice, also not that of a point that is gone. */
export const nextNo = ({ points }: ComplaintState): number => 1 + Math.max(0, ...points.map((p) => p.no))

/** The complainant spoke again, on any channel. What was waited for has come; what had ended is looked at again. */
export const append: Rule<{ spoken: Spoken; channel: string }> = {
  permission: 'complaint.append',
  decide: (state, { spoken, channel }, facts) => {
    const changes = heard(state, facts)
    return ok([event('message_received', { ...spoken, channel, ...heardFacts(state, changes) }, changes)])
  },
}
