import type { KeyObject } from 'node:crypto'
import { sql } from 'kysely'
import type { Database } from '../kit/db/database.ts'
import { canonicalJson } from '../kit/pure/jcs.ts'
import { type CheckpointRow, checkpointHash, firstPrev, lineOf } from './checkpoint.ts'
import { areHeads, checkpointPath, type CheckpointLine, lookAhead, readLines } from './checkpoint-file.ts'
import type { Finding } from './finding.ts'
import { guardedAsync } from './guarded.ts'
import { signatureHolds } from './signing.ts'

export type CheckpointCheck = {
  readonly org: string
  readonly publicKey: KeyObject
  readonly dataDir: string
  readonly now: number
}
type Tell = (finding: Finding) => void

/** A missing line is an alarm only when an hourly run should long have written it. */
const fileMayLag = 2 * 3_600_000
const page = 20

/**
 * The checkpoints of an organisation: chain, signatures, rows against the file outside the database, and every head still
 * in the history (this is what shows a deleted complaint and a cut tail). Gives how many there are. A forged one hides no other.
 */
export async function verifyCheckpoints(db: Database, check: CheckpointCheck, tell: Tell): Promise<number> {
  const lines = lookAhead(readLines(checkpointPath(check.dataDir, check.org)))
  let prev: Buffer = firstPrev
  let no = 0
  for (;;) {
    const rows = await db.withoutScope((tx) =>
      tx.rows<CheckpointRow>(
        sql`select no, at, heads, prev, hash, signature from checkpoint where org_id = ${check.org} and no > ${no} order by no limit ${page}`,
      ),
    )
    for (const row of rows) {
      for (let line = await lines.next(row.no); line !== undefined; line = await lines.next(row.no))
        await verifyLine(db, check, line, tell)
      const line = await lines.at(row.no)
      const expected = { no: no + 1, prev }
      await guardedAsync(`checkpoint ${row.no}`, tell, () => verifyRow(db, check, { row, line, ...expected }, tell))
      no = row.no
      prev = row.hash
    }
    if (rows.length < page) break
  }
  for (let line = await lines.next(); line !== undefined; line = await lines.next())
    await verifyLine(db, check, line, tell)
  return no
}

type Met = { row: CheckpointRow; line: CheckpointLine | undefined; no: number; prev: Buffer }

/** What a row says is only asked of the history when the row is ours; else the line outside is, when that is. */
async function verifyRow(
  db: Database,
  check: CheckpointCheck,
  { row, line, no, prev }: Met,
  tell: Tell,
): Promise<void> {
  if (row.no !== no) tell({ code: 'audit.checkpoint-missing', what: `checkpoint ${no}` })
  const wrong = row.no === no && !row.prev.equals(prev) ? 'audit.checkpoint-prev-mismatch' : wrongRow(check, row)
  const what = `checkpoint ${row.no}`
  if (wrong) tell({ code: wrong, what })
  if (line) {
    if (wrong || canonicalJson(line) !== canonicalJson(lineOf(check.org, row)))
      tell({ code: 'audit.checkpoint-file-differs', what })
  } else if (!(check.now - row.at <= fileMayLag)) tell({ code: 'audit.checkpoint-file-behind', what })
  if (wrong !== 'audit.checkpoint-hash-mismatch' && areHeads(row.heads)) await verifyHeads(db, check.org, row, tell)
  else if (line && isOurs(check, line)) await verifyHeads(db, check.org, line, tell)
}

/** A line that no row stands for, or that nobody can read. */
async function verifyLine(
  db: Database,
  check: CheckpointCheck,
  line: CheckpointLine | null,
  tell: Tell,
): Promise<void> {
  if (!line || !isOurs(check, line))
    return tell({
      code: 'audit.checkpoint-file-broken',
      what: line ? `checkpoint ${line.no}` : 'a line cannot be read',
    })
  const what = `checkpoint ${line.no} is in the file only`
  tell({ code: 'audit.checkpoint-missing', what })
  await guardedAsync(what, tell, () => verifyHeads(db, check.org, line, tell))
}

/** What is wrong with a checkpoint in itself: its hash, or who signed it. */
export function wrongRow(
  { org, publicKey }: Pick<CheckpointCheck, 'org' | 'publicKey'>,
  { no, at, heads, prev, hash, signature }: CheckpointRow,
) {
  if (!areHeads(heads) || !Number.isFinite(at)) return 'audit.checkpoint-hash-mismatch'
  const holds = checkpointHash(prev, { org, no, at: new Date(at).toISOString(), heads }).equals(hash)
  if (!holds) return 'audit.checkpoint-hash-mismatch'
  return signatureHolds(publicKey, hash, signature) ? null : 'audit.checkpoint-signature'
}

function isOurs(
  { org, publicKey }: CheckpointCheck,
  { no, at, heads, prev, hash, signature, org: said }: CheckpointLine,
) {
  const holds = checkpointHash(Buffer.from(prev, 'hex'), { org, no, at, heads }).toString('hex') === hash
  return said === org && holds && signatureHolds(publicKey, Buffer.from(hash, 'hex'), Buffer.from(signature, 'base64'))
}

type Gone = { id: string; seq: number; number: string | null; last: number | null; hash: string | null }

async function verifyHeads(
  db: Database,
  org: string,
  row: Pick<CheckpointRow, 'no' | 'heads'>,
  tell: Tell,
): Promise<void> {
  const gone = await db.withoutScope((tx) =>
    tx.rows<Gone>(
      sql`select h.id, h.seq, c.number, encode(e.hash, 'hex') as hash,
          (select max(seq) from complaint_event x where x.org_id = ${org} and x.complaint_id = h.id) as last
        from (select key::uuid as id, (value->>0)::int as seq, value->>1 as hash from jsonb_each(${JSON.stringify(row.heads)}::jsonb)) h
        left join complaint c on c.org_id = ${org} and c.id = h.id
        left join complaint_event e on e.org_id = ${org} and e.complaint_id = h.id and e.seq = h.seq
        where e.hash is null or encode(e.hash, 'hex') <> h.hash order by h.id limit 1000`,
    ),
  )
  for (const { id, seq, number, last, hash } of gone) {
    const complaint = number ?? id
    const what = `checkpoint ${row.no}`
    if (hash !== null) tell({ code: 'audit.checkpoint-head-differs', complaint, seq, what })
    else if (last === null) tell({ code: 'audit.complaint-missing', complaint, seq: 1, what })
    else tell({ code: 'audit.tail-missing', complaint, seq: Math.min(last + 1, seq), what })
  }
}
