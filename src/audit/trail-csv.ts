import { csvLine, csvMark } from '../kit/pure/csv.ts'
import type { TrailItem } from './trail.ts'

const head = ['seq', 'at', 'type', 'actor kind', 'actor id', 'actor', 'changes', 'why (facts)', 'prev', 'hash']

/** The trail as a table for a spreadsheet: a change is `field: before → after`, values as the history holds them. */
export function trailCsv(items: readonly TrailItem[]): string {
  const rows = items.map((e) => [
    String(e.seq),
    e.at,
    e.type,
    e.actor.kind,
    e.actor.id ?? '',
    e.actor.name,
    e.changes
      .map((c) => `${c.field}${c.of ? ` ${c.of}` : ''}: ${JSON.stringify(c.before)} → ${JSON.stringify(c.after)}`)
      .join('\n'),
    JSON.stringify(e.facts),
    e.prev,
    e.hash,
  ])
  return csvMark + [head, ...rows].map(csvLine).join('')
}
