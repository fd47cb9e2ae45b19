import type { Bundle } from './bundle.ts'
import { checkChain } from './check-chain.ts'
import { type CalendarOf, checkDue } from './check-due.ts'
import { checkFold, foldOf } from './check-fold.ts'
import { checkFound } from './check-found.ts'
import { checkOwed } from './check-owed.ts'
import { checkIntake, checkItems } from './check-intake.ts'
import { checkLeft } from './check-left.ts'
import { checkFiles, checkSaid } from './check-said.ts'
import { checkErased, checkTexts, checkUnasked } from './check-texts.ts'
import type { Finding } from './finding.ts'
import { guarded } from './guarded.ts'
import { type Proofs, proofsOf } from './proofs.ts'

/** Everything wrong with one complaint, from what is stored of it alone. Never throws: what cannot be read is a finding. */
export function checkComplaint(org: string, bundle: Bundle, calendarOf: CalendarOf): Finding[] {
  const { row, events } = bundle
  if (!row) return [{ code: 'audit.orphan', complaint: bundle.id, what: orphans(bundle) }]
  const found = guarded('complaint', () =>
    events.length === 0 ? [{ code: 'audit.no-events', seq: 1 }] : checkAll(org, bundle, row, calendarOf),
  )
  return found.map((wrong) => ({ ...wrong, complaint: row.number }))
}

function checkAll(org: string, bundle: Bundle, row: NonNullable<Bundle['row']>, calendarOf: CalendarOf): Finding[] {
  const chain = guarded('history', () => {
    const broken = checkChain(org, bundle)
    return broken ? [broken] : []
  })
  // What is folded from a broken history proves nothing; the words still do.
  const folded = chain.length > 0 ? chain : guarded('state', () => checkState(bundle, row, calendarOf))
  let proofs: Proofs = { list: [], bringing: new Map(), reasons: new Map(), told: new Map(), beside: new Map() }
  const unread = guarded('proofs', () => {
    proofs = proofsOf(bundle.events)
    return []
  })
  return [
    ...folded,
    ...unread,
    ...guarded('erasure', () => checkErased(bundle)),
    ...guarded('words', () => checkTexts(bundle, proofs)),
    ...guarded('answers', () => checkUnasked(bundle)),
    ...guarded('intake', () => checkIntake(bundle, proofs)),
    ...guarded('items', () => checkItems(bundle)),
    ...guarded('messages', () => checkSaid(bundle, proofs)),
    ...guarded('outbox', () => checkLeft(bundle)),
    ...guarded('files', () => checkFiles(bundle, proofs)),
    ...guarded('search rows', () => checkFound(bundle)),
  ]
}

function checkState(bundle: Bundle, row: NonNullable<Bundle['row']>, calendarOf: CalendarOf): Finding[] {
  const state = foldOf(bundle)
  return [
    ...guarded('fold', () => checkFold(bundle, row, state)),
    ...guarded('dates', () => checkDue(state.clocks, bundle.events, calendarOf)),
    ...guarded('obligations', () => checkOwed(state)),
  ]
}

function orphans(bundle: Bundle): string {
  const { events, clocks, messages, points, words, lists, attachments, outbox, found = [] } = bundle
  return Object.entries({ events, clocks, messages, points, words, lists, attachments, outbox, 'search rows': found })
    .filter(([, rows]) => rows.length > 0)
    .map(([name, rows]) => `${rows.length} ${name}`)
    .join(', ')
}
