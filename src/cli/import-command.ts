import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve as resolvePath } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sql } from 'kysely'
import { parse as parseYaml, stringify as toYaml } from 'yaml'
import {
  addRun,
  badFile,
  badFileName,
  countRows,
  dryRun,
  fileSource,
  type House,
  look,
  type Looked,
  type Mapping,
  mappingShape,
  missingColumns,
  openFolder,
  type Progress,
  readHouse,
  type Report,
  runOf,
  type RunRow,
  startFinding,
  startImport,
  type Source,
} from '../import/index.ts'
import { newId } from '../kit/ids.ts'
import { isUuid } from '../kit/pure/uuid.ts'
import { type Call, type Command, UsageError } from './command.ts'
import { type Opened, withServices } from './installation.ts'

export const importCommand: Command = {
  name: 'import',
  usage: '<file>',
  about:
    'Brings in a history: CSV, TSV, XLSX, JSONL (also .gz), or what Chatwoot, Zammad and Zendesk give out as JSON.',
  details: `Every row becomes a complaint with its own dates; nobody is written to. The mapping says which column is what; without one
it is guessed from the header and the values, and --dry-run shows it, with the first rows that are wrong. Running the same file twice
doubles nothing: a row is known by its source and its id there. Rows that cannot be taken go to <file>.bad.csv with the reason; mended,
that file is imported by itself. A run that was broken off goes on with --resume.`,
  options: [
    { name: 'mapping', value: 'file', about: 'YAML or JSON: {source, columns, values, dates, defaults, format}' },
    { name: 'org', value: 'slug', about: 'the organisation (may be left out when there is one)' },
    { name: 'dry-run', about: 'read everything and write nothing' },
    { name: 'resume', value: 'run', about: 'go on with a run that was broken off' },
    {
      name: 'files',
      value: 'folder',
      about: 'where the files lie that an export tells of: by id or name (no address is opened)',
    },
    { name: 'bad', value: 'file', about: 'where rows that cannot be taken go (default <file>.bad.csv)' },
  ],
  examples: [
    'import history.csv --dry-run',
    'import history.xlsx --mapping mapping.yaml',
    'import zendesk.json --files attachments',
    'import history.csv --resume 0193…',
  ],
  run: async (call) => {
    const [path, ...more] = call.words
    if (!path || more.length > 0) throw new UsageError('give one file')
    const source = await fileSource(path).catch(() => {
      throw new UsageError(`there is no file ${path}`)
    })
    const folder = call.text('files')
    if (folder)
      await openFolder(folder).catch(() => {
        throw new UsageError(`there is no folder ${folder}, or too much in it`)
      })
    const given = call.text('mapping') ? await readMapping(call.text('mapping') ?? '') : undefined
    return withServices(call.config, async (app) => {
      const org = await organisation(app, call.text('org'))
      const house = await app.db.withScope({ org }, (tx) => readHouse(tx, org, call.now()), 'read')
      return call.text('resume') ? resume(app, call, org, source) : begin(app, call, house, source, given)
    })
  },
}

