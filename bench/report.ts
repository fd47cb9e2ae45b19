import type { Measured } from './load.ts'

/** One line of a bench. `goal` is a limit in the line's unit; `ok` null where nothing is promised. */
export type Line = {
  readonly bench: string
  readonly size: string
  readonly what: string
  readonly unit?: string
  readonly value?: number
  readonly p50?: number
  readonly p95?: number
  readonly p99?: number
  readonly n: number
  readonly goal: string
  readonly ok: boolean | null
  readonly note?: string
}

export function print(line: Line): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

/** A line of timed requests, judged by its 95th percentile. */
export function printTimes(
  bench: string,
  size: string,
  what: string,
  m: Measured,
  goalMs: number | null,
  note = '',
): void {
  const cpu = `cpu ms a request: program ${m.cpu.program}, database ${m.cpu.database}, load ${m.cpu.load}; machine load ${m.busy}`
  const wrong = m.wrong > 0 ? `; ${m.wrong} wrong, first: ${m.firstWrong}` : ''
  print({
    bench,
    size,
    what,
    unit: 'ms',
    p50: m.p50,
    p95: m.p95,
    p99: m.p99,
    n: m.n,
    goal: goalMs === null ? '' : `p95 ≤ ${goalMs}`,
    ok: goalMs === null ? null : m.p95 <= goalMs && m.wrong === 0,
    note: `${note ? `${note}; ` : ''}${cpu}${wrong}`,
  })
}
