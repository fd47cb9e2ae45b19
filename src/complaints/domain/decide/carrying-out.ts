import { ok, refuse } from '../../../kit/pure/result.ts'
import { event } from '../event.ts'
import type { ComplaintState, Money } from '../state.ts'
import { type Grant, unapproved, ungranted, wholeOf } from './granting.ts'
import { given, moving, type Rule, settling, type Spoken } from './facts.ts'

/** What was approved is carried out, not something else. */
const anotherRemedy = (state: ComplaintState, remedyCode: string | undefined): boolean =>
  state.approval === 'approved' && remedyCode !== undefined && remedyCode !== state.remedyCode

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
