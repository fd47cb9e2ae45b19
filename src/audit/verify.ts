import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Database } from '../kit/db/database.ts'
import type { Services } from '../kit/services.ts'
import type { Finding } from './finding.ts'
import { guardedAsync } from './guarded.ts'
import { rememberWhole } from './remember.ts'
import { checkpointKey } from './signing.ts'
import { verifyBlobs } from './verify-blobs.ts'
import { verifyCheckpoints } from './verify-checkpoints.ts'
import { verifyComplaints } from './verify-complaints.ts'
import { verifyWhole } from './verify-whole.ts'

export type VerifyApp = Pick<Services, 'now' | 'subkey' | 'config' | 'blobs'> & { readonly systemDb: Database }

export type VerifyOptions = {
  /** Only this organisation, by slug. */
  readonly org?: string | undefined
  /** Read every file and compare its hash; else presence and size. */
  readonly blobs?: boolean
  readonly onFinding?: (finding: Finding) => void
  /** From how many complaints on an organisation is checked in two threads. */
  readonly worthAThread?: number
}

export type Verified = {
  readonly ok: boolean
  readonly organisations: number
  readonly complaints: number
  readonly events: number
  readonly clocks: number
  readonly messages: number
  readonly checkpoints: number
  readonly blobs: number
  readonly unusedBlobs: number
  /** How many things are wrong; `findings` holds the first thousand. */
  readonly wrong: number
  readonly findings: readonly Finding[]
  readonly seconds: number
}

const keptFindings = 1000

/** Checks everything of all organisations (or one), a batch at a time; writes nothing but the result for /metrics. */
export async function verifyAll(app: VerifyApp, options: VerifyOptions = {}): Promise<Verified> {
  try {
    const result = await verifyEach(app, options)
    // One organisation that holds says nothing of the others; one that does not is an alarm.
    if (!options.org || !result.ok) await rememberWhole(app.systemDb, remembered(app, result))
    return result
  } catch (error) {
    // A run that did not come to its end must not leave the last good one shining.
    const broken = remembered(app, { ok: false, complaints: 0, wrong: 0 })
    await rememberWhole(app.systemDb, broken).catch(() => undefined)
    throw error
  }
}

function remembered({ now }: VerifyApp, { ok, complaints, wrong }: Pick<Verified, 'ok' | 'complaints' | 'wrong'>) {
  return { ok, complaints, wrong, at: now() }
}

async function verifyEach(app: VerifyApp, options: VerifyOptions): Promise<Verified> {
  const started = performance.now()
  const counts = { complaints: 0, events: 0, clocks: 0, messages: 0, checkpoints: 0, blobs: 0, unusedBlobs: 0 }
  const findings: Finding[] = []
  let wrong = 0
  const orgs = await organisations(app.systemDb, options.org)
  for (const { org_id: org, slug } of orgs) {
    const tell = (finding: Finding) => {
      const told = { org: slug, ...finding }
      wrong += 1
      if (findings.length < keptFindings) findings.push(told)
      options.onFinding?.(told)
    }
    await guardedAsync('complaints', tell, async () => {
      const counted = await verifyComplaints(app.systemDb, org, tell, options.worthAThread)
      for (const name of ['complaints', 'events', 'clocks', 'messages'] as const) counts[name] += counted[name]
    })
    await verifyWhole(app.systemDb, org, app.now(), tell)
    const check = {
      org,
      publicKey: checkpointKey(app.subkey('checkpoints')).publicKey,
      dataDir: app.config.dataDir,
      now: app.now(),
    }
    await guardedAsync('checkpoints', tell, async () => {
      counts.checkpoints += await verifyCheckpoints(app.systemDb, check, tell)
    })
    await guardedAsync('files', tell, async () => {
      const files = await verifyBlobs(app.systemDb, org, app.blobs(org), options.blobs ?? false, tell)
      counts.blobs += files.blobs
      counts.unusedBlobs += files.unused
    })
  }
  if (!options.org) {
    for (const org of await strayFiles(app.config.dataDir, new Set(orgs.map((o) => o.org_id)))) {
      wrong += 1
      findings.push({ code: 'audit.organisation-missing', org })
      options.onFinding?.({ code: 'audit.organisation-missing', org })
    }
  }
  const seconds = (performance.now() - started) / 1000
  return { ok: wrong === 0, organisations: orgs.length, ...counts, wrong, findings, seconds }
}

/** Organisations that have a checkpoint file but no row any more. */
async function strayFiles(dataDir: string, known: ReadonlySet<string>): Promise<string[]> {
  const names = await readdir(join(dataDir, 'checkpoints')).catch(() => [])
  return names
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.slice(0, -6))
    .filter((org) => !known.has(org))
}

function organisations(db: Database, slug: string | undefined): Promise<{ org_id: string; slug: string }[]> {
  return db.withoutScope((tx) =>
    tx.rows(
      sql<{
        org_id: string
        slug: string
      }>`select org_id, slug from organisation where ${slug ?? null}::text is null or slug = ${slug ?? null} order by no`,
    ),
  )
}
