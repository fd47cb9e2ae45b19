import type { ComplaintRow } from '../contract.ts'
import type { InboxSearch } from './inbox-search.ts'

type Reader = { readonly id: string; readonly teams: readonly { readonly id: string }[] }

/**
 * Whether a row belongs to a view as far as its own fields tell (customer and flag are not in the row and count as
 * fitting): used only to say "n new", never to decide what may be seen.
 */
export function fits(row: ComplaintRow, search: InboxSearch, reader: Reader, now: number): boolean {
  return (
    // What is being brought in is no news.
    search.importId === undefined &&
    inView(row, search.view ?? 'all', reader) &&
    isOpen(row, search.open ?? 'true') &&
    isDue(row, search.due, now) &&
    sameFields(row, search)
  )
}

function inView(row: ComplaintRow, view: NonNullable<InboxSearch['view']>, reader: Reader): boolean {
  // What I promised on somebody else's is not told by the row: it comes with the next look.
  if (view === 'mine') return row.owner?.id === reader.id || row.handover?.staffId === reader.id
  if (view === 'review') return row.state === 'review'
  if (view === 'team') return reader.teams.some((t) => t.id === row.teamId)
  return view === 'all' || row.owner === null
}

function isOpen(row: ComplaintRow, open: NonNullable<InboxSearch['open']>): boolean {
  return open === 'any' || row.open === (open === 'true')
}

function isDue(row: ComplaintRow, due: InboxSearch['due'], now: number): boolean {
  if (due === undefined) return true
  if (due === 'overdue') return row.overdue
  return row.nextDueAt !== null && !row.overdue && Date.parse(row.nextDueAt) - now <= 2 * 3_600_000
}

function sameFields(row: ComplaintRow, s: InboxSearch): boolean {
  const pairs = [
    [s.state, row.state],
    [s.teamId, row.teamId],
    [s.ownerId, row.owner?.id],
    [s.placeId, row.placeId],
    [s.productId, row.productId],
    [s.type, row.typeCode],
    [s.severity, row.assessed || s.severity !== 'unassessed' ? row.severity : 'unassessed'],
    [s.mode, row.mode],
    [s.restricted, String(row.restricted)],
    [s.waitingFor, row.waitingFor],
    [s.channel, row.channel],
  ]
  return pairs.every(([wanted, has]) => wanted === undefined || wanted === has)
}
