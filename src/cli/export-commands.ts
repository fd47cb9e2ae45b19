import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sql } from 'kysely'
import {
  assertFits,
  checkPackage,
  type Format,
  formats,
  listFile,
  listQuery,
  loadPackage,
  type Loaded,
  type Reader,
  writePackage,
} from '../export/index.ts'
import { assertSecret, sentence, verifyAll } from '../audit/index.ts'
import { locale } from '../kit/contract/shapes.ts'
import { fingerprint, masterSecret } from '../kit/secrets.ts'
import { migrate } from '../migrate.ts'
import { noteAccess, staffActor } from '../people/index.ts'
import type { StaffRow } from '../people/actor.ts'
import { type Call, type Command, UsageError } from './command.ts'
import { type Opened, openServices, withDatabase, withServices } from './installation.ts'

export const exportCommand: Command = {
  name: 'export',
  usage: 'list <file> | organisation <file>',
  about: 'Writes a list of complaints, or a whole organisation, as a file.',
  details: `organisation: everything of one organisation in one open file (tar of JSONL, files and checksums: docs/export-format.md), for
another installation (redress import-package) or another program. No password, key or secret is in it, but every complaint is.
list: what the inbox of this person shows (--view mine | team | unassigned | review | all, --filter as in its address), in their
language and zone, at most 100,000 rows. That it was written is noted in the access log.`,
  options: [
    { name: 'org', value: 'slug', about: 'organisation: which one' },
    { name: 'as', value: 'mail', about: 'list: whose list it is' },
    { name: 'format', value: 'csv|xlsx', about: 'list: default by the name of the file, else csv' },
    { name: 'view', value: 'view', about: 'list: default all' },
    { name: 'filter', value: 'query', about: 'list: more conditions, as in the address: open=any&severity=high' },
    { name: 'language', value: 'locale', about: 'list: zh-Hant, zh-Hans or en (default: that person’s)' },
  ],
  examples: [
    'export organisation harbour.tar --org harbour',
    'export list open.csv --as lead@harbour.example --view all',
    'export list 2026.xlsx --as lead@harbour.example --filter "open=any&receivedFrom=2026-01-01"',
  ],
  run: (call) => {
    const deed = deeds[call.words[0] ?? '']
    if (!deed) throw new UsageError(`use: export ${Object.keys(deeds).join(' | ')}`)
    return withServices(call.config, (app) => deed(app, call))
  },
}

const deeds: Readonly<Record<string, (app: Opened, call: Call) => Promise<number>>> = { list, organisation }

async function organisation(app: Opened, call: Call): Promise<number> {
  const file = call.words[1]
  const slug = call.text('org')
  if (!file || call.words.length > 2) throw new UsageError('export organisation: give the file to write')
  if (!slug) throw new UsageError('export organisation: say which with --org <slug>')
  const org = await app.systemDb.withoutScope((tx) =>
    tx.first<{ org_id: string }>(sql`select org_id from organisation where slug = ${slug}`),
  )
  if (!org) throw new UsageError(`there is no organisation "${slug}"`)
  const entry = { org: org.org_id, staffId: undefined, what: 'export.organisation' }
  await app.db.withScope({ org: org.org_id }, (tx) => noteAccess(tx, entry, call.now()))
  const { kinds, blobs, heads, stayed } = await writePackage(app, slug, file)
  const rows = kinds.reduce((sum, k) => sum + k.rows, 0)
  call.say(`${file}: ${heads.complaints} complaints, ${rows} rows, ${blobs.count} files`)
  for (const sha256 of blobs.lost)
    call.say(`audit.blob-missing ${sha256}: its bytes are lost and are not in the package`)
  call.result({ file, complaints: heads.complaints, rows, files: blobs.count, lost: blobs.lost, stayed })
  return blobs.lost.length > 0 ? 1 : 0
}

export const importPackageCommand: Command = {
  name: 'import-package',
  usage: '<file>',
  about: 'Takes an exported organisation into an empty installation.',
  details: `The whole file is checked before anything is written; then everything comes in at once, or nothing, and is verified.
Put the secret.key of the old installation into the data folder first (or REDRESS_SECRET), and receipt codes, links in sent mails and
signed checkpoints go on. With another secret they do not open here; the old checkpoints are kept beside, with the key that checks them.
Answers that waited are sent by this installation: stop the old one before.`,
  examples: [
    'import-package harbour.tar --data ./new',
    'import-package harbour.tar --database-url postgres://redress@db/redress',
  ],
  run: async (call) => {
    const [file, ...more] = call.words
    if (!file || more.length > 0) throw new UsageError('give the file of a package')
    const { config } = call
    const checked = await checkPackage(file)
    return withDatabase(config, async (reached) => {
      await migrate(reached.url)
      const master = await masterSecret({ value: config.secret, dataDir: config.dataDir })
      const { url, embedded } = reached
      const loaded = await loadPackage(checked, {
        url,
        embedded,
        dataDir: config.dataDir,
        fingerprint: fingerprint(master),
      })
      const app = await openServices(config, reached)
      try {
        await assertSecret(app.systemDb, app.master)
        const verified = await verifyAll(app, { blobs: true, onFinding: (f) => call.say(sentence(f)) })
        tell(call, loaded)
        call.say(verified.ok ? 'Verified: nothing wrong' : `Verified: ${verified.wrong} things wrong`)
        const { manifest, ...facts } = loaded
        call.result({ ...facts, organisation: manifest.organisation, ok: verified.ok, wrong: verified.wrong })
        return verified.ok ? 0 : 1
      } finally {
        await app.close()
      }
    })
  },
}

/** What came, and what is left to do. */
function tell({ say }: Call, loaded: Loaded): void {
  const { manifest, rows, accounts, waiting, sameSecret, checkpoints, checkpointFile } = loaded
  const { slug } = manifest.organisation
  say(`${slug}: ${manifest.heads.complaints} complaints, ${rows} rows, ${manifest.blobs.count} files of ${manifest.at}`)
  say(
    `${accounts} people have an account and no password: give an administrator one with "./redress user password <mail>", who gives the others theirs`,
  )
  if (manifest.stayed.apiKeys > 0) say(`${manifest.stayed.apiKeys} API keys did not travel: make new ones`)
  if (manifest.stayed.mailboxSecrets > 0) say(`${manifest.stayed.mailboxSecrets} mailboxes need their password again`)
  if (waiting > 0) say(`${waiting} answers wait and will be sent from here: stop the old installation first`)
  if (sameSecret) return
  say('another secret than the old one: receipt codes and links that people were given do not open here')
  if (checkpointFile)
    say(`${checkpoints} checkpoints of the old installation are kept in ${checkpointFile}; new ones begin here`)
}

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
