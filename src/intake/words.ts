import { randomBytes } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { type CallRow, textHash } from '../complaints/index.ts'
import type { IntakeProof } from '../complaints/domain/index.ts'
import type { Tx } from '../kit/db/database.ts'
import { canonicalJson } from '../kit/pure/jcs.ts'
import { truncateGraphemes } from '../kit/pure/text.ts'
import type { StaffActor } from '../people/index.ts'
import type { Submission } from './record.ts'

// What was said at intake: rows that can be erased, and what the first event proves of them.

/** The title given, else the first line. */
export function titleOf(submission: Submission): string {
  if (submission.title) return submission.title
  const line = submission.text.trim().split('\n')[0] ?? ''
  return truncateGraphemes(line, 60)
}

type LateNote = { readonly messageId: string; readonly hash: string; readonly text: string; readonly salt: Buffer }

/** Why it is written down only now: a note beside the first event, which holds its proof. */
export function lateNote(messageId: string, text: string): LateNote {
  const salt = randomBytes(16)
  return { messageId, hash: textHash(salt, text), text, salt }
}

/** Keeps it as an internal note. */
export async function keepLateNote(tx: Tx, actor: StaffActor, id: string, late: LateNote, now: number): Promise<void> {
  await tx.run(
    sql`insert into message (org_id, complaint_id, id, direction, channel, visibility, author_staff_id, author_name, body, salt, at, flags)
      values (${actor.org.id}, ${id}, ${late.messageId}, 'note', 'note', 'internal', ${actor.staffId ?? null}, ${actor.name}, ${late.text}, ${late.salt}, ${new Date(now)}, '{backdating}')`,
  )
}

export type Texts = {
  id: string
  submission: Submission
  channel: string
  points: readonly { id: string; no: number; text: string; salt: Buffer }[]
  message: { messageId: string }
  salt: Buffer
  receivedAt: number
  call: CallRow | undefined
}

/** The name beside the first message; nobody's unless given openly. */
export function authorOf({ mode, complainant }: Submission): string {
  return mode === 'named' ? (complainant?.name ?? '') : ''
}

type Beside = { salt: Buffer; orderNo: string | null; publicRef: string; receipt: Buffer; sha256: Buffer }

/** What the first event says of the rows beside it: `complaint_text` has the salt. */
export function provingBeside(s: Submission, { salt, orderNo, publicRef, receipt, sha256 }: Beside): IntakeProof {
  const said = {
    titleHash: titleOf(s),
    orderHash: orderNo,
    remedyHash: s.remedySought,
    behalfHash: s.onBehalfOf,
    authorityHash: s.authority && canonicalJson(JSON.parse(JSON.stringify(s.authority))),
  }
  const given = Object.entries(said).filter((entry): entry is [string, string] => Boolean(entry[1]))
  return {
    ...Object.fromEntries(given.map(([name, text]) => [name, textHash(salt, text)])),
    referenceHash: textHash(salt, publicRef),
    receiptHash: textHash(salt, receipt.toString('hex')),
    itemHash: textHash(salt, sha256.toString('hex')),
  }
}

/** The parts of a WITH that keep what was said in complaints: titles, points, first messages. */
export function writingTexts(org: string, all: readonly Texts[]): RawBuilder<unknown> {
  const texts = all.map((t) => ({
    id: t.id,
    title: titleOf(t.submission),
    remedy: t.submission.remedySought,
    behalf: t.submission.onBehalfOf,
    salt: t.salt.toString('hex'),
  }))
  const points = all.flatMap((t) =>
    t.points.map((p) => ({ of: t.id, id: p.id, no: p.no, text: p.text, salt: p.salt.toString('hex') })),
  )
  const said = all.map((t) => ({
    of: t.id,
    id: t.message.messageId,
    channel: t.channel,
    author: authorOf(t.submission),
    body: t.submission.text,
    salt: t.salt.toString('hex'),
    at: new Date(t.receivedAt).toISOString(),
    call: t.call ?? null,
    abusive: t.submission.abusive === true,
  }))
  return sql`texts as (
      insert into complaint_text (org_id, complaint_id, title, remedy_sought, on_behalf_of, salt)
      select ${org}::uuid, x.id, x.title, x.remedy, x.behalf, decode(x.salt, 'hex')
      from jsonb_to_recordset(${json(texts)}::jsonb) as x(id uuid, title text, remedy text, behalf text, salt text)
    ), points as (
      insert into point (org_id, complaint_id, id, no, text, salt)
      select ${org}::uuid, p.of, p.id, p.no, p.text, decode(p.salt, 'hex')
      from jsonb_to_recordset(${json(points)}::jsonb) as p(of uuid, id uuid, no int, text text, salt text)
    ), said as (
      insert into message (org_id, complaint_id, id, direction, channel, visibility, author_name, body, salt, at, call, flags)
      select ${org}::uuid, m.of, m.id, 'in', m.channel, 'public', m.author, m.body, decode(m.salt, 'hex'), m.at, m.call, case when m.abusive then '{abusive}' else '{}' end::text[]
      from jsonb_to_recordset(${json(said)}::jsonb)
        as m(of uuid, id uuid, channel text, author text, body text, salt text, at timestamptz, call jsonb, abusive boolean)
    )`
}

/** Half a character is no text a database takes; as the driver would, it writes a mark in its place. */
function json(rows: readonly unknown[]): string {
  const text = JSON.stringify(rows)
  if (!text.includes('\\ud')) return text
  return JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value))
}
