import { createHash } from 'node:crypto'
import { copyFile, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { record, startWorld, type Who, type World, cast } from '../../test/world/world.ts'
import { type App, makeApp } from '../app.ts'
import { assertSecret, verifyAll, writeCheckpoints } from '../audit/index.ts'
import { readConfig } from '../kit/config.ts'
import { tarEntries, tarWriter } from '../kit/files/tar.ts'
import { fingerprint, masterSecret } from '../kit/secrets.ts'
import { freshDatabase } from '../kit/testing/database.ts'
import { setPassword } from '../people/index.ts'
import { checkPackage, loadPackage, writePackage } from './index.ts'

// A whole organisation leaves as an open file and comes into an empty house, with the same answers.

let world: World
let folder: string
let file: string
const gone: (() => Promise<unknown>)[] = []
const act = async (who: Who, id: string, path: string, body: object) => {
  const page = (await world.as(who)('GET', `/api/v1/complaints/${id}`)).json()
  const reply = await world.as(who)('POST', `/api/v1/complaints/${id}/${path}`, {
    version: page.complaint.version,
    ...body,
  })
  expect(reply.statusCode, reply.body).toBe(200)
}

beforeAll(async () => {
  world = await startWorld()
  folder = await mkdtemp(join(tmpdir(), 'redress-package-'))
  file = join(folder, 'harbour.tar')
  const body =
    '--x\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\nreceipt\r\n--x--\r\n'
  const headers = { 'content-type': 'multipart/form-data; boundary=x' }
  const upload = (await world.as('intake')('POST', '/api/v1/attachments', Buffer.from(body), headers)).json()
  const chen = { name: '陳小姐 "引號" \\反斜線', mail: 'chen@example.test', phone: '0912 345 678' }
  const made = []
  for (let i = 0; i < 6; i++)
    made.push(
      await record(world, {
        text: `第 ${i} 件\t\\N "tabs"\n換行 \u2028`,
        complainant: chen,
        ...(i === 1 ? { mode: 'anonymous', complainant: undefined } : {}),
        ...(i === 0 ? { attachmentIds: [upload.id], flags: ['safety'] } : {}),
      }),
    )
  const [a, b] = made.map((m) => m.id)
  await record(world, { text: '限閱', confidentiality: 'restricted', placeId: undefined })
  await record(world, { text: '鄰居的', complainant: { name: '鄰居的顧客' } }, 'intake', 'neighbour')
  await act('mei', a ?? '', 'notes', { text: '內部備註' })
  const page = (await world.as('mei')('GET', `/api/v1/complaints/${a}`)).json()
  const findings = (page.points as { id: string }[]).map((p) => ({ pointId: p.id, finding: 'upheld' }))
  await act('mei', a ?? '', 'replies', { text: '**成立**', told: 'phone', decision: true, outcomeCode: 'O1', findings })
  await act('mei', b ?? '', 'replies', { text: '我們在查。', told: 'portal' })
  await assertSecret(world.app.systemDb, world.app.master)
  await writeCheckpoints(world.app)
  await writePackage(world.app, 'harbour', file)
})
afterAll(async () => {
  for (const end of gone) await end()
  await rm(folder, { recursive: true, force: true })
  await world.stop()
})

/** An empty house; with the old secret, or with one of its own. */
async function house(secret: 'old' | 'own', embedded = true) {
  const database = await freshDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'redress-house-'))
  if (secret === 'old') await copyFile(join(world.dataDir, 'secret.key'), join(dataDir, 'secret.key'))
  const config = readConfig({ REDRESS_DATA: dataDir, PORT: '0', LOG_LEVEL: 'silent' })
  const master = await masterSecret({ value: undefined, dataDir })
  gone.push(
    () => database.drop(),
    () => rm(dataDir, { recursive: true, force: true }),
  )
  const load = async (path = file) =>
    loadPackage(await checkPackage(path), {
      url: database.url,
      dataDir,
      embedded,
      fingerprint: fingerprint(master),
    })
  const start = async () => {
    const log = pino({ level: 'silent' })
    const app = await makeApp({
      config,
      databaseUrl: database.url,
      log,
      embedded,
      now: () => world.clock.now,
      poolSize: 4,
    })
    gone.unshift(() => app.close())
    await assertSecret(app.systemDb, app.master)
    return app
  }
  return { url: database.url, load, start }
}

