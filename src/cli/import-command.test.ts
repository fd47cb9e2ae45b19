import { existsSync, readFileSync, writeFileSync } from 'node:fs'
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
