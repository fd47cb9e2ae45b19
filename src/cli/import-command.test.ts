import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type World } from '../../test/world/world.ts'
import { runCli } from './index.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ now: Date.now() })
})
afterAll(() => world.stop())

/** A command on the world's database, as an operator gives it. */
async function redress(args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []]
  const env = { REDRESS_DATA: world.dataDir, DATABASE_URL: world.url }
  const code = await runCli(args, env, {
    print: (line) => out.push(line),
    complain: (line) => err.push(line),
    input: async () => '',
  })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

/** PERCENTILE.INC of a spreadsheet. */
function share(sorted: readonly number[], of: number): number {
  const at = of * (sorted.length - 1)
  const [low = 0, high = low] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  return Math.round(low + (high - low) * (at - Math.floor(at)))
}

test('files of an export come along from a folder, and are said where there is none of them', async () => {
  const folder = join(world.dataDir, 'attachments')
  mkdirSync(folder)
  writeFileSync(join(folder, '31-note.txt'), 'words of a file')
  // Not among the years whose figures are looked at below.
  const at = new Date(Date.now() - 3_600_000).toISOString()
  const attachments = [
    { id: 31, file_name: 'note.txt', content_url: 'https://old.test/31' },
    { id: 32, file_name: 'gone.txt', content_url: 'https://old.test/32' },
  ]
  const comments = [{ author_id: 5, plain_body: 'where is it', public: true, created_at: at, attachments }]
  const ticket = { id: 9, subject: 'Refund', status: 'open', created_at: at, requester_id: 5, comments }
  const file = join(world.dataDir, 'tickets.json')
  writeFileSync(file, JSON.stringify({ tickets: [ticket] }))
  const all = ['import', file, '--org', world.home.slug, '--json']
  expect((await redress([...all, '--files', join(folder, 'nowhere')])).code).toBe(2)
  const tried = JSON.parse((await redress([...all, '--files', folder, '--dry-run'])).out)
  expect(tried.counts).toMatchObject({ ready: 1, files: 1, filesLeft: 1 })
  const ended = await redress([...all, '--files', folder])
  expect(JSON.parse(ended.out)).toMatchObject({ imported: 1, files: 1, filesLeft: 1 })
  const verified = await redress(['verify', '--blobs', '--json'])
  expect(JSON.parse(verified.out)).toMatchObject({ ok: true })
})

const nyc = fileURLToPath(new URL('../../../shared/data/nyc311/requests.jsonl.gz', import.meta.url))
test.skipIf(!existsSync(nyc))(
  'all of real requests (../shared/data/nyc311): every time to close, and the figures of them, are those of the file',
  async () => {
    const file = join(world.dataDir, 'requests.jsonl.gz')
    writeFileSync(file, readFileSync(nyc))
    writeFileSync(
      `${file}.yaml`,
      'source: nyc\ncolumns: {id: id, received: created, closed: closed, title: type}\ndates: {format: iso, zone: Etc/UTC}\n',
    )
    const ended = await redress(['import', file, '--org', world.home.slug, '--mapping', `${file}.yaml`, '--json'])
    expect(ended.err).toBe('')
    const result = JSON.parse(ended.out) as { run: string }
    // What a plain script over the file says.
    const told = gunzipSync(readFileSync(nyc))
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<'id' | 'created' | 'closed', string>)
      .map(({ id, created, closed }) => [id, Date.parse(`${closed}Z`) - Date.parse(`${created}Z`)] as const)
    const kept = told.filter(([, time]) => time >= 0)
    expect(result).toMatchObject({ imported: told.length, bad: 0, flawed: told.length - kept.length, state: 'done' })
    const { rows } = await world.app.systemDb.pool.query<{ id: string; time: string }>(
      `select i.source_id as id, round(extract(epoch from c.closed_at - c.received_at) * 1000) as time
        from import_item i join complaint c on c.org_id = i.org_id and c.id = i.complaint_id where i.run_id = $1 and i.flaw is null`,
      [result.run],
    )
    expect(new Map(rows.map((r) => [r.id, Number(r.time)]))).toEqual(new Map(kept))
    const question = 'period=custom&first=2019-06-01&last=2025-12-31&compare=none'
    const reply = await world.as('auditor')('GET', `/api/v1/figures/durations?by=type&${question}`)
    const times = kept.map(([, time]) => time).sort((a, b) => a - b)
    expect(reply.json().total.now.close).toEqual({
      count: kept.length,
      leftOut: told.length - kept.length,
      median: share(times, 0.5),
      p90: share(times, 0.9),
    })
    const figures = await world.as('auditor')('GET', `/api/v1/figures?${question}`)
    expect(figures.json().total.now).toMatchObject({ received: told.length, closed: told.length, open: 0 })
  },
  120_000,
)
