import type { KeyObject } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { canonicalJson } from '../kit/pure/jcs.ts'
import { type CheckpointRow, checkpointHash, firstPrev, lineOf } from './checkpoint.ts'
import { checkpointPath, type CheckpointLine, readLines } from './checkpoint-file.ts'
import type { Finding } from './finding.ts'
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
 * in the history (this is what shows a deleted complaint and a cut tail). Gives how many there are.
 */
export async function verifyCheckpoints(tx: Tx, check: CheckpointCheck, tell: Tell): Promise<number> {
  const lines = readLines(checkpointPath(check.dataDir, check.org))
  let prev: Buffer = firstPrev
  let no = 0
  for (;;) {
    const rows = await tx.rows<CheckpointRow>(
      sql`select no, at, heads, prev, hash, signature from checkpoint where org_id = ${check.org} and no > ${no} order by no limit ${page}`,
    )
    for (const row of rows) {
      const wrong = wrongRow(check, row, no + 1, prev)
      if (wrong) tell(wrong)
      await compareLine(lines, lineOf(check.org, row), check.now, tell)
      await verifyHeads(tx, check.org, row, tell)
      no = row.no
      prev = row.hash
    }
    if (rows.length < page) break
  }
  for await (const line of lines) {
    const what = line ? `checkpoint ${line.no} is in the file only` : 'a line cannot be read'
    tell({ code: line ? 'audit.checkpoint-missing' : 'audit.checkpoint-file-broken', what })
    if (line) await verifyHeads(tx, check.org, line, tell)
  }
  return no
}

function wrongRow({ org, publicKey }: CheckpointCheck, row: CheckpointRow, no: number, prev: Buffer): Finding | null {
  const what = `checkpoint ${row.no}`
  if (row.no !== no) return { code: 'audit.checkpoint-missing', what: `checkpoint ${no}` }
  if (!row.prev.equals(prev)) return { code: 'audit.checkpoint-prev-mismatch', what }
  const hash = checkpointHash(row.prev, { org, no, at: new Date(row.at).toISOString(), heads: row.heads })
  if (!hash.equals(row.hash)) return { code: 'audit.checkpoint-hash-mismatch', what }
  return signatureHolds(publicKey, row.hash, row.signature) ? null : { code: 'audit.checkpoint-signature', what }
}

async function compareLine(
  lines: AsyncGenerator<CheckpointLine | null>,
  row: CheckpointLine,
  now: number,
  tell: Tell,
): Promise<void> {
  const { value: line, done } = await lines.next()
  if (done) {
    if (now - Date.parse(row.at) > fileMayLag)
      tell({ code: 'audit.checkpoint-file-behind', what: `checkpoint ${row.no}` })
  } else if (!line || canonicalJson(line) !== canonicalJson(row))
    tell({ code: 'audit.checkpoint-file-differs', what: `checkpoint ${row.no}` })
}

type Gone = { id: string; seq: number; number: string | null; last: number | null; hash: string | null }

async function verifyHeads(tx: Tx, org: string, row: Pick<CheckpointRow, 'no' | 'heads'>, tell: Tell): Promise<void> {
  const gone = await tx.rows<Gone>(
    sql`select h.id, h.seq, c.number, encode(e.hash, 'hex') as hash,
          (select max(seq) from complaint_event x where x.org_id = ${org} and x.complaint_id = h.id) as last
        from (select key::uuid as id, (value->>0)::int as seq, value->>1 as hash from jsonb_each(${JSON.stringify(row.heads)}::jsonb)) h
        left join complaint c on c.org_id = ${org} and c.id = h.id
        left join complaint_event e on e.org_id = ${org} and e.complaint_id = h.id and e.seq = h.seq
        where e.hash is null or encode(e.hash, 'hex') <> h.hash order by h.id limit 1000`,
  )
  for (const { id, seq, number, last, hash } of gone) {
    const complaint = number ?? id
    const what = `checkpoint ${row.no}`
    if (hash !== null) tell({ code: 'audit.checkpoint-head-differs', complaint, seq, what })
    else if (last === null) tell({ code: 'audit.complaint-missing', complaint, seq: 1, what })
    else tell({ code: 'audit.tail-missing', complaint, seq: Math.min(last + 1, seq), what })
  }
}