/** A mapping from YAML (JSON is YAML). Refused with the place that is wrong. */
async function readMapping(path: string): Promise<Mapping> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new UsageError(`there is no file ${path}`)
  })
  let value: unknown
  try {
    value = parseYaml(text, { maxAliasCount: 0 })
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message.split('\n')[0] : 'not YAML'}`)
  }
  const read = mappingShape.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new UsageError(`${path}: ${issue?.path.join('.') || 'mapping'} ${issue?.message ?? 'is wrong'}`)
}

async function begin(
  app: Opened,
  call: Call,
  house: House,
  source: Source,
  given: Mapping | undefined,
): Promise<number> {
  const looked = await look(source, house.org.zone, given?.format)
  const mapping: Mapping = { ...looked.mapping, ...given, source: given?.source ?? looked.mapping.source }
  const missing = missingColumns(mapping, looked.sample)
  if (missing.length > 0)
    throw new UsageError(
      `the file has no column ${missing.map((m) => `"${m}"`).join(', ')}; it has: ${looked.sample.map((c) => c.name).join(', ')}`,
    )
  if (!mapping.columns.received)
    throw new UsageError(
      `no column says when it was received; the file has: ${looked.sample.map((c) => c.name).join(', ')}`,
    )
  sayFound(call, looked, mapping, given !== undefined)
  if (call.flag('dry-run')) {
    const dir = call.text('files')
    const folder = dir ? await openFolder(dir) : null
    const report = await dryRun(app.db, house, source, looked.detected, mapping, call.now(), undefined, folder)
    sayReport(call, report)
    call.result({
      ok: report.counts.bad === 0,
      dryRun: true,
      format: looked.detected,
      mapping,
      warnings: looked.warnings,
      ...report,
    })
    return report.counts.bad > 0 ? 1 : 0
  }
  const id = newId(call.now())
  const org = house.org.id
  const fileHash = await hashOf(source)
  const total = await countRows(source, looked.detected, mapping)
  await app.db.withScope({ org }, (tx) =>
    addRun(
      tx,
      org,
      {
        id,
        source: mapping.source ?? 'file',
        fileName: source.name,
        blob: null,
        fileHash,
        format: looked.detected,
        mapping,
        total,
        staffId: null,
      },
      call.now(),
    ),
  )
  return go(app, call, org, id)
}

async function resume(app: Opened, call: Call, org: string, source: Source): Promise<number> {
  const id = call.text('resume') ?? ''
  const run = isUuid(id) ? await app.db.withScope({ org }, (tx) => runOf(tx, org, id), 'read') : undefined
  if (!run) throw new UsageError(`there is no run ${id}`)
  if ((await hashOf(source)) !== run.fileHash)
    throw new UsageError(`this is not the file of run ${id}: its bytes are others`)
  return go(app, call, org, id)
}

async function go(app: Opened, call: Call, org: string, id: string): Promise<number> {
  const read = async () => {
    const run = await app.db.withScope({ org }, (tx) => runOf(tx, org, id), 'read')
    if (!run) throw new Error(`run ${id} is gone`)
    return run
  }
  const run = await read()
  const screen = progressOn(process.stderr)
  call.say(`run ${id}`)
  const started = performance.now()
  const path = call.words[0] ?? ''
  const running = startImport(app, { org, run: run.id, path, files: filesFor(app, call) }, screen.tell)
  process.once('SIGINT', running.stop)
  const counts = await running.ended.finally(() => {
    process.off('SIGINT', running.stop)
    screen.end()
  })
  const seconds = (performance.now() - started) / 1000
  if (!counts) throw new Error(`run ${id} is done, or somebody else is at it`)
  const after = await read()
  const bad =
    after.bad > 0
      ? await writeBad(app, org, after, call.text('bad') ?? join(dirname(call.words[0] ?? ''), badFileName(after)))
      : null
  call.say(
    `${after.imported} imported, ${after.known} known before, ${after.changed} known before and told otherwise now, ${after.bad} not taken`,
  )
  if (after.flawed > 0) call.say(`${after.flawed} of them end before they begin: left out of durations`)
  if (after.files + after.filesLeft > 0)
    call.say(
      `${after.files} attachments brought along, ${after.filesLeft} not: their names and addresses stand in the messages`,
    )
  if (bad) call.say(`rows not taken: ${bad}`)
  const findable = await find(app, call, org, after)
  if (after.state !== 'done') call.say(`broken off at row ${after.done}; go on with: --resume ${id}`)
  const { state, imported, known, changed, bad: notTaken, flawed, files, filesLeft, done } = after
  call.result({
    ok: notTaken === 0 && state === 'done',
    run: id,
    state,
    done,
    imported,
    known,
    changed,
    bad: notTaken,
    flawed,
    files,
    filesLeft,
    badFile: bad,
    seconds,
    ...findable,
  })
  return notTaken > 0 || state !== 'done' ? 1 : 0
}

/** What came in is there and counted; what it is found by takes longer than all the rest, and may be left to the program. */
async function find(app: Opened, call: Call, org: string, run: RunRow) {
  let left = run.done - run.found
  if (left > 0)
    call.say(`now made findable by their words: ${left} rows; breaking this off leaves the rest to the program`)
  const screen = lineOn(process.stderr)
  const started = performance.now()
  const told = (n: number) => {
    left = n
    screen.tell(`${left} rows left to be made findable`)
  }
  const finding = startFinding(app, { org, run: run.id }, told, ({ row, why }) =>
    call.say(`row ${row} cannot be found by its words (${why}); the rest goes on`),
  )
  process.once('SIGINT', finding.stop)
  await finding.ended.finally(() => {
    process.off('SIGINT', finding.stop)
    screen.end()
  })
  return { unfound: left, findableSeconds: (performance.now() - started) / 1000 }
}

/** Where files lie, and where their bytes go: as for the running program (makeServices). */
function filesFor(app: Opened, call: Call) {
  const folder = call.text('files')
  if (!folder) return undefined
  const { dataDir, databaseUrl, maxUploadBytes: maxBytes } = app.config
  return { folder: resolvePath(folder), blobs: databaseUrl ? null : join(dataDir, 'blobs'), maxBytes }
}

async function writeBad(app: Opened, org: string, run: RunRow, path: string): Promise<string> {
  await pipeline(Readable.from(badFile(app.db, org, run)), createWriteStream(path, { mode: 0o600 }))
  return path
}

function progressOn(stream: NodeJS.WriteStream): { tell(p: Progress): void; end(): void } {
  const line = lineOn(stream)
  return {
    tell(p) {
      const of = p.total === null ? '' : ` of ${p.total}`
      const left = p.leftMs === null ? '' : `, ${Math.ceil(p.leftMs / 1000)} s left`
      line.tell(`${p.done}${of} rows, ${p.perSecond}/s${left}, ${p.bad} not taken`)
    },
    end: line.end,
  }
}

/** One line that is written over on a terminal, else a line every five seconds. */
function lineOn(stream: NodeJS.WriteStream): { tell(line: string): void; end(): void } {
  let last = 0
  return {
    tell(line) {
      const at = performance.now()
      if (at - last < (stream.isTTY ? 200 : 5000)) return
      last = at
      stream.write(stream.isTTY ? `\r\x1b[K${line}` : `${line}\n`)
    },
    end: () => void (stream.isTTY && last > 0 ? stream.write('\r\x1b[K') : undefined),
  }
}

function sayFound(call: Call, { detected, warnings }: Looked, mapping: Mapping, given: boolean): void {
  const { kind, encoding, sure, delimiter } = detected
  const how = [
    encoding && `${encoding}${sure ? '' : ' (guessed)'}`,
    delimiter && `cells parted by ${JSON.stringify(delimiter)}`,
  ].filter(Boolean)
  call.say([kind, ...how].join(', '))
  call.say(`${given ? 'mapping' : 'mapping, guessed'}:`)
  for (const line of toYaml(mapping).trimEnd().split('\n')) call.say(`  ${line}`)
  if (given) return
  for (const { code, column, count, of } of warnings)
    call.say(`warning ${code}: ${column}, ${count} of the first ${of}`)
}

function sayReport(call: Call, report: Report): void {
  const { counts, firstBad, unknown, swappable, broken } = report
  call.say(
    `${counts.rows} rows: ${counts.ready} to import (${counts.open} open, ${counts.closed} ended), ${counts.known} known, ${counts.changed} known and told otherwise, ${counts.bad} not to be taken`,
  )
  if (counts.files + counts.filesLeft > 0)
    call.say(`${counts.files} attachments in the folder, ${counts.filesLeft} not brought along`)
  if (counts.flawed > 0) call.say(`${counts.flawed} end before they begin: imported, and left out of durations`)
  for (const { column, count } of swappable)
    call.say(`warning: ${column}: day and month could be the other way round in ${count} rows`)
  if (broken > 0) call.say(`warning: ${broken} rows have letters that are none in this encoding`)
  for (const { target, value, count } of unknown.slice(0, 20))
    call.say(`unknown ${target}: ${JSON.stringify(value)} in ${count} rows`)
  for (const { no, problems } of firstBad)
    for (const { column, value, code } of problems)
      call.say(`row ${no}: ${column}: ${code}${value ? ` ${JSON.stringify(value)}` : ''}`)
}

async function hashOf(source: Source): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of await source.open()) hash.update(chunk)
  return hash.digest('hex')
}

async function organisation(app: Opened, slug: string | undefined): Promise<string> {
  const found = await app.systemDb.withoutScope((tx) =>
    tx.rows<{ id: string }>(
      sql`select org_id as id from organisation where ${slug ?? null}::text is null or slug = ${slug ?? null} order by no limit 2`,
    ),
  )
  if (found.length === 2) throw new UsageError('there are several organisations: say which with --org <slug>')
  if (!found[0]) throw new UsageError(slug ? `there is no organisation "${slug}"` : 'there is no organisation yet')
  return found[0].id
}
