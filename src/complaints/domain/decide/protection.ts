import { ok } from '../../../kit/pure/result.ts'
import { event } from '../event.ts'
import type { ComplaintState } from '../state.ts'
import { given, type Rule, type Spoken } from './facts.ts'

/** Who is to see a restricted complaint whatever happens: who is named for want of others, and whose being named will do. */
export type Keepers = { readonly named: readonly string[]; readonly responsible: readonly string[] }

/** Nobody hides a complaint from everyone who answers for it: when none of them is named, they are, and the event says so. */
function kept(access: readonly string[], { named, responsible }: Keepers) {
  const more = access.some((id) => responsible.includes(id)) ? [] : named
  return {
    access: [...access, ...more],
    said: more.length > 0 ? { cause: 'kept', keeperStaff: more } : {},
  }
}

/** Its survivor shows what it says: who sees the one is decided there, and holds for both. */
function whileMerged({ state }: ComplaintState): { code: string } | undefined {
  return state === 'merged' ? { code: 'complaints.is-merged' } : undefined
}

export type Restrict = {
  readonly confidentiality: string
  readonly staffIds: readonly string[]
  readonly reason?: Spoken
  readonly keepers: Keepers
}

/** Restricted and secret: only those named see it, everywhere. Its owner and whoever restricts it are named too. */
export const restrict: Rule<Restrict> = {
  permission: 'complaint.restrict',
  blocked: whileMerged,
  decide: (state, { confidentiality, staffIds, reason, keepers }, { actor }) => {
    const facts = { confidentiality, ...given({ reason }) }
    if (confidentiality === 'normal') return ok([event('restricted', facts, { set: { confidentiality }, access: [] })])
    const named = [
      ...new Set([...staffIds, ...(state.ownerId ? [state.ownerId] : []), ...(actor.id ? [actor.id] : [])]),
    ]
    const { access, said } = kept(
      named.filter((id) => !state.subjects.includes(id)),
      keepers,
    )
    return ok([event('restricted', { ...facts, ...said }, { set: { confidentiality }, access })])
  },
}

export type NameSubject = {
  readonly staffIds: readonly string[]
  readonly ownerChain: readonly string[]
  readonly keepers: Keepers
}

/**
 * Whom it is about: they neither own, approve, decide nor see it; a complaint they own goes back to the queue, and one
 * that only they kept gets another keeper.
 */
export const nameSubject: Rule<NameSubject> = {
  permission: 'complaint.restrict',
  transition: 'name_subject',
  blocked: whileMerged,
  decide: (state, { staffIds, ownerChain, keepers }) => {
    const loses = staffIds.some((id) => ownerChain.includes(id))
    const left = state.access.filter((id) => !staffIds.includes(id))
    const { access, said } = state.confidentiality === 'normal' ? { access: left, said: {} } : kept(left, keepers)
    return ok([
      event(
        'subjects_named',
        { staffIds, ...said },
        {
          subjects: staffIds,
          access,
          helpers: state.helpers.filter((h) => !staffIds.includes(h.staffId)),
          ...(loses ? { set: { ownerId: null } } : {}),
        },
      ),
    ])
  },
}
