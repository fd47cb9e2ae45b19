import { event, type NewEvent } from '../event.ts'
import { apply, type ComplaintState, fold } from '../state.ts'
import type { Facts } from './facts.ts'
import { type NameSubject, nameSubject } from './protection.ts'
import { isSame } from './same.ts'
import type { Told } from './own-clocks.ts'

/** What decides who sees a complaint. */
export type Protection = Pick<ComplaintState, 'confidentiality' | 'access' | 'subjects' | 'helpers' | 'ownerId'>

const strictness = ['normal', 'restricted', 'secret']

/** Whether the survivor would show what the merged one keeps from somebody: it is less strict, or names others. */
export function lessProtected(survivor: Protection, merged: Protection): boolean {
  if (strictness.indexOf(merged.confidentiality) > strictness.indexOf(survivor.confidentiality)) return true
  return merged.confidentiality !== 'normal' && survivor.access.some((id) => !merged.access.includes(id))
}

/** Who leads up to the owner, and who keeps it should nobody be left: for the staff named afterwards. */
export type Naming = Pick<NameSubject, 'ownerChain' | 'keepers'>

export function subjectsOfBoth(state: Protection, other: Pick<ComplaintState, 'subjects'>): string[] {
  return [...new Set([...state.subjects, ...other.subjects])]
}

/** Whom one of the two is about, both are about: they see neither. Nothing when it knows them all. */
export function sharingSubjects(
  state: ComplaintState,
  other: Pick<ComplaintState, 'id' | 'subjects'>,
  naming: Naming,
  facts: Facts,
): NewEvent[] {
  const staffIds = subjectsOfBoth(state, other)
  if (staffIds.length === state.subjects.length) return []
  const named = nameSubject.decide(state, { ...naming, staffIds }, facts)
  return named.ok ? named.value.map((e) => withOther(e, other.id)) : []
}

const withOther = ({ type, payload }: NewEvent, otherId: string): NewEvent =>
  event(type, { ...payload.facts, otherId }, payload.changes)

/** Events that say who sees a complaint, and were written because of the one it is or was merged with. */
const becauseOfOther = ({ type, payload }: Told) =>
  (type === 'subjects_named' || type === 'restricted') && payload.facts.otherId !== undefined

/** Who sees a complaint by its own history, without what only merges did to it. */
export function ownProtection(id: string, events: readonly Told[]): Protection {
  let state = fold(id, [])
  for (const e of events) if (!becauseOfOther(e)) state = apply(state, e.seq, e.payload.changes)
  const { confidentiality, access, subjects, helpers, ownerId } = state
  return { confidentiality, access, subjects, helpers, ownerId }
}

/** Whether the survivor, as it is now, would show what one merged into it keeps from somebody. */
export const uncovers = (survivor: Protection, own: Protection): boolean =>
  lessProtected(survivor, own) || own.subjects.some((id) => !survivor.subjects.includes(id))

/** A merged complaint is seen by nobody who may not see its survivor: as strict, the same people, about the same staff. */
export function asProtected(merged: ComplaintState, survivor: ComplaintState, own: Protection): NewEvent[] {
  const subjects = [...new Set([...own.subjects, ...survivor.subjects])]
  return changed(merged, survivor.id, {
    confidentiality: survivor.confidentiality,
    access: (survivor.confidentiality === 'normal' ? own : survivor).access.filter((id) => !subjects.includes(id)),
    subjects,
    helpers: own.helpers.filter((h) => !subjects.includes(h.staffId)),
    ownerId: subjects.includes(merged.ownerId ?? '') ? null : merged.ownerId,
  })
}

/** Both are seen by their own people again; nothing when merging had changed none. `others`: whom what stays merged is about. */
export function protectionGivenBack(
  state: ComplaintState,
  events: readonly Told[],
  from: string,
  others: readonly string[] = [],
): NewEvent[] {
  if (!events.some(becauseOfOther)) return []
  const own = ownProtection(state.id, events)
  const subjects = [...new Set([...own.subjects, ...others])]
  return changed(state, from, {
    confidentiality: own.confidentiality,
    access: own.access.filter((id) => !subjects.includes(id)),
    subjects,
    helpers: own.helpers.filter((h) => !subjects.includes(h.staffId)),
    ownerId: state.ownerId ?? (others.length === 0 ? own.ownerId : null),
  })
}

const sameStaff = (a: readonly string[], b: readonly string[]) => isSame([...a].sort(), [...b].sort())

function changed(state: ComplaintState, otherId: string, is: Protection): NewEvent[] {
  const { confidentiality, access, subjects, helpers, ownerId } = is
  const owner = ownerId === state.ownerId ? {} : { set: { ownerId } }
  const named = sameStaff(subjects, state.subjects)
    ? []
    : [event('subjects_named', { staffIds: subjects, otherId }, { subjects, access, helpers, ...owner })]
  const restricts =
    confidentiality !== state.confidentiality || (named.length === 0 && !sameStaff(access, state.access))
  return restricts
    ? [...named, event('restricted', { confidentiality, otherId }, { set: { confidentiality }, access })]
    : named
}
