import { ok } from '../../../kit/pure/result.ts'
import { event } from '../event.ts'
import { given, type Rule, type Spoken } from './facts.ts'

/** Restricted and secret: only those named see it, everywhere. Its owner and whoever restricts it are named too. */
export const restrict: Rule<{ confidentiality: string; staffIds: readonly string[]; reason?: Spoken }> = {
  permission: 'complaint.restrict',
  decide: (state, { confidentiality, staffIds, reason }, { actor }) => {
    const named =
      confidentiality === 'normal'
        ? []
        : [...new Set([...staffIds, ...(state.ownerId ? [state.ownerId] : []), ...(actor.id ? [actor.id] : [])])]
    const access = named.filter((id) => !state.subjects.includes(id))
    return ok([event('restricted', { confidentiality, ...given({ reason }) }, { set: { confidentiality }, access })])
  },
}

/** Whom it is about: they neither own, approve, decide nor see it; a complaint they own goes back to the queue. */
export const nameSubject: Rule<{ staffIds: readonly string[]; ownerChain: readonly string[] }> = {
  permission: 'complaint.restrict',
  transition: 'name_subject',
  decide: (state, { staffIds, ownerChain }) => {
    const loses = staffIds.some((id) => ownerChain.includes(id))
    return ok([
      event(
        'subjects_named',
        { staffIds },
        {
          subjects: staffIds,
          access: state.access.filter((id) => !staffIds.includes(id)),
          helpers: state.helpers.filter((h) => !staffIds.includes(h.staffId)),
          ...(loses ? { set: { ownerId: null } } : {}),
        },
      ),
    ])
  },
}
