import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeServices } from '../app.ts'
import { type AuditWorld, auditWorld } from '../audit/audit-world.ts'
import { assertSecret, verifyAll, writeCheckpoints } from '../audit/index.ts'
import { readConfig } from '../kit/config.ts'
import { emptyDatabase } from '../kit/testing/database.ts'
import { backup, type Manifest, restore } from './index.ts'

let world: AuditWorld
let folder: string
let manifest: Manifest
let into: string
const dropped: (() => Promise<void>)[] = []

beforeAll(async () => {
  world = await auditWorld()
  into = await mkdtemp(join(tmpdir(), 'redress-backup-'))
  for (let i = 0; i < 10; i++)
    await world.record(`第 ${i} 件 \t\\N "tabs"\n換行`, { attachmentIds: [await world.upload(`receipt ${i}`)] })
  await assertSecret(world.app.systemDb, world.app.master)
  await writeCheckpoints(world.app)
  // Work goes on while the backup is written.
  let writing = true
  const busy = (async () => {
    for (let i = 0; writing; i++)
      await world.record(`meanwhile ${i}`, { attachmentIds: [await world.upload(`meanwhile ${i}`)] })
  })()
  const made = await backup(world.app, { into, withSecret: true })
  writing = false
  await busy
  ;({ folder, manifest } = made)
})
afterAll(async () => {
  for (const drop of dropped) await drop()
  await rm(into, { recursive: true, force: true })
  await world.stop()
})

async function target(outside = false) {
  const database = await emptyDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'redress-restored-'))
  const config = readConfig({ REDRESS_DATA: dataDir, LOG_LEVEL: 'silent' })
  const open = async () => {
    const services = await makeServices({
      config,
      databaseUrl: database.url,
      log: pino({ level: 'silent' }),
      embedded: !outside,
      now: () => world.clock.now,
      poolSize: 3,
    })
    return {
      ...services,
      close: async () =>
        void (await Promise.all([services.wakes.close(), services.db.close(), services.systemDb.close()])),
    }
  }
  dropped.push(async () => {
    await database.drop()
    await rm(dataDir, { recursive: true, force: true })
  })
  const load = (from = folder) =>
    restore({ folder: from, url: database.url, config, now: world.clock.now, openServices: open })
  return { url: database.url, dataDir, open, load }
}

async function counts(url: string): Promise<Record<string, number>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const found: Record<string, number> = {}
  for (const { schema, name } of manifest.tables) {
    const { rows } = await client.query<{ n: number }>(`select count(*)::int as n from ${schema}."${name}"`)
    found[`${schema}.${name}`] = rows[0]?.n ?? -1
  }
  await client.end()
  return found
}

const copyOf = async () => {
  const copy = await mkdtemp(join(tmpdir(), 'redress-copy-'))
  dropped.push(() => rm(copy, { recursive: true, force: true }))
  await cp(folder, copy, { recursive: true })
  return copy
}

describe('a backup written while work goes on', () => {
  it.each([
    ['embedded', false],
    ['outside', true],
  ])('restores into another database (%s) that verifies wholly, file by file', async (_kind, outside) => {
    const { url, open, load } = await target(outside)
    await load()
    const said = Object.fromEntries(manifest.tables.map((t) => [`${t.schema}.${t.name}`, t.rows]))
    const { 'meta.setting': _settings, ...rows } = await counts(url)
    const { 'meta.setting': _then, ...then } = said
    expect(rows).toEqual(then)
    expect(rows['public.complaint']).toBeGreaterThanOrEqual(10)
    const app = await open()
    await assertSecret(app.systemDb, app.master)
    expect((await verifyAll(app, { blobs: true })).findings).toEqual([])
    await writeCheckpoints(app)
    expect((await verifyAll(app, { blobs: true })).findings).toEqual([])
    await app.close()
  })

  it('puts waiting jobs back and leaves the old epoch of the stream behind', async () => {
    const { url, load } = await target()
    await world.meddle(
      `select graphile_worker.add_job('something', '{"a": 1}', run_at => now() + interval '1 day', job_key => 'once')`,
    )
    const later = await backup({ ...world.app, now: () => world.clock.now + 60_000 }, { into, withSecret: true })
    await load(later.folder)
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const jobs = await client.query(`select key from graphile_worker.jobs where task_identifier = 'something'`)
    const epoch = await client.query(`select value from meta.setting where key = 'stream.epoch'`)
    await client.end()
    expect(jobs.rows).toEqual([{ key: 'once' }])
    expect(epoch.rows).toEqual([])
  })

  it('can be read only by its owner', async () => {
    const { stdout } = await promisify(execFile)('find', [folder, '-perm', '/077'])
    expect(stdout).toBe('')
  })
})

describe('what cannot be restored is refused in one line, and leaves nothing', () => {
  it('a database that holds something', async () => {
    const { load } = await target()
    await load()
    await expect(load()).rejects.toThrow(/is not empty \(\d+ tables\)/)
  })
  it('a folder without manifest', async () => {
    const copy = await copyOf()
    await rm(join(copy, 'manifest.json'))
    await expect((await target()).load(copy)).rejects.toThrow('no manifest.json')
  })
  it('a changed file', async () => {
    const copy = await copyOf()
    const path = join(copy, 'tables/public.message.copy.gz')
    await writeFile(path, Buffer.concat([await readFile(path), Buffer.from('x')]))
    await expect((await target()).load(copy)).rejects.toThrow('public.message.copy.gz is not as it was')
  })
  it('a file that is a link, or a name that leads out of the folder', async () => {
    const copy = await copyOf()
    await rm(join(copy, 'secret.key'))
    await symlink('/etc/hostname', join(copy, 'secret.key'))
    await expect((await target()).load(copy)).rejects.toThrow('lacks secret.key')
    const other = await copyOf()
    const text = await readFile(join(other, 'manifest.json'), 'utf8')
    await writeFile(
      join(other, 'manifest.json'),
      text.replaceAll('tables/public.message.copy.gz', 'tables/../../message.copy.gz'),
    )
    await expect((await target()).load(other)).rejects.toThrow('cannot be read')
  })
  it('a changed attachment', async () => {
    const copy = await copyOf()
    const [org = ''] = await readdir(join(copy, 'blobs'))
    const [first = ''] = await readdir(join(copy, 'blobs', org))
    const [name = ''] = await readdir(join(copy, 'blobs', org, first))
    await writeFile(join(copy, 'blobs', org, first, name), 'forged')
    await expect((await target()).load(copy)).rejects.toThrow('is not as it was')
  })
  it('a backup of another secret, or without any', async () => {
    const { dataDir, load } = await target()
    await mkdir(dataDir, { recursive: true })
    await writeFile(join(dataDir, 'secret.key'), 'x'.repeat(40), { mode: 0o600 })
    await expect(load()).rejects.toThrow('is not the one of the backup')
    const bare = await backup({ ...world.app, now: () => world.clock.now + 120_000 }, { into })
    expect(bare.manifest.files.map((f) => f.name)).not.toContain('secret.key')
    await expect((await target()).load(bare.folder)).rejects.toThrow('made without its secret')
  })
  it('a backup of a newer version', async () => {
    const copy = await copyOf()
    const text = JSON.parse(await readFile(join(copy, 'manifest.json'), 'utf8')) as Manifest
    text.migrations.push({ name: '9999_future.sql', sha256: '0'.repeat(64) })
    await writeFile(join(copy, 'manifest.json'), JSON.stringify(text))
    await expect((await target()).load(copy)).rejects.toThrow('newer version')
  })
})
