import type { Bundle, EventRow } from './bundle.ts'
import type { Finding } from './finding.ts'

type Wrong = Pick<Finding, 'code' | 'seq' | 'what'>
type Proof = { readonly table: 'message' | 'point'; readonly id: string; readonly hash: string; readonly seq: number }

/**
 * Words against the salted hashes in the history, both ways: every proven row is there unchanged, and every row is proven.
 * Erased words (blank or gone) are right only beside an `erased` event.
 */
export function checkTexts({ events, messages, points }: Bundle): Wrong[] {
  const hashes = new Set<string>()
  const proofs = events.flatMap((e) => proofsOf(e, hashes))
  const erasedAt = events.findLast((e) => e.type === 'erased')?.seq ?? 0
  const rows = {
    message: new Map(messages.map((m) => [m.id, m])),
    point: new Map(points.map((p) => [p.id, p])),
  }
  const wrong = proofs.flatMap(({ table, id, hash, seq }): Wrong[] => {
    const row = rows[table].get(id)
    rows[table].delete(id)
    if (row?.hash === hash) return []
    if (seq < erasedAt && (!row || row.blank)) return []
    return [{ code: row ? 'audit.text-mismatch' : 'audit.text-missing', seq, what: `${table} ${id}` }]
  })
  // Notes that give a reason are proven by the reason's hash alone.
  const unproven = [...rows.message.values()].filter((m) => !hashes.has(m.hash) && !(m.blank && erasedAt > 0))
  return [
    ...wrong,
    ...unproven.map((m) => ({ code: 'audit.text-unproven', what: `message ${m.id}` })),
    ...[...rows.point.values()].map((p) => ({ code: 'audit.text-unproven', what: `point ${p.id}` })),
  ]
}

function proofsOf(e: EventRow, hashes: Set<string>): Proof[] {
  const proofs: Proof[] = []
  visit(e.payload.facts, (object) => {
    for (const [key, value] of Object.entries(object))
      if (typeof value === 'string' && /hash$/i.test(key)) hashes.add(value)
    const { hash, messageId, id } = object
    if (typeof hash !== 'string') return
    if (typeof messageId === 'string') proofs.push({ table: 'message', id: messageId, hash, seq: e.seq })
    else if (typeof id === 'string') proofs.push({ table: 'point', id, hash, seq: e.seq })
  })
  return proofs
}

function visit(value: unknown, look: (object: Readonly<Record<string, unknown>>) => void): void {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) look(value as Readonly<Record<string, unknown>>)
  for (const inner of Object.values(value)) visit(inner, look)
}
