import multipart from '@fastify/multipart'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sql } from 'kysely'
import type { App } from '../app.ts'
import { byteLimit } from '../kit/files/limits.ts'
import { contentDisposition, safeFileName } from '../kit/files/file-name.ts'
import { locale } from '../kit/contract/shapes.ts'
import { wordsOf } from '../export/index.ts'
import { on, onUnscoped } from '../kit/http/serve.ts'
import { newId } from '../kit/ids.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { channels } from '../channels/index.ts'
import { badFile, badFileName } from './bad-file.ts'
import { blobSource } from './blob-source.ts'
import * as contract from './contract.ts'
import { guessDates, type Mapping } from './domain/index.ts'
import { type House, readHouse } from './house.ts'
import { mappingShape } from './mapping-shape.ts'
import { nameOf, originOf } from './origin.ts'
import { type Looked, missingColumns } from './plan.ts'
import type { Source } from './read/index.ts'
import { readInThread, readySoon } from './read-in-thread.ts'
import { addRun, bringLater, firstItems, runOf, type RunRow, runsOf, setRun, stopRun } from './runs.ts'

/** What a file may have; a .gz holds ten times as much. */
const fileBytes = 256 * 2 ** 20
const triedRows = 20_000
/** Who looks at the screen waits no longer: what was read by then is told, and that it is not all. */
const triedMs = 15_000
const shownRows = 8

/** Bringing in a history from the screen: a file, what it means, a trial, and then in the background. */
export async function importRoutes(app: App): Promise<void> {
  const { binding, db } = app
  fileRoute(app)
  badRoute(app)
  on(binding, contract.listImports, 'settings.write').answer(async ({ tx, actor, now }) => ({
    items: (await runsOf(tx, actor.org.id)).map((run) => replyOf(run, now)),
  }))
  on(binding, contract.readImport, 'settings.write').answer(async ({ tx, actor, params, now }) => {
    const run = await runOf(tx, actor.org.id, params.id)
    if (!run) throw noSuchRun()
    return { ...replyOf(run, now), items: await firstItems(tx, actor.org.id, run.id) }
  })
  on(binding, contract.nameImport, 'complaint.read').answer(({ tx, actor, params }) =>
    nameOf(tx, actor.org.id, params.id),
  )
  on(binding, contract.readOrigin, 'complaint.read').answer(({ tx, actor, params }) => originOf(tx, actor, params.id))
  onUnscoped(binding, contract.lookAtImport, 'settings.write').answer(async ({ actor, params, body, now }) => {
    const { run, house, source } = await opened(app, actor.org.id, params.id, now)
    const { looked } = await readInThread(app, { org: actor.org.id, now }, source, { look: given(body) })
    if (!looked) throw new Error('nothing was read')
    const before = await db.withScope({ org: actor.org.id }, async (tx) => {
      await setRun(tx, actor.org.id, run.id, { format: looked.detected })
      return mappedBefore(await runsOf(tx, actor.org.id), looked)
    })
    const { kind, encoding, sure, delimiter } = looked.detected
    return {
      kind,
      encoding,
      sure,
      delimiter,
      columns: looked.sample.map(({ name, cells }) => ({
        name,
        cells: cells
          .slice(0, shownRows)
          .map((c) => (c === null ? '' : c instanceof Date ? c.toISOString().slice(0, 19) : String(c)).slice(0, 200)),
        date: guessDates(cells, house.org.zone)?.format ?? null,
      })),
      sheets: [...looked.sheets],
      mapping: { ...looked.mapping, ...before?.mapping, format: given(body) },
      mappedAs: before?.fileName ?? null,
      warnings: [...looked.warnings],
      lists: listsOf(house),
    }
  })
  onUnscoped(binding, contract.tryImport, 'settings.write').answer(async ({ actor, params, body, now }) => {
    const { source } = await opened(app, actor.org.id, params.id, now)
    const task = { tried: mappingIn(body.mapping), rows: triedRows, ms: triedMs }
    const { report } = await readInThread(app, { org: actor.org.id, now }, source, task)
    if (!report) throw new Error('nothing was tried')
    const { firstBad, problems, unknown, swappable, broken, counts, whole } = report
    return {
      counts,
      whole,
      firstBad: firstBad.map((b) => ({ no: b.no, problems: [...b.problems] })),
      problems: [...problems],
      unknown: [...unknown],
      swappable: [...swappable],
      broken,
    }
  })
  onUnscoped(binding, contract.startImportRun, 'settings.write').answer(async ({ actor, params, body, now }) => {
    const org = actor.org.id
    const { run, source } = await opened(app, org, params.id, now)
    const task = body.mapping && run.done === 0 ? { understand: mappingIn(body.mapping) } : undefined
    const said = task && (await readInThread(app, { org, now }, source, task)).understood
    if (!said && !run.mapping.columns) throw mappingWrong('columns')
    await db.withScope({ org }, async (tx) => {
      if (said)
        await setRun(tx, org, run.id, {
          format: said.detected,
          mapping: said.mapping,
          source: said.mapping.source ?? 'file',
        })
      await tx.run(
        sql`update import_run set state = 'ready', beat_at = ${new Date(now)}, reason = null where org_id = ${org} and id = ${run.id} and state in ('new', 'stopped', 'failed')`,
      )
      await tx.run(bringLater(org, run.id))
    })
    return {}
  })
  on(binding, contract.stopImportRun, 'settings.write').answer(async ({ tx, actor, params, now }) => {
    if (!(await runOf(tx, actor.org.id, params.id))) throw noSuchRun()
    await stopRun(tx, actor.org.id, params.id, now)
    return {}
  })
}

