import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sql } from 'kysely'
import { assertFits, type Format, formats, listFile, listQuery, type Reader } from '../export/index.ts'
import { locale } from '../kit/contract/shapes.ts'
import { noteAccess, staffActor } from '../people/index.ts'
import type { StaffRow } from '../people/actor.ts'
import { type Call, type Command, UsageError } from './command.ts'
import { type Opened, withServices } from './installation.ts'

export const exportCommand: Command = {
  name: 'export',
  usage: 'list <file>',
  about: 'Writes a list of complaints as a file, as one member of staff sees it.',
  details: `list: what the inbox of this person shows (--view mine | team | unassigned | review | all, --filter as in its address), in their
language and zone, at most 100,000 rows. That it was written is noted in the access log.`,
  options: [
    { name: 'as', value: 'mail', about: 'list: whose list it is' },
    { name: 'format', value: 'csv|xlsx', about: 'list: default by the name of the file, else csv' },
    { name: 'view', value: 'view', about: 'list: default all' },
    { name: 'filter', value: 'query', about: 'list: more conditions, as in the address: open=any&severity=high' },
    { name: 'language', value: 'locale', about: 'list: zh-Hant, zh-Hans or en (default: that person’s)' },
  ],
  examples: [
    'export list open.csv --as lead@harbour.example --view all',
    'export list 2026.xlsx --as lead@harbour.example --filter "open=any&receivedFrom=2026-01-01"',
  ],
  run: (call) => {
    const deed = deeds[call.words[0] ?? '']
    if (!deed) throw new UsageError(`use: export ${Object.keys(deeds).join(' | ')}`)
    return withServices(call.config, (app) => deed(app, call))
  },
}

const deeds: Readonly<Record<string, (app: Opened, call: Call) => Promise<number>>> = { list }

async function list(app: Opened, call: Call): Promise<number> {
  const file = call.words[1]
  if (!file || call.words.length > 2) throw new UsageError('export list: give the file to write')
  const format = formatOf(call.text('format') ?? (file.endsWith('.xlsx') ? 'xlsx' : 'csv'))
  const given = Object.fromEntries(new URLSearchParams(call.text('filter') ?? ''))
  const read = listQuery.strict().safeParse({ view: call.text('view') ?? 'all', ...given })
  if (!read.success) throw new UsageError(`the filter is wrong at ${read.error.issues[0]?.path.join('.') || 'a name'}`)
  const { language: _, ...query } = read.data
  const reader = await readerOf(app, call)
  const { actor } = reader
  const asked = { of: 'list', query } as const
  await app.db.withScope(actor.scope, (tx) => assertFits(tx, reader, asked), 'read')
  const entry = { org: actor.org.id, staffId: actor.staffId, what: 'export.list' }
  await app.db.withScope(actor.scope, (tx) =>
    noteAccess(tx, { ...entry, facts: { of: 'list', by: 'command-line', format, ...query } }, reader.now),
  )
  const bytes = await app.db.withScope(
    actor.scope,
    async (tx) => {
      const out = createWriteStream(file, { flags: 'wx', mode: 0o600 })
      await pipeline(Readable.from(listFile(tx, reader, asked, format), { objectMode: false }), out)
      return out.bytesWritten
    },
    'read',
  )
  call.say(`${file}: ${bytes} bytes`)
  call.result({ file, format, bytes })
  return 0
}

function formatOf(name: string): Format {
  const format = formats.find((f) => f === name)
  if (!format) throw new UsageError(`--format is one of ${formats.join(', ')}`)
  return format
}

/** The member of staff whose eyes the list is read with. */
async function readerOf(app: Opened, call: Call): Promise<Reader> {
  const mail = call.text('as')?.toLowerCase()
  if (!mail) throw new UsageError('export list: say whose list with --as <mail>')
  const row = await app.systemDb.withoutScope(async (tx) => {
    const found = await tx.rows<{ user_id: string }>(
      sql`select user_id from staff where mail = ${mail} and user_id is not null and active`,
    )
    if (found.length !== 1) throw new UsageError(`there is no account ${mail}, or more than one`)
    return tx.first<StaffRow>(sql`select * from staff_by_user(${found[0]?.user_id ?? ''})`)
  })
  if (!row) throw new UsageError(`there is no account ${mail}`)
  const actor = staffActor(row)
  if (!actor.permissions.has('complaint.read')) throw new UsageError(`${mail} reads no complaints`)
  const language = call.text('language')
  return {
    actor,
    locale: language ? languageOf(language) : locale.catch('zh-Hant').parse(actor.locale),
    now: call.now(),
  }
}

function languageOf(name: string): Reader['locale'] {
  const read = locale.safeParse(name)
  if (!read.success) throw new UsageError(`--language is one of ${locale.options.join(', ')}`)
  return read.data
}
