import type { KeyObject } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type pg from 'pg'
import { checkpointHash, type CheckpointRow, firstPrev, lineOf } from './checkpoint.ts'
import { appendLines, areHeads, type CheckpointLine, checkpointPath } from './checkpoint-file.ts'
import { signatureHolds } from './signing.ts'

// Checkpoints of an organisation that moves to another house, or into an open package.

const page = 20

/** The checkpoints of an organisation as lines, oldest first, as the file outside the database has them. */
export async function* checkpointLines(client: pg.ClientBase, org: string): AsyncGenerator<string> {
  for (let after = 0; ; ) {
    const { rows } = await client.query<CheckpointRow>(
      `select no, at, heads, prev, hash, signature from checkpoint where org_id = $1 and no > $2 order by no limit ${page}`,
      [org, after],
    )
    for (const row of rows) yield `${JSON.stringify(lineOf(org, row))}\n`
    if (rows.length < page) return
    after = rows.at(-1)?.no ?? after
  }
}

/** Whether a line is one of ours, signed with this key, and follows the one before (its hash, or nothing); gives its own hash. */
export function checkpointLineHolds(
  org: string,
  publicKey: KeyObject,
  prev: string | undefined,
  line: unknown,
): string | undefined {
  if (!isLine(line) || line.org !== org || line.prev !== (prev ?? firstPrev.toString('hex'))) return undefined
  const hash = checkpointHash(Buffer.from(line.prev, 'hex'), line)
  const holds =
    hash.toString('hex') === line.hash && signatureHolds(publicKey, hash, Buffer.from(line.signature, 'base64'))
  return holds ? line.hash : undefined
}

function isLine(line: unknown): line is CheckpointLine {
  if (typeof line !== 'object' || line === null) return false
  const { org, no, at, heads, prev, hash, signature } = line as Record<string, unknown>
  const texts = [org, at, prev, hash, signature].every((text) => typeof text === 'string')
  return texts && Number.isSafeInteger(no) && areHeads(heads)
}

/** How many heads of a checkpoint the history does not have. */
export async function unmetHeads(client: pg.ClientBase, line: CheckpointLine): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int as n from jsonb_each($2::jsonb) h left join complaint_event e
       on e.org_id = $1 and e.complaint_id = h.key::uuid and e.seq = (h.value->>0)::int
     where e.hash is null or encode(e.hash, 'hex') <> h.value->>1`,
    [line.org, JSON.stringify(line.heads)],
  )
  return rows[0]?.n ?? 0
}

/** Puts a checkpoint into the table as it was; only where the house has the secret that signed it. */
export async function putCheckpoint(client: pg.ClientBase, line: CheckpointLine): Promise<void> {
  await client.query(
    `insert into checkpoint (org_id, no, at, heads, prev, hash, signature) values ($1, $2, $3, $4::jsonb, decode($5, 'hex'), decode($6, 'hex'), decode($7, 'base64'))`,
    [line.org, line.no, line.at, JSON.stringify(line.heads), line.prev, line.hash, line.signature],
  )
}

/** Writes the lines beside the database: as the running file, or (`from`: the old secret) as papers of the old house. */
export async function keepCheckpointFile(
  dataDir: string,
  org: string,
  lines: readonly CheckpointLine[],
  old?: { readonly from: string; readonly pem: string },
): Promise<string> {
  const path = checkpointPath(dataDir, org)
  if (!old) {
    await appendLines(path, lines)
    return path
  }
  const papers = path.replace(/\.jsonl$/, `.of-${old.from}`)
  await mkdir(dirname(papers), { recursive: true, mode: 0o700 })
  await writeFile(papers, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { mode: 0o600, flush: true })
  await writeFile(`${papers}.pem`, old.pem, { mode: 0o600, flush: true })
  return papers
}
