import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Bench } from './bench.ts'
import { chance } from './chance.ts'
import { load } from './load.ts'
import { print, printTimes } from './report.ts'
import { bodies } from './words.ts'

/** Recording complaints over the API: eight clients, an idempotency key each, clocks, search rows and event included. */
export const intake: Bench = async ({ world, program, pids }) => {
  const headers = await program.signIn(world.intake)
  const dice = chance(Date.now())
  // Each text once: people do not send each other's words, and near-same ones are looked for.
  const texts = bodies(12_000, dice)
  let used = 0
  const make = () => {
    const { text } = texts[used++ % texts.length] ?? dice.pick(texts)
    const digits = String(10_000_000 + dice.below(89_999_999))
    const complainant = { name: `王小明${digits.slice(0, 2)}`, phone: `09${digits}` }
    const body = JSON.stringify({
      channel: 'phone',
      text: `${text}\n${digits}`,
      placeId: world.place,
      complainant,
      orderNo: `HH${digits}`,
    })
    return {
      path: '/api/v1/complaints',
      method: 'POST' as const,
      body,
      headers: { ...headers, 'idempotency-key': randomUUID() },
    }
  }
  await load(program.base, { clients: 8, count: 1000, seconds: 15, expect: 201, make })
  const client = new pg.Client({ connectionString: world.url })
  await client.connect()
  const count = async () =>
    Number((await client.query('select count(*) from complaint where org_id = $1', [world.org])).rows[0].count)
  const before = await count()
  const started = performance.now()
  const measured = await load(program.base, { clients: 8, count: 100_000, seconds: 20, expect: 201, make, pids })
  const kept = (await count()) - before
  printTimes(
    'intake',
    world.label,
    'accepted: eight clients',
    measured,
    40,
    `${kept} of ${measured.n} found in the database`,
  )
  print({
    bench: 'intake',
    size: world.label,
    what: 'accepted a second',
    unit: '1/s',
    value: measured.perSecond,
    n: measured.n,
    goal: '≥ 500',
    ok: measured.perSecond >= 500 && kept === measured.n,
  })
  const queued = async () =>
    Number(
      (
        await client.query(
          'select count(*) from graphile_worker.jobs where attempts < max_attempts and run_at <= now()',
        )
      ).rows[0].count,
    )
  const waiting = await queued()
  const until = performance.now() + 60_000
  while ((await queued()) > 0 && performance.now() < until) await new Promise((go) => setTimeout(go, 200))
  const left = await queued()
  const rate = Math.round(measured.n / ((performance.now() - started) / 1000))
  print({
    bench: 'intake',
    size: world.label,
    what: 'sustained a second, background work drained',
    unit: '1/s',
    value: rate,
    n: measured.n,
    goal: '≥ 250',
    ok: left === 0 && rate >= 250,
    note: `${waiting} jobs waited at the end of intake, ${left} left`,
  })
  const cpu = measured.cpu.program + measured.cpu.database + measured.cpu.load
  print({
    bench: 'intake',
    size: world.label,
    what: 'ceiling of two idle cores by processor time',
    unit: '1/s',
    value: Math.round(2000 / cpu),
    n: measured.n,
    goal: '≥ 500',
    ok: null,
    note: 'load generator included',
  })
  await client.end()
}
