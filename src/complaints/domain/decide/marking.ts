import { ok, refuse, type Result } from '../../../kit/pure/result.ts'
import { event, type NewEvent } from '../event.ts'
import type { ComplaintState } from '../state.ts'
import { type Facts, inviting, type Rule, type Spoken, type Written } from './facts.ts'

/** A colleague named in a note, with everyone they report to. */
export type Mentioned = { readonly id: string; readonly chain: readonly string[] }

/** An internal note. Whoever is named in it may open the complaint from now on; of a restricted one only who may restrict says so. */
export const note: Rule<{ spoken: Spoken; mentions?: readonly Mentioned[] }> = {
  permission: 'complaint.note',
  decide: (state, { spoken, mentions = [] }, facts) => {
    const noted = event('noted', { ...spoken })
    if (mentions.length === 0) return ok([noted])
    const named = mentioning(state, mentions, spoken.messageId, facts)
    return named.ok ? ok([noted, ...named.value]) : named
  },
}

function mentioning(
  state: ComplaintState,
  mentions: readonly Mentioned[],
  messageId: string,
  { permissions }: Facts,
): Result<NewEvent[]> {
  const subject = mentions.find(({ chain }) => state.subjects.some((s) => chain.includes(s)))
  if (subject) return refuse('complaints.owner-is-subject', { staffId: subject.id })
  const restricted = state.confidentiality !== 'normal'
  const strangers = mentions.filter(({ id }) => restricted && !state.access.includes(id))
  if (strangers.length > 0 && !permissions.has('complaint.restrict'))
    return refuse('complaints.mention-needs-restrict', { staffIds: strangers.map((s) => s.id) }, 403)
  let { helpers, access } = state
  for (const { id } of mentions) {
    const invited = inviting({ ...state, helpers, access }, id)
    helpers = invited.helpers ?? helpers
    access = invited.access ?? access
  }
  const staffIds = mentions.map((m) => m.id)
  return ok([event('mentioned', { staffIds, messageId }, { helpers, access })])
}

/** Abuse is folded away, never removed: the facts stay first, the words one click away. */
export const fold: Rule<{ messageId: string; folded: boolean }> = {
  permission: 'complaint.note',
  decide: (_state, { messageId, folded }) => ok([event(folded ? 'message_folded' : 'message_unfolded', { messageId })]),
}

/** Somebody nobody knew wrote to the complaint: let in as what a third party says, or set aside. The words stay either way. */
export const judgeNote: Rule<{ messageId: string; admitted: boolean }> = {
  permission: 'complaint.append',
  decide: (_state, { messageId, admitted }) =>
    ok([event(admitted ? 'side_note_admitted' : 'side_note_dismissed', { messageId })]),
}

/** What a message says in another language, as a person put it; it stands beside the message and never replaces it. */
export const translate: Rule<{ messageId: string; locale: string; words: Written }> = {
  permission: 'complaint.note',
  decide: (_state, { messageId, locale, words }) => ok([event('translated', { messageId, locale, words })]),
}
