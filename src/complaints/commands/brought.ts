import { sql } from 'kysely'
import type { Context } from '../act.ts'
import { textHash } from '../chain.ts'
import type { BroughtPoint } from '../domain/decide/merging.ts'
import type { ComplaintState } from '../domain/state.ts'
import { wordsOfPoint } from '../point-text.ts'

// What a merged complaint brings along beside its history: rows with words.

type Points = readonly BroughtPoint[]

/** The points of a complaint as points its survivor will have: new ids, the same words, proven by the same hash. */
export async function pointsOf({ tx, actor }: Context, from: ComplaintState, newId: () => string): Promise<Points> {
  const rows = await tx.rows<{ id: string; text: string; salt: Buffer }>(
    sql`select p.id, w.text, w.salt from point p cross join lateral ${wordsOfPoint} w where p.org_id = ${actor.org.id} and p.complaint_id = ${from.id} order by p.no`,
  )
  const standing = rows.filter((r) => from.points.some((p) => p.id === r.id && !p.gone))
  return standing.map((r) => ({ id: newId(), hash: textHash(r.salt, r.text), of: r.id }))
}

/** Writes them beside the survivor's own. What was answered about them stays where it was said. */
export async function copyPoints(
  { tx, actor }: Context,
  survivor: ComplaintState,
  { from, points }: { from: string; points: Points },
): Promise<void> {
  const rows = points.map((p) => ({ ...p, ...survivor.points.find((s) => s.id === p.id) }))
  await tx.run(sql`insert into point (org_id, complaint_id, id, no, text, finding, salt)
    select p.org_id, ${survivor.id}::uuid, x.id, x.no, w.text, x.finding, w.salt
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(id uuid, of uuid, no int, finding text)
      join point p on p.org_id = ${actor.org.id} and p.complaint_id = ${from}::uuid and p.id = x.of cross join lateral ${wordsOfPoint} w`)
}
