import type { Bundle, EventRow } from './bundle.ts'
import type { Finding } from './finding.ts'

type Wrong = Pick<Finding, 'code' | 'seq' | 'what'>
type Proof = {
  readonly table: 'message' | 'point' | 'words'
  readonly id: string
  readonly hash: string
  readonly seq: number
}

/**
 * Words against the salted hashes in the history, both ways: every proven row is there unchanged, and every row is proven.
 * Erased words (blank or gone) are right only beside an `erased` event.
 */
export function checkTexts({ events, messages, points, words }: Bundle): Wrong[] {
  const hashes = new Set<string>()
  const proofs: Proof[] = []
  for (const e of events) proofsOf(e, proofs, hashes)
  const erasedAt = events.findLast((e) => e.type === 'erased')?.seq ?? 0
  const rows = {
    message: new Map(messages.map((m) => [m.id, m])),
    point: new Map(points.map((p) => [p.id, p])),
    words: new Map(words.map((w) => [w.id, w])),
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
    ...[...rows.words.values()].map((w) => ({ code: 'audit.text-unproven', what: `words ${w.id}` })),
    ...checkShown(proofs, words, erasedAt),
  ]
}

/** What was written last is what is shown: a title, summary or answer changed without an event is none of these words. */
function checkShown(proofs: readonly Proof[], words: Bundle['words'], erasedAt: number): Wrong[] {
  if (words.length === 0) return []
  const byId = new Map(words.map((w) => [w.id, w]))
  const last = new Map<string, { seq: number; shown: boolean; blank: boolean }>()
  for (const { table, id, seq } of proofs) {
    const row = table === 'words' ? byId.get(id) : undefined
    if (row) last.set(row.key, { seq, shown: row.shown, blank: row.blank })
  }
  return [...last].flatMap(([key, { seq, shown, blank }]): Wrong[] =>
    shown || (blank && seq < erasedAt) ? [] : [{ code: 'audit.text-mismatch', seq, what: key }],
  )
}

function proofsOf(e: EventRow, proofs: Proof[], hashes: Set<string>): void {
  visit(e.payload.facts, (object) => {
    for (const key of Object.keys(object)) {
      const value = object[key]
      if (typeof value === 'string' && namesHash.test(key)) hashes.add(value)
    }
    const { hash, messageId, wordsId, id } = object
    if (typeof hash !== 'string') return
    if (typeof wordsId === 'string') proofs.push({ table: 'words', id: wordsId, hash, seq: e.seq })
    else if (typeof messageId === 'string') proofs.push({ table: 'message', id: messageId, hash, seq: e.seq })
    else if (typeof id === 'string') proofs.push({ table: 'point', id, hash, seq: e.seq })
  })
}

const namesHash = /hash$/i

function visit(value: unknown, look: (object: Readonly<Record<string, unknown>>) => void): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const inner of value) visit(inner, look)
    return
  }
  const object = value as Readonly<Record<string, unknown>>
  look(object)
  for (const key of Object.keys(object)) visit(object[key], look)
}
