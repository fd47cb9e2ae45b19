import { sql } from 'kysely'
import type { ReplyInput } from '../kit/contract/endpoint.ts'
import type { Tx } from '../kit/db/database.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { type StaffActor, visibleSql } from '../people/index.ts'
import type { nameImport, readOrigin } from './contract.ts'
import { columnsOf, isExport, type Mapping, readExport, valueTargets } from './domain/index.ts'
import type { Detected } from './read/index.ts'
import { importChannel } from './rows.ts'
import { runOf } from './runs.ts'

/** What an import is called. Refuses import.no-such-run (404). */
export async function nameOf(tx: Tx, org: string, id: string): Promise<ReplyInput<typeof nameImport>> {
  const run = await runOf(tx, org, id)
  if (!run) throw new RefusalError({ code: 'import.no-such-run', status: 404 })
  return { id, source: run.source, fileName: run.fileName, createdAt: new Date(run.createdAt).toISOString() }
}

type Row = {
  run: string | null
  source: string
  fileName: string
  createdAt: number
  sourceId: string
  flaw: string | null
  format: Detected
  mapping: Mapping
  raw: Buffer | null
}
const longest = 200

/**
 * Where an imported complaint comes from, for whoever may see it; the words its source had for what our lists have, whether they
 * mean something here or not. Refuses complaints.not-found (404), import.not-imported (404).
 */
export async function originOf(tx: Tx, actor: StaffActor, id: string): Promise<ReplyInput<typeof readOrigin>> {
  const org = actor.org.id
  const row = await tx.first<Row>(
    sql`select r.id as run, r.source, r.file_name as "fileName", r.created_at as "createdAt", i.source_id as "sourceId", i.flaw, r.format, r.mapping,
        (select n.raw from inbound_item n where n.org_id = i.org_id and n.channel = ${importChannel} and n.external_id = r.source || ':' || i.source_id) as raw
      from complaint c left join import_item i on i.org_id = c.org_id and i.complaint_id = c.id
        left join import_run r on r.org_id = i.org_id and r.id = i.run_id
      where c.org_id = ${org} and c.id = ${id} and ${sql.raw(visibleSql('c'))}`,
  )
  if (!row) throw new RefusalError({ code: 'complaints.not-found', status: 404 })
  if (row.run === null) throw new RefusalError({ code: 'import.not-imported', status: 404 })
  const { source, fileName, sourceId, flaw } = row
  const createdAt = new Date(row.createdAt).toISOString()
  return { id: row.run, source, fileName, createdAt, sourceId, flaw, values: valuesIn(row) }
}

function valuesIn({ raw, format, mapping }: Row): { target: string; value: string }[] {
  if (!raw) return []
  const whole: unknown = JSON.parse(raw.toString('utf8'))
  const cells = isExport(format.kind)
    ? readExport(format.kind, whole).cells
    : new Map(Object.entries(whole as Record<string, unknown>))
  return valueTargets.flatMap((target) => {
    const cell = cells.get(columnsOf(mapping, target)[0] ?? '')
    const value = typeof cell === 'string' || typeof cell === 'number' ? String(cell).trim().slice(0, longest) : ''
    return value === '' ? [] : [{ target, value }]
  })
}
