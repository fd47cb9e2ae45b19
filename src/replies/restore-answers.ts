import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { textHash, type Words, type StoredEvent } from '../complaints/index.ts'
import type { PointState } from '../complaints/domain/index.ts'
import type { Tx } from '../kit/db/database.ts'
import { newIds } from '../kit/ids.ts'

type Found = { readonly pointId: string; readonly answer?: { readonly wordsId: string } }

/**
 * Points whose findings are taken back say again what they said before, in words of this event: what was written in
 * between stays in history. Gives those words, and their proofs for the event.
 */
export async function restoreAnswers(
  { tx, org, now }: { readonly tx: Tx; readonly org: string; readonly now: number },
  complaintId: string,
  points: readonly PointState[],
  before: readonly StoredEvent[],
): Promise<{ words: Words[]; facts: { points?: readonly object[] } }> {
  const nextId = newIds(now)
  const words: Words[] = []
  for (const { id } of points) {
    const wordsId = before.flatMap(found).findLast((f) => f.pointId === id)?.answer?.wordsId
    const row = wordsId
      ? await tx.first<{ text: string }>(
          sql`select text from complaint_words where org_id = ${org} and complaint_id = ${complaintId} and id = ${wordsId}`,
        )
      : undefined
    const text = row?.text ?? ''
    words.push({ id: nextId(), kind: 'answer', pointId: id, text, salt: randomBytes(16) })
    await tx.run(
      sql`update point set answer = ${text} where org_id = ${org} and complaint_id = ${complaintId} and id = ${id}`,
    )
  }
  if (words.length === 0) return { words, facts: {} }
  const proofs = words.map((w) => ({ pointId: w.pointId, answer: { wordsId: w.id, hash: textHash(w.salt, w.text) } }))
  return { words, facts: { points: proofs } }
}

const found = ({ payload }: StoredEvent): Found[] =>
  Array.isArray(payload.facts.findings) ? (payload.facts.findings as Found[]) : []
