import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { backup, dumpSchema, examine, restore } from '../operations/index.ts'
import { migrate } from '../migrate.ts'
import { type Command, UsageError } from './command.ts'
import { openServices, withClient, withDatabase, withServices } from './installation.ts'

export const migrateCommand: Command = {
  name: 'migrate',
  about: 'Brings the database to the schema of this version.',
  details: 'Forward only; several at once wait for each other. Starting the program does it too. Make a backup before.',
  examples: ['migrate'],
  run: (call) =>
    withDatabase(call.config, async ({ url }) => {
      const ran = await migrate(url)
      call.say(ran.length > 0 ? `applied ${ran.join(', ')}` : 'nothing to do')
      call.result({ applied: ran })
      return 0
    }),
}

export const backupCommand: Command = {
  name: 'backup',
  usage: '<folder>',
  about: 'Writes a whole backup into <folder>/redress-backup-<time>/ while work goes on.',
  details: `Tables, files, waiting jobs and checkpoints as they were at one moment. The secret is left out unless asked:
without it no backup can be restored, so keep data/secret.key (or REDRESS_SECRET) in another safe place.`,
  options: [{ name: 'with-secret', about: 'put the secret in too: keep such a backup as safe as the secret' }],
  examples: ['backup /mnt/backups', 'backup /mnt/backups --with-secret'],
  run: (call) =>
    withServices(call.config, async (app) => {
      const { folder, manifest } = await backup(app, {
        into: onlyWord(call.words, 'a folder'),
        withSecret: call.flag('with-secret'),
      })
      const { blobs } = manifest
      const rows = manifest.tables.reduce((sum, t) => sum + t.rows, 0)
      call.say(`${folder}: ${rows} rows, ${blobs.count} files`)
      for (const name of blobs.lost)
        call.say(`audit.blob-missing ${name}: its bytes are lost or changed and are not in the backup`)
      call.result({ folder, manifest })
      return blobs.lost.length > 0 ? 1 : 0
    }),
}

export const restoreCommand: Command = {
  name: 'restore',
  usage: '<backup folder>',
  about: 'Loads a backup into an empty database and brings it to this version.',
  details: `Refuses a database that holds anything. Works between the embedded and an outside PostgreSQL, and from older versions.
Messages that waited in the backup will be sent: do not run two copies of one installation. Then run: redress verify --blobs`,
  examples: [
    'restore /mnt/backups/redress-backup-20260301T020000Z --data ./restored',
    'restore ./redress-backup-20260301T020000Z --database-url postgres://redress@db/redress',
  ],
  run: (call) =>
    withDatabase(call.config, async (reached) => {
      const folder = onlyWord(call.words, 'the folder of a backup')
      const { config } = call
      const manifest = await restore({
        folder,
        url: reached.url,
        config,
        now: call.now(),
        openServices: () => openServices(config, reached),
      })
      const rows = manifest.tables.reduce((sum, t) => sum + t.rows, 0)
      call.say(
        `restored ${rows} rows and ${manifest.blobs.count} files of ${manifest.at}; now run: redress verify --blobs`,
      )
      call.result({ rows, files: manifest.blobs.count, at: manifest.at })
      return 0
    }),
}

export const doctor: Command = {
  name: 'doctor',
  about: 'Looks at everything an operator can put right: versions, durability, walls, secret, disk, clocks, queues.',
  examples: ['doctor', 'doctor --json'],
  run: (call) =>
    withDatabase(call.config, ({ url }) =>
      withClient(url, async (client) => {
        const found = await examine({ config: call.config, client, url, now: call.now() })
        for (const { name, state, line } of found) call.say(`${state.padEnd(4)}  ${name.padEnd(12)} ${line}`)
        const ok = found.every((c) => c.state !== 'bad')
        call.result({ ok, checks: found })
        return ok ? 0 : 1
      }),
    ),
}

export const schema: Command = {
  name: 'schema',
  about: 'Prints the schema of the database in a fixed order.',
  details: 'For developers: --write puts it into db/schema.sql, which a test compares with the migrations.',
  options: [{ name: 'write', about: 'write db/schema.sql' }],
  examples: ['schema', 'schema --write'],
  run: (call) =>
    withDatabase(call.config, async ({ url }) => {
      await migrate(url)
      const text = await withClient(url, dumpSchema)
      if (call.flag('write')) await writeFile(fileURLToPath(new URL('../../db/schema.sql', import.meta.url)), text)
      else call.say(text.trimEnd())
      call.result(call.flag('write') ? { written: 'db/schema.sql' } : { schema: text })
      return 0
    }),
}

function onlyWord(words: readonly string[], what: string): string {
  const [word, ...more] = words
  if (!word || more.length > 0) throw new UsageError(`give ${what}`)
  return word
}