const password = 'another correct horse 7'
async function signedIn(app: App, who: Who) {
  await app.db.withScope({ org: world.home.org, scope: 'none' }, (tx) =>
    setPassword(tx, { org: world.home.org, now: world.clock.now }, world.home.staff[who], password),
  )
  const headers = { 'sec-fetch-site': 'same-origin' }
  const reply = await app.server.inject({
    method: 'POST',
    url: '/api/v1/session',
    payload: { mail: cast[who].mail, password },
    headers,
  })
  expect(reply.statusCode, reply.body).toBe(200)
  const cookie = String(reply.headers['set-cookie']).split(';')[0] ?? ''
  return async (url: string) => (await app.server.inject({ url, headers: { cookie, ...headers } })).json()
}

/** Every row of the organisation, by kind. */
async function rowsOf(url: string): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { kinds } = (await checkPackage(file)).manifest
  const found: Record<string, string> = {}
  for (const { name, columns } of kinds) {
    if (name === 'account') continue
    const { rows } = await client.query<{ all: string }>(
      `select coalesce(string_agg(row_to_json(r)::text, E'\\n' order by row_to_json(r)::text), '') as all from (select ${columns.map((c) => `"${c}"`).join(', ')} from "${name}" where org_id = $1) r`,
      [world.home.org],
    )
    found[name] = rows[0]?.all ?? ''
  }
  await client.end()
  return found
}

