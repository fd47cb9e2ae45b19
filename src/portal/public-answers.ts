import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { broughtPoints, type Together } from './public-merge.ts'
import { pointText } from './doors.ts'
import type { PublicMessage } from './public-view.ts'

/** What a message to the complainant is: a word on the way, a question, the formal answer, or that of stage 2. */
export type SaidAs = 'replied' | 'information_requested' | 'responded' | 'finalised'

type Decision = 'responded' | 'finalised'

export type PointAnswer = {
  readonly no: number
  readonly text: string
  readonly finding: string
  readonly answer: string
}

export type PublicAnswers = {
  /** By message id. */
  readonly saidAs: ReadonlyMap<string, SaidAs>
  /** Each point with its finding and answer, as the last decision that has left says it; empty before. */
  readonly points: readonly PointAnswer[]
  /** When the last decision of each stage left. */
  readonly answeredAt: Readonly<Record<Decision, number | null>>
  /** The earliest instant of what can still be taken back: what was noted from then on is not claimed. */
  readonly waitingSince: number | null
  /** A decision that can still be taken back. */
  readonly waiting: 'responded' | 'finalised' | null
}

type Found = { pointId: string; finding: string; answer?: { wordsId?: string } }
type Row = {
  seq: number
  type: string
  at: number
  messageId: string | null
  findings: readonly Found[] | null
  waiting: boolean
}
type PointRow = { id: string; no: number; text: string; finding: string | null; answer: string }

/** What was answered, as far as it has really been sent (`messages` are those the complainant may read). */
export async function publicAnswers(
  tx: Tx,
  org: string,
  id: string,
  now: number,
  messages: readonly PublicMessage[],
  together?: Together,
): Promise<PublicAnswers> {
  const of = together ? [id, together.id] : [id]
  const [own, since, all, brought, words] = await Promise.all([
    eventRows(tx, org, id, now),
    together ? eventRows(tx, org, together.id, now, together.sinceSeq) : [],
    tx.rows<PointRow>(
      sql`select p.id, p.no, ${pointText} as text, p.finding, p.answer from point p where p.org_id = ${org} and p.complaint_id = ${id} order by p.no`,
    ),
    broughtPoints(tx, org, id),
    tx.rows<{ id: string; text: string }>(
      sql`select id, text from complaint_words where org_id = ${org} and complaint_id = any (${of}::uuid[]) and kind = 'answer'`,
    ),
  ])
  const rows = [...own, ...since.map((r) => asOurs(r, together))].map((r, i) => ({ ...r, seq: i }))
  const points = all.filter((p) => !brought.has(p.id))
  const read = new Set(messages.map((m) => m.id))
  const waiting = rows.filter((r) => r.waiting)
  const sentAt = (type: Decision) =>
    rows.findLast((r) => r.type === type && r.messageId !== null && read.has(r.messageId))?.at ?? null
  const last = rows.findLast((r) => isDecision(r.type) && r.messageId !== null && read.has(r.messageId))
  return {
    saidAs: new Map(rows.flatMap((r) => (r.messageId ? [[r.messageId, r.type as SaidAs]] : []))),
    points: last ? pointsAsOf(rows, last.seq, points, new Map(words.map((w) => [w.id, w.text]))) : [],
    answeredAt: { responded: sentAt('responded'), finalised: sentAt('finalised') },
    waitingSince: waiting[0]?.at ?? null,
    waiting: (waiting.findLast((r) => isDecision(r.type))?.type as 'responded' | 'finalised' | undefined) ?? null,
  }
}

/** What was found where both are answered, as far as it is about our points. */
function asOurs(row: Row, together: Together | undefined): Row {
  const findings = (row.findings ?? []).flatMap((f): Found[] => {
    const pointId = together?.ours.get(f.pointId)
    return pointId === undefined ? [] : [{ ...f, pointId }]
  })
  return { ...row, findings }
}

function eventRows(tx: Tx, org: string, id: string, now: number, sinceSeq = 0): Promise<Row[]> {
  return tx.rows<Row>(
    sql`select e.seq, e.type, coalesce((e.payload#>>'{facts,toldAt}')::timestamptz, e.at) as at, e.payload#>>'{facts,messageId}' as "messageId", e.payload#>'{facts,findings}' as findings,
          exists (select from outbox o where o.org_id = e.org_id and o.complaint_id = e.complaint_id
            and o.message_id = (e.payload#>>'{facts,messageId}')::uuid and o.not_before > ${new Date(now)})
          and not exists (select from complaint_event t where t.org_id = e.org_id and t.complaint_id = e.complaint_id and t.type = 'reply_cancelled'
            and t.payload#>>'{facts,messageId}' = e.payload#>>'{facts,messageId}') as waiting
        from complaint_event e where e.org_id = ${org} and e.complaint_id = ${id} and e.seq > ${sinceSeq}
          and e.type in ('replied', 'information_requested', 'responded', 'finalised', 'decided', 'points_found')
        order by e.seq`,
  )
}

const isDecision = (type: string) => type === 'responded' || type === 'finalised'

// Findings made after the decision was sent belong to the next one; until it is sent they are nobody's to read.
function pointsAsOf(
  rows: readonly Row[],
  seq: number,
  points: readonly PointRow[],
  words: ReadonlyMap<string, string>,
): PointAnswer[] {
  const found = new Map<string, Found>()
  for (const row of rows) if (row.seq <= seq) for (const f of row.findings ?? []) found.set(f.pointId, f)
  const changed = new Set(rows.filter((r) => r.seq > seq).flatMap((r) => (r.findings ?? []).map((f) => f.pointId)))
  return points.flatMap((p): PointAnswer[] => {
    const f = found.get(p.id)
    if (!f) return []
    // Answers older than their own rows stand with the point, unless written over since.
    const answer = words.get(f.answer?.wordsId ?? '') ?? (changed.has(p.id) ? '' : p.answer)
    return [{ no: p.no, text: p.text, finding: f.finding, answer }]
  })
}
