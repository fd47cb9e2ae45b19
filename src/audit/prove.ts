import { createInterface } from 'node:readline'
import { createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import type { KeyObject } from 'node:crypto'
import { sql } from 'kysely'
import type { z } from 'zod'
import type { Database } from '../kit/db/database.ts'
import { canonicalJson } from '../kit/pure/jcs.ts'
import { uuidTime } from '../kit/pure/uuid.ts'
import type { Services } from '../kit/services.ts'
import type { Bundle } from './bundle.ts'
import { allCalendars } from './calendars.ts'
import { checkComplaint } from './check-complaint.ts'
import type { CheckpointRow } from './checkpoint.ts'
import { lineOf } from './checkpoint.ts'
import { checkpointPath } from './checkpoint-file.ts'
import { checked, type verifyComplaint as endpoint } from './contract.ts'
import type { Finding } from './finding.ts'
import { guardedAsync } from './guarded.ts'
import { readOne } from './read-bundles.ts'
import { checkpointKey } from './signing.ts'
import { wrongRow } from './verify-checkpoints.ts'
import { snapshot } from './verify-lane.ts'
import { verifyWhole } from './verify-whole.ts'

export type ProveApp = Pick<Services, 'now' | 'subkey' | 'config' | 'blobs'> & { readonly systemDb: Database }
export type Proven = z.input<typeof endpoint.reply>
type Seal = NonNullable<Proven['seal']>
type Tell = (finding: Finding) => void

/** What was checked, with everything that goes into a proof file. */
export type Proof = {
  readonly proven: Proven
  readonly bundle: Bundle
  readonly checkpoints: readonly CheckpointRow[]
  readonly publicKey: KeyObject
}

/**
 * The checks of `verifyAll` for one complaint: chain, every checkpoint that names it, fold, clocks, words, outbox, bytes of
 * its files, search rows, number. Undefined when there is none. Sees everything: ask first whether the reader may see it.
 */
export async function proveComplaint(app: ProveApp, org: string, id: string): Promise<Proof | undefined> {
  const { systemDb } = app
  const findings: Finding[] = []
  const tell = (finding: Finding) => void findings.push(finding)
  const bundle = await snapshot(systemDb, (tx) => readOne(tx, org, id, true))
  if (!bundle?.row) return undefined
  const calendarOf = await systemDb.withoutScope((tx) => allCalendars(tx, org))
  for (const finding of checkComplaint(org, bundle, calendarOf)) tell(finding)
  await verifyWhole(systemDb, org, app.now(), tell, id)
  const { publicKey } = checkpointKey(app.subkey('checkpoints'))
  const checkpoints = await sealing(systemDb, org, id)
  checkSeals({ org, id, publicKey, bundle, checkpoints }, tell)
  const seal = await sealOf(app, org, id, checkpoints, tell)
  let files = 0
  await guardedAsync('files', tell, async () => {
    files = await checkBytes(app, org, id, tell)
  })
  const { events, row } = bundle
  const proven: Proven = {
    ok: findings.length === 0,
    number: row.number,
    events: events.length,
    head: row.head,
    since: events[0]?.at ?? null,
    lastAt: events.at(-1)?.at ?? null,
    checkedAt: new Date(app.now()).toISOString(),
    seal,
    unsealed: Math.max(0, events.length - (seal?.seq ?? 0)),
    files,
    checks: checked.options.map((name) => ({ name, ok: !findings.some((f) => kindOf(f.code) === name) })),
    problems: findings.map(({ code, seq, what }) => ({ code, seq: seq ?? null, what: what ?? null })),
  }
  return { proven, bundle, checkpoints, publicKey }
}

const kinds: readonly (readonly [RegExp, z.infer<typeof checked>])[] = [
  [/checkpoint|complaint-missing/, 'seal'],
  [/event|prev|hash|tail|state-behind|head/, 'chain'],
  [/clock|due|calendar|owing/, 'clocks'],
  [/outbox/, 'outbox'],
  [/file|blob/, 'files'],
  [/search/, 'search'],
  [/number|reference|nobody|stream|orphan/, 'whole'],
  [/state|fold|list|point/, 'state'],
]

/** Which check a finding is of. */
function kindOf(code: string): z.infer<typeof checked> {
  return kinds.find(([pattern]) => pattern.test(code.replace('audit.', '')))?.[1] ?? 'words'
}

const day = 86_400_000

/**
 * The checkpoints that name it, oldest first. None is older than its id, whose time cannot be changed without being another
 * complaint; a history written anew may say of itself that it is younger. Clocks of machines differ, never by a day.
 */
function sealing(db: Database, org: string, id: string): Promise<CheckpointRow[]> {
  const since = new Date(Math.max(0, uuidTime(id) - day))
  return db.withoutScope((tx) =>
    tx.rows<CheckpointRow>(
      sql`select no, at, heads, prev, hash, signature from checkpoint where org_id = ${org} and at >= ${since} and heads ? ${id} order by no`,
    ),
  )
}

type Sealed = {
  readonly org: string
  readonly id: string
  readonly publicKey: KeyObject
  readonly bundle: Bundle
  readonly checkpoints: readonly CheckpointRow[]
}

/** Each checkpoint is ours and unchanged, and the history still has the event it names. */
function checkSeals({ org, id, publicKey, bundle, checkpoints }: Sealed, tell: Tell): void {
  for (const row of checkpoints) {
    const what = `checkpoint ${row.no}`
    const wrong = wrongRow({ org, publicKey }, row)
    if (wrong) tell({ code: wrong, what })
    const [seq, hash] = row.heads[id] ?? [0, '']
    const event = bundle.events.find((e) => e.seq === seq)
    if (!event) tell({ code: 'audit.tail-missing', seq: bundle.events.length + 1, what })
    else if (event.hash !== hash) tell({ code: 'audit.checkpoint-head-differs', seq, what })
  }
}

async function sealOf(
  app: ProveApp,
  org: string,
  id: string,
  checkpoints: readonly CheckpointRow[],
  tell: Tell,
): Promise<Seal | null> {
  const last = checkpoints.at(-1)
  const seq = last?.heads[id]?.[0]
  if (!last || seq === undefined) return null
  const outside = await outsideOf(checkpointPath(app.config.dataDir, org), canonicalJson(lineOf(org, last)), last.no)
  if (outside === 'differs') tell({ code: 'audit.checkpoint-file-differs', what: `checkpoint ${last.no}` })
  return { no: last.no, at: new Date(last.at).toISOString(), seq, checkpoints: checkpoints.length, outside }
}

/** Whether the file beside the database says the same. Another machine may be the one that writes it. */
async function outsideOf(path: string, expected: string, no: number): Promise<Seal['outside']> {
  const there = await access(path).then(
    () => true,
    () => false,
  )
  if (!there) return 'not-here'
  const named = `"no":${no},`
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (line.slice(0, 200).includes(named)) return same(line, expected) ? 'agrees' : 'differs'
  }
  return 'not-here'
}

function same(line: string, expected: string): boolean {
  try {
    return canonicalJson(JSON.parse(line)) === expected
  } catch {
    return false
  }
}

/** The bytes of its files, read whole. Gives how many. */
async function checkBytes(app: ProveApp, org: string, id: string, tell: Tell): Promise<number> {
  const rows = await app.systemDb.withoutScope((tx) =>
    tx.rows<{ sha256: string }>(
      sql`select distinct encode(a.sha256, 'hex') as sha256 from attachment a where a.org_id = ${org} and a.complaint_id = ${id}`,
    ),
  )
  const store = app.blobs(org)
  for (const { sha256 } of rows) {
    const state = await store.check(sha256)
    if (state !== 'good') tell({ code: `audit.blob-${state}`, what: `sha256 ${sha256}` })
  }
  return rows.length
}
