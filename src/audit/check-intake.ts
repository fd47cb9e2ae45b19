import type { Bundle, IntakeRow } from './bundle.ts'
import type { Finding } from './finding.ts'
import { factsOf, isObject, type Proofs } from './proofs.ts'

type Wrong = Pick<Finding, 'code' | 'seq' | 'what'>

/** What came in, as it came: the item named by the first event is there with its bytes, and nothing else stands for it. */
export function checkItems({ events, items }: Bundle): Wrong[] {
  const first = events[0]
  if (first?.type !== 'received') return []
  const { inboundItemId, proof } = factsOf(first)
  const wrong: Wrong[] = []
  for (const { id, fits, hash } of items) {
    const what = `inbound item ${id}`
    if (id !== inboundItemId) wrong.push({ code: 'audit.item-unproven', what })
    else if (!fits || (isObject(proof) && proof.itemHash !== hash))
      wrong.push({ code: 'audit.item-mismatch', seq: 1, what })
  }
  if (!items.some((i) => i.id === inboundItemId))
    wrong.push({ code: 'audit.item-missing', seq: 1, what: `inbound item ${String(inboundItemId)}` })
  return wrong
}

const named: Readonly<Record<Exclude<keyof IntakeRow, 'summed'>, string>> = {
  titleHash: 'title',
  orderHash: 'order_no',
  remedyHash: 'remedy sought',
  behalfHash: 'on behalf of',
  referenceHash: 'public reference',
  receiptHash: 'receipt code',
  authorityHash: 'authority',
}

/** Title, remedy, reference … as intake wrote them (where `received` proves them); what was written anew is proven there. */
export function checkIntake({ events, intake, words }: Bundle, { list }: Proofs): Wrong[] {
  const first = events[0]
  if (!intake) return [{ code: 'audit.text-missing', seq: 1, what: 'title' }]
  const proof = first?.type === 'received' ? factsOf(first).proof : undefined
  if (!isObject(proof)) return []
  const proven = new Set(list.map((p) => p.id))
  const anew = new Set(words.filter((w) => proven.has(w.id)).map((w) => w.key))
  return Object.entries(named).flatMap(([name, what]): Wrong[] =>
    anew.has(what) || (proof[name] ?? null) === intake[name as keyof typeof named]
      ? []
      : [{ code: 'audit.text-mismatch', seq: 1, what }],
  )
}