describe('a package taken into an empty house', () => {
  it('gives the same answers: pages, lists, search, figures, and verifies over the same hashes', async () => {
    const then = await rowsOf(world.url)
    const { url, load, start } = await house('old')
    const loaded = await load()
    expect(loaded).toMatchObject({ sameSecret: true, checkpoints: 1, waiting: 1, accounts: Object.keys(cast).length })
    const { access_log: _log, ...now } = await rowsOf(url)
    const { access_log: _then, ...before } = then
    expect(now).toEqual(before)
    const app = await start()
    const verified = await verifyAll(app, { blobs: true })
    expect(verified.findings).toEqual([])
    expect(verified).toMatchObject({ organisations: 1, complaints: 7, checkpoints: 1, blobs: 1 })
    const lead = await signedIn(app, 'lead')
    const old = async (url: string) => (await world.as('lead')('GET', url)).json()
    const { items } = await old('/api/v1/complaints?open=any')
    const asked = [
      '/api/v1/complaints?open=any',
      '/api/v1/complaints?view=team&sort=received',
      ...items.map((i: { id: string }) => `/api/v1/complaints/${i.id}`),
      '/api/v1/figures?period=month&by=type',
      `/api/v1/search?q=${encodeURIComponent('換行')}`,
      '/api/v1/customers?q=chen@example.test',
      '/api/v1/catalogue',
    ]
    for (const url of asked) expect(await lead(url), url).toEqual(await old(url))
    // Work goes on: the next number follows, and what was sealed is sealed with it.
    const { next } = await writeCheckpoints(app).then(() => ({ next: verifyAll(app) }))
    expect((await next).findings).toEqual([])
  })

  it('with another secret keeps the checkpoints as papers, begins its own, and verifies', async () => {
    // Where an outside database keeps the files.
    const { load, start } = await house('own', false)
    const loaded = await load()
    expect(loaded.sameSecret).toBe(false)
    expect(loaded.checkpointFile).toMatch(/\.of-[0-9a-f]+$/)
    expect(await readFile(`${loaded.checkpointFile}.pem`, 'utf8')).toContain('PUBLIC KEY')
    const app = await start()
    await writeCheckpoints(app)
    const verified = await verifyAll(app, { blobs: true })
    expect(verified.findings).toEqual([])
    expect(verified).toMatchObject({ complaints: 7, checkpoints: 1, blobs: 1 })
  })

  it('holds no password, key or secret, and nothing of another organisation', async () => {
    const bytes = await readFile(file)
    const client = new pg.Client({ connectionString: world.url })
    await client.connect()
    const { rows } = await client.query<{ password_hash: string }>(
      `select password_hash from auth."user" where password_hash is not null`,
    )
    await client.end()
    expect(rows.length).toBeGreaterThan(10)
    for (const { password_hash } of rows) expect(bytes.includes(password_hash)).toBe(false)
    expect(bytes.includes(world.app.master)).toBe(false)
    expect(bytes.includes('鄰居的顧客')).toBe(false)
    expect(bytes.includes(world.neighbour.org)).toBe(false)
    expect((await stat(file)).mode & 0o077).toBe(0)
  })

  it('is described, each kind of it', async () => {
    const page = await readFile(new URL('../../docs/export-format.md', import.meta.url), 'utf8')
    const { kinds } = (await checkPackage(file)).manifest
    expect(kinds.map((k) => k.name).filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })

  it('says of every column that could be a secret whether it travels', async () => {
    // A new one is a decision: emptied, left out (kinds.ts), or added here because it proves or identifies and opens nothing.
    const { kinds } = (await checkPackage(file)).manifest
    const named = kinds.flatMap((k) => k.columns.map((c) => `${k.name}.${c}`))
    const suspicious = named.filter((c) => /secret|password|token|totp|hash|private|(^|_|\.)key$/.test(c)).sort()
    expect(suspicious).toEqual([
      'calendar.key',
      'complaint.secret_hash',
      'complaint_event.hash',
      'draft.key',
      'identity_key.key',
      'import_run.file_hash',
      'mail_id.hash',
      'place.calendar_key',
      'team.calendar_key',
      'team.key',
    ])
  })
})

type Entry = { name: string; bytes: Buffer }
/** The package with something done to it, the manifest put right unless that is what is wrong. */
async function altered(name: string, alter: (entries: Entry[]) => void, mend = false): Promise<string> {
  const whole = await readFile(file)
  const entries = (await tarEntries(file)).map((e) => ({ name: e.name, bytes: whole.subarray(e.at, e.at + e.size) }))
  alter(entries)
  const manifest = entries.find((e) => e.name === 'manifest.json')
  if (mend && manifest) {
    const said = JSON.parse(manifest.bytes.toString())
    for (const kind of said.kinds) {
      const bytes = entries.find((e) => e.name === `data/${kind.name}.jsonl`)?.bytes ?? Buffer.alloc(0)
      Object.assign(kind, { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') })
      kind.rows = bytes.toString().split('\n').length - 1
    }
    manifest.bytes = Buffer.from(JSON.stringify(said))
  }
  const path = join(folder, `${name}.tar`)
  const out = await open(path, 'w+')
  const tar = tarWriter(out)
  for (const { name: at, bytes } of entries)
    await tar.add(
      at,
      (async function* () {
        yield bytes
      })(),
    )
  await tar.finish()
  await out.close()
  return path
}
const edit = (entries: Entry[], name: string, change: (text: string) => string) => {
  const entry = entries.find((e) => e.name === name)
  if (entry) entry.bytes = Buffer.from(change(entry.bytes.toString()))
}
const inManifest = (change: (said: Record<string, unknown>) => void) => (entries: Entry[]) =>
  edit(entries, 'manifest.json', (text) => {
    const said = JSON.parse(text)
    change(said)
    return JSON.stringify(said)
  })

describe('a broken package is refused in one line, before anything is written', () => {
  it.each<[string, RegExp, (entries: Entry[]) => void, boolean?]>([
    [
      'changed',
      /data\/message\.jsonl is not as it was/,
      (e) => edit(e, 'data/message.jsonl', (t) => t.replace('換行', '改過')),
    ],
    [
      'changed-file',
      /blobs\/[0-9a-f]{64} is not as it was/,
      (e) => void (e.find((x) => x.name.startsWith('blobs/'))!.bytes = Buffer.from('forged')),
    ],
    [
      'lacks',
      /lacks data\/clock\.jsonl/,
      (e) =>
        void e.splice(
          e.findIndex((x) => x.name === 'data/clock.jsonl'),
          1,
        ),
    ],
    [
      'lacks-file',
      /lacks blobs\//,
      (e) =>
        void e.splice(
          e.findIndex((x) => x.name.startsWith('blobs/')),
          1,
        ),
    ],
    ['unfinished', /no manifest/, (e) => void e.pop()],
    ['slip', /is no name of a package/, (e) => void e.push({ name: '../../etc/passwd', bytes: Buffer.from('x') })],
    ['absolute', /is no name of a package/, (e) => void e.push({ name: '/tmp/x', bytes: Buffer.from('x') })],
    [
      'stranger',
      /is not in the manifest/,
      (e) => void e.push({ name: 'data/extra.jsonl', bytes: Buffer.from('{}\n') }),
    ],
    [
      'loose-file',
      /belongs to nothing/,
      (e) => void e.push({ name: `blobs/${createHash('sha256').update('x').digest('hex')}`, bytes: Buffer.from('x') }),
    ],
    ['twice', /is in the package twice/, (e) => void e.push({ name: 'data/team.jsonl', bytes: Buffer.from('') })],
    ['future', /has the format 2/, inManifest((m) => void (m.version = 2))],
    ['no-manifest', /manifest cannot be read/, (e) => edit(e, 'manifest.json', () => '{"__proto__": {"x": 1}}')],
    [
      'foreign-row',
      /of another organisation/,
      (e) => edit(e, 'data/team.jsonl', (t) => t.replaceAll(world.home.org, world.neighbour.org)),
      true,
    ],
    [
      'column',
      /a column that is not named/,
      (e) => edit(e, 'data/team.jsonl', (t) => t.replace('{"org_id"', '{"extra":1,"org_id"')),
      true,
    ],
    ['half-line', /ends within a line/, (e) => edit(e, 'data/team.jsonl', (t) => t.slice(0, -3)), true],
    ['checkpoint', /not as it was/, (e) => edit(e, 'audit/checkpoints.jsonl', (t) => t.replace('"no":1', '"no":2'))],
  ])('%s', async (name, said, alter, mend) => {
    await expect(checkPackage(await altered(name, alter, mend))).rejects.toThrow(said)
  })

  it('cut short, or with a link in it', async () => {
    const bytes = await readFile(file)
    for (const length of [0, 100, 5_000, bytes.length - 700]) {
      await writeFile(join(folder, 'cut.tar'), bytes.subarray(0, length))
      await expect(checkPackage(join(folder, 'cut.tar')), String(length)).rejects.toThrow(/ends too early|no package/)
    }
    const linked = Buffer.from(bytes)
    linked[156] = 0x32
    const sum = linked.subarray(0, 512).reduce((s, b, i) => s + (i >= 148 && i < 156 ? 32 : b), 0)
    linked.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    await writeFile(join(folder, 'cut.tar'), linked)
    await expect(checkPackage(join(folder, 'cut.tar'))).rejects.toThrow('is not a plain file')
  })
})

describe('what only the house can tell is refused, and leaves it empty', () => {
  it('another version, histories that do not fit, a house that is not empty', async () => {
    const { url, load } = await house('own')
    const other = await altered(
      'version',
      inManifest((m) => void (m.migrations as object[]).push({ name: '9999_future.sql', sha256: '0' })),
    )
    await expect(load(other)).rejects.toThrow(/another version.*9999_future/)
    const heads = await altered(
      'heads',
      inManifest((m) => void (m.heads = { complaints: 7, sha256: '0'.repeat(64) })),
    )
    await expect(load(heads)).rejects.toThrow('histories are not those')
    const broken = await altered('reference', (e) => edit(e, 'data/team.jsonl', () => ''), true)
    await expect(load(broken)).rejects.toThrow(/foreign key/)
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query(
      `select (select count(*) from organisation) + (select count(*) from auth."user") + (select count(*) from blob_chunk) as n`,
    )
    expect(Number(rows[0].n)).toBe(0)
    await client.end()
    await load()
    await expect(load()).rejects.toThrow('is not empty')
  })
})
