import type { Bundle } from './bundle.ts'
import type { Finding } from './finding.ts'
import { factsOf, isObject, type Proof, type Proofs } from './proofs.ts'

type Wrong = Pick<Finding, 'code' | 'seq' | 'what'>

/** Words against the salted hashes in the history, both ways: every proven row is there unchanged, and every row is proven. */
export function checkTexts({ messages, points, words }: Bundle, { list, reasons }: Proofs): Wrong[] {
  const rows = {
    message: new Map(messages.map((m) => [m.id, m])),
    point: new Map(points.map((p) => [p.id, p])),
    words: new Map(words.map((w) => [w.id, w])),
  }
  const wrong = list.flatMap(({ table, id, hash, seq }): Wrong[] => {
    const row = rows[table].get(id)
    rows[table].delete(id)
    if (row?.hash === hash) return []
    return [{ code: row ? 'audit.text-mismatch' : 'audit.text-missing', seq, what: `${table} ${id}` }]
  })
  const unproven = (table: string, id: string) => ({ code: 'audit.text-unproven', what: `${table} ${id}` })
  for (const { id, hash } of rows.message.values()) if (!reasons.has(hash)) wrong.push(unproven('message', id))
  for (const id of rows.point.keys()) wrong.push(unproven('point', id))
  for (const id of rows.words.keys()) wrong.push(unproven('words', id))
  return [...wrong, ...checkShown(list, words)]
}

/** What was written last is what is shown: a title, summary or answer changed without an event is none of these words. */
function checkShown(proofs: readonly Proof[], words: Bundle['words']): Wrong[] {
  if (words.length === 0) return []
  const byId = new Map(words.map((w) => [w.id, w]))
  const last = new Map<string, { seq: number; shown: boolean }>()
  for (const { table, id, seq } of proofs) {
    const row = table === 'words' ? byId.get(id) : undefined
    if (row) last.set(row.key, { seq, shown: row.shown })
  }
  return [...last].flatMap(([key, { seq, shown }]): Wrong[] =>
    shown ? [] : [{ code: 'audit.text-mismatch', seq, what: key }],
  )
}

/** A summary nobody closed with, an answer to a point nobody found on. Events of before words were proven are believed. */
export function checkUnasked({ events, intake, points }: Bundle): Wrong[] {
  const wrong: Wrong[] = []
  if (intake?.summed && !events.some((e) => e.type === 'closed'))
    wrong.push({ code: 'audit.text-unproven', what: 'summary' })
  const answered = points.filter((p) => p.answered)
  if (answered.length === 0) return wrong
  const found = new Set<unknown>()
  for (const e of events) {
    const { findings } = factsOf(e)
    if (Array.isArray(findings)) for (const f of findings) if (isObject(f)) found.add(f.pointId)
  }
  for (const { id } of answered) if (!found.has(id)) wrong.push({ code: 'audit.text-unproven', what: `answer ${id}` })
  return wrong
}

/** Words leave only with an erasure, and no command erases yet: whoever wrote such an event was not the program. */
export function checkErased({ events }: Bundle): Wrong[] {
  return events.flatMap((e) => (e.type === 'erased' ? [{ code: 'audit.erased-unknown', seq: e.seq }] : []))
}
