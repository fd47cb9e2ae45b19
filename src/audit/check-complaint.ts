import type { Bundle } from './bundle.ts'
import { checkChain } from './check-chain.ts'
import { type CalendarOf, checkDue } from './check-due.ts'
import { checkFold, foldOf } from './check-fold.ts'
import { checkTexts } from './check-texts.ts'
import type { Finding } from './finding.ts'

/** Everything wrong with one complaint, from what is stored of it alone. */
export function checkComplaint(org: string, bundle: Bundle, calendarOf: CalendarOf): Finding[] {
  const { row, events } = bundle
  if (!row) return [{ code: 'audit.orphan', complaint: bundle.id, what: orphans(bundle) }]
  const named = (wrong: Omit<Finding, 'complaint'>): Finding => ({ ...wrong, complaint: row.number })
  if (events.length === 0) return [named({ code: 'audit.no-events', seq: 1 })]
  const broken = checkChain(org, bundle)
  // What is folded from a broken history proves nothing; the words still do.
  const folded = broken ? [named(broken)] : checkState(bundle, row, calendarOf).map(named)
  return [...folded, ...checkTexts(bundle).map(named), ...checkBelongings(bundle).map(named)]
}

function checkState(bundle: Bundle, row: NonNullable<Bundle['row']>, calendarOf: CalendarOf): Finding[] {
  const state = foldOf(bundle)
  return [...checkFold(bundle, row, state), ...checkDue(state.clocks, bundle.events, calendarOf)]
}

/** Files name a message of this complaint; every message and the head can be found. */
function checkBelongings({ attachments, messages, found }: Bundle): Finding[] {
  const ids = new Set(messages.map((m) => m.id))
  const files = attachments.filter((a) => a.messageId !== null && !ids.has(a.messageId))
  const wrong: Finding[] = files.map((a) => ({ code: 'audit.orphan', what: `attachment ${a.id}` }))
  if (!found) return wrong
  const findable = new Set(found)
  if (!findable.has(null)) wrong.push({ code: 'audit.search-missing', what: 'head' })
  for (const m of messages)
    if (!m.blank && !findable.has(m.id)) wrong.push({ code: 'audit.search-missing', what: `message ${m.id}` })
  for (const id of found)
    if (id !== null && !ids.has(id)) wrong.push({ code: 'audit.orphan', what: `search row of message ${id}` })
  return wrong
}

function orphans(bundle: Bundle): string {
  const { events, clocks, messages, points, words, lists, attachments, found = [] } = bundle
  return Object.entries({ events, clocks, messages, points, words, lists, attachments, 'search rows': found })
    .filter(([, rows]) => rows.length > 0)
    .map(([name, rows]) => `${rows.length} ${name}`)
    .join(', ')
}
