import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Verified } from '../src/audit/index.ts'
import type { Bench } from './bench.ts'
import { round } from './load.ts'
import { cpuMs, memoryOf } from './program.ts'
import { print } from './report.ts'

/** `redress verify` over the whole world, as an operator runs it: every history, state, clock and word holds, and how long a million takes. */
export const verify: Bench = async ({ world, pids }) => {
  const before = cpuMs(pids.database)
  const run = await verifyOf(world.dir)
  const database = cpuMs(pids.database) - before
  const { complaints, events, wrong, seconds, findings } = run.result
  const each = (ms: number) => round(ms / complaints)
  const line = { bench: 'verify', size: world.label, n: complaints }
  const cpu = `cpu ms a complaint: program ${each(run.cpu)}, database ${each(database)}; machine load ${round(loadavg()[0] ?? 0)}`
  const minutes = round((seconds / complaints) * 1_000_000) / 60
  print({
    ...line,
    what: 'complaints that hold, with every event, clock and word',
    unit: 'complaints',
    value: complaints - wrong,
    goal: 'all, ≥ 10,000',
    ok: wrong === 0 && complaints >= 10_000,
    note: wrong === 0 ? `${events} events` : `${wrong} wrong, first: ${JSON.stringify(findings[0])}`,
  })
  print({
    ...line,
    what: 'checked a second',
    unit: '1/s',
    value: Math.round(complaints / seconds),
    goal: '≥ 1700',
    ok: complaints / seconds >= 1700,
    note: cpu,
  })
  print({
    ...line,
    what: '1,000,000 complaints, projected',
    unit: 'min',
    value: round(minutes),
    goal: '≤ 10',
    ok: minutes <= 10,
  })
  print({
    ...line,
    what: '1,000,000 complaints on two idle cores, by processor time',
    unit: 'min',
    value: round(((run.cpu + database) / complaints / 2 / 60) * 1000),
    goal: '≤ 10',
    ok: null,
  })
  print({ ...line, what: 'memory at its highest', unit: 'MB', value: run.rssMb, goal: '', ok: null })
}

type Run = { readonly result: Verified; readonly cpu: number; readonly rssMb: number }

/** Runs the command; processor time in ms, and the highest memory seen. */
async function verifyOf(dir: string): Promise<Run> {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
  const child = spawn(process.execPath, [main, 'verify', '--json'], {
    env: { ...process.env, REDRESS_DATA: dir },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const parts: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => parts.push(part))
  let [cpu, rssMb] = [0, 0]
  const look = setInterval(() => {
    cpu = Math.max(cpu, cpuMs(child.pid ?? 0))
    rssMb = Math.max(rssMb, memoryOf(child.pid ?? 0).rssMb)
  }, 100)
  await once(child, 'close')
  clearInterval(look)
  return { result: JSON.parse(Buffer.concat(parts).toString()) as Verified, cpu, rssMb }
}
