import type { ComplaintState, EventActor, NewEvent } from '../../complaints/domain/index.ts'
import type { NoticeKind } from './kinds.ts'

/** News for a person, for whoever of the complaint's team may approve, or for those who work in it. `ref`: what it tells of. */
export type Notice = {
  readonly to: { readonly staffId: string } | 'approvers' | 'team'
  readonly kind: NoticeKind
  readonly ref: string
  readonly by: string | null
}

type Told = Pick<NewEvent, 'type' | 'payload'> & { readonly seq: number; readonly actor: EventActor }
type Step = { readonly before: ComplaintState | null; readonly after: ComplaintState; readonly event: Told }
type Found = { readonly staffId: string | null | undefined; readonly kind: NoticeKind }

/**
 * Whom these events are news for. Nobody is told of what they did themselves; a complaint nobody owns is news for nobody, so
 * that an intake has none; only what waits for somebody to decide goes to its team then. Who may still see the complaint is asked when the news is read.
 */
export function noticesOf(
  before: ComplaintState | null,
  after: ComplaintState,
  events: readonly Told[],
): readonly Notice[] {
  const all = events.flatMap((event) => noticesOfEvent({ before, after, event }))
  const seen = new Set<string>()
  return all.filter((n) => {
    const key = `${typeof n.to === 'string' ? n.to : n.to.staffId} ${n.kind}`
    return !seen.has(key) && seen.add(key)
  })
}

function noticesOfEvent(step: Step): Notice[] {
  const { event } = step
  const by = event.actor.kind === 'staff' ? event.actor.id : null
  const shared = { ref: String(event.seq), by }
  const asked: Notice[] =
    event.type === 'approval_requested' ? [{ to: 'approvers', kind: 'approval_asked', ...shared }] : []
  const unowned: Notice[] =
    event.type === 'side_note_received' && step.after.ownerId === null
      ? [{ to: 'team', kind: 'side_note', ...shared }]
      : []
  return [
    ...asked,
    ...unowned,
    ...foundIn(step).flatMap(({ staffId, kind }): Notice[] =>
      staffId && staffId !== by ? [{ to: { staffId }, kind, ...shared }] : [],
    ),
  ]
}

function foundIn({ before, after, event }: Step): Found[] {
  const { facts, changes } = event.payload
  const { ownerId } = after
  const staff = (value: unknown) => (typeof value === 'string' ? value : undefined)
  if (isHeard(event)) return [{ staffId: ownerId, kind: 'customer_wrote' }]
  switch (event.type) {
    case 'handed_over':
      return [{ staffId: staff(facts.toStaff), kind: 'handed_over' }]
    case 'handover_returned':
      return [{ staffId: staff(facts.from), kind: 'handover_returned' }]
    case 'mentioned':
      return (Array.isArray(facts.staffIds) ? facts.staffIds : []).map((id) => ({
        staffId: staff(id),
        kind: 'mentioned',
      }))
    case 'helper_added':
      return [{ staffId: staff(facts.staffId), kind: 'asked_to_help' }]
    case 'approved':
      return [{ staffId: after.proposedBy ?? ownerId, kind: 'approval_given' }]
    case 'declined':
      return [{ staffId: after.proposedBy ?? ownerId, kind: 'approval_declined' }]
    case 'side_note_received':
      return [{ staffId: ownerId, kind: 'side_note' }]
    case 'reply_failed':
      return [{ staffId: ownerId, kind: 'reply_failed' }]
    case 'mail_delayed':
      return [{ staffId: ownerId, kind: 'mail_delayed' }]
    case 'owner_left':
    case 'duties_left':
      return (changes.clocks ?? []).map((clock) => ({ staffId: clock.ownerId, kind: 'handed_over' }))
    case 'clock_breached':
      return (changes.clocks ?? []).map((clock) => ({ staffId: clock.ownerId ?? ownerId, kind: 'overdue' }))
    default:
      return changes.set?.ownerId !== undefined && ownerId !== (before?.ownerId ?? null)
        ? [{ staffId: ownerId, kind: 'assigned' }]
        : []
  }
}

/** The complainant's doing, or their words as somebody here took them down. */
function isHeard({ type, actor, payload }: Told): boolean {
  if (actor.kind === 'complainant' || type === 'message_received') return true
  return type === 'called' && payload.facts.direction === 'in'
}