const noSuchRun = () => new RefusalError({ code: 'import.no-such-run', status: 404 })
const mappingWrong = (where: string) =>
  new RefusalError({ code: 'import.mapping-wrong', status: 422, facts: { where } })
const given = ({ encoding, delimiter, sheet, header }: NonNullable<Mapping['format']>) => ({
  ...(encoding ? { encoding } : {}),
  ...(delimiter ? { delimiter } : {}),
  ...(sheet ? { sheet } : {}),
  ...(header ? { header } : {}),
})

/** The newest run that was mapped, of the same source and with columns that all are here: rows that were mended come in as theirs did. */
function mappedBefore(runs: readonly RunRow[], { mapping, sample }: Looked): RunRow | undefined {
  return runs.find(
    (r) => r.source === mapping.source && r.mapping.columns && missingColumns(r.mapping, sample).length === 0,
  )
}

async function opened(
  app: App,
  org: string,
  id: string,
  now: number,
): Promise<{ run: RunRow; house: House; source: Source }> {
  const found = await app.db.withScope(
    { org },
    async (tx) => {
      const run = await runOf(tx, org, id)
      if (!run?.blob) throw noSuchRun()
      const file = await tx.first<{ size: number }>(
        sql`select size from blob where org_id = ${org} and sha256 = decode(${run.blob}, 'hex')`,
      )
      return { run, house: await readHouse(tx, org, now), size: Number(file?.size ?? 0) }
    },
    'read',
  )
  return { ...found, source: blobSource(app.blobs(org), found.run, found.size) }
}

/** A mapping somebody made. */
function mappingIn(value: unknown): Mapping {
  const read = mappingShape.safeParse(value)
  if (!read.success) throw mappingWrong(read.error.issues[0]?.path.join('.') ?? '')
  return read.data
}

function listsOf(house: House) {
  const of = (list: House['types']) =>
    list.map(({ id, names, labels }) => ({ id, name: names[0] ?? id, labels: labels ?? null }))
  return {
    type: of(house.types),
    outcome: of(house.outcomes),
    product: of(house.products),
    place: of(house.places),
    team: of(house.teams),
    owner: house.staff.map(({ id, names }) => ({ id, name: names[1] ?? id, labels: null })),
    channel: channels.map(({ kind, labels }) => ({ id: kind, name: kind, labels })),
  }
}

function replyOf(run: RunRow, now: number): contract.ImportRun {
  const { id, source, fileName, total, done, imported, known, changed, bad, flawed, files, filesLeft, reason } = run
  const since = run.startedAt === null || run.state !== 'running' ? null : Math.max(1, now - run.startedAt)
  const perSecond = since === null ? null : Math.round((done / since) * 1000)
  const state = run.state
  return {
    id,
    source,
    fileName,
    state,
    total,
    done,
    imported,
    known,
    changed,
    bad,
    flawed,
    files,
    filesLeft,
    unfound: Math.max(0, done - run.found),
    unfindable: run.unfindable,
    reason,
    perSecond,
    leftMs: since === null || total === null || done === 0 ? null : Math.round(((total - done) * since) / done),
    createdAt: new Date(run.createdAt).toISOString(),
    endedAt: run.endedAt === null ? null : new Date(run.endedAt).toISOString(),
  }
}

function fileRoute(app: App): void {
  const { server } = app.binding
  void server.register(async (scope) => {
    if (!scope.hasContentTypeParser('multipart/form-data')) await scope.register(multipart)
    scope.post(contract.importFilesPath, { bodyLimit: fileBytes + 65_536 }, async (request, reply) => {
      const actor = await app.binding.authorise(request, 'settings.write')
      readySoon()
      if (!request.isMultipart()) throw new RefusalError({ code: 'files.not-multipart', status: 415 })
      const file = await request.file({ limits: { files: 1, fields: 2, fileSize: fileBytes + 1 } })
      if (!file) throw new RefusalError({ code: 'files.empty', status: 422 })
      const limit = byteLimit(fileBytes)
      const fed = pipeline(file.file, limit)
      fed.catch(() => undefined)
      const org = actor.org.id
      const blob = await app.blobs(org).put(limit)
      await fed
      const now = app.now()
      const id = newId(now)
      await app.db.withScope({ org }, async (tx) => {
        await tx.run(
          sql`insert into blob (org_id, sha256, size, created_at) values (${org}, decode(${blob.sha256}, 'hex'), ${blob.size}, ${new Date(now)})
              on conflict (org_id, sha256) do update set created_at = excluded.created_at`,
        )
        const fileName = safeFileName(file.filename)
        await addRun(
          tx,
          org,
          {
            id,
            source: 'file',
            fileName,
            blob: blob.sha256,
            fileHash: blob.sha256,
            format: {} as RunRow['format'],
            mapping: {} as Mapping,
            total: null,
            staffId: actor.staffId ?? null,
          },
          now,
          'new',
        )
      })
      return reply.code(201).header('cache-control', 'no-store').send({ id })
    })
  })
}

function badRoute(app: App): void {
  app.binding.server.get<{ Params: { id: string } }>(contract.badRowsPath(':id'), async (request, reply) => {
    const actor = await app.binding.authorise(request, 'settings.write')
    const org = actor.org.id
    const run = await app.db
      .withScope({ org }, (tx) => runOf(tx, org, request.params.id), 'read')
      .catch(() => undefined)
    if (!run || run.bad === 0) throw noSuchRun()
    const { t } = wordsOf(locale.catch('zh-Hant').parse(actor.locale), 'retail')
    return reply
      .header('content-type', 'application/octet-stream')
      .header('content-disposition', contentDisposition(badFileName(run)))
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'private, no-store')
      .send(Readable.from(badFile(app.db, org, run, (code) => t(`import.why.${code}`))))
  })
}
