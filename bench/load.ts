import { Agent, request } from 'node:http'
import { loadavg } from 'node:os'
import { cpuMs } from './program.ts'

export type Ask = {
  readonly path: string
  readonly method?: 'GET' | 'POST'
  readonly headers?: Record<string, string>
  readonly body?: string
}
export type Answer = { readonly status: number; readonly text: string; readonly ms: number }

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

/** One request over a kept connection, timed to the last byte. */
export function ask(base: string, one: Ask): Promise<Answer> {
  const started = performance.now()
  return new Promise((resolve, reject) => {
    const body =
      one.body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(one.body) }
    const sent = request(
      base + one.path,
      { agent, method: one.method ?? 'GET', headers: { ...one.headers, ...body } },
      (reply) => {
        const parts: Buffer[] = []
        reply.on('data', (part: Buffer) => parts.push(part))
        reply.on('end', () =>
          resolve({
            status: reply.statusCode ?? 0,
            text: Buffer.concat(parts).toString(),
            ms: performance.now() - started,
          }),
        )
      },
    )
    sent.on('error', reject)
    sent.end(one.body)
  })
}

export type Measured = {
  readonly n: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly perSecond: number
  /** Processor time a request, of the program and of the database. */
  readonly cpu: { readonly program: number; readonly database: number; readonly load: number }
  readonly wrong: number
  readonly firstWrong: string
  /** Runnable processes on this machine meanwhile, ours among them. */
  readonly busy: number
}

/** `clients` ask one after another until `count` are done or `seconds` are over. Answers other than `expect` count as wrong. */
export async function load(
  base: string,
  given: {
    clients: number
    count: number
    seconds: number
    expect?: number
    make: (i: number) => Ask
    pids?: { program: number; database: number }
  },
): Promise<Measured> {
  const { clients, count, make, expect = 200, pids } = given
  const until = performance.now() + given.seconds * 1000
  const times: number[] = []
  let next = 0
  let wrong = 0
  let firstWrong = ''
  const cpuOf = () =>
    [
      pids ? cpuMs(pids.program) : 0,
      pids ? cpuMs(pids.database) : 0,
      process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000,
    ] as const
  const before = cpuOf()
  const started = performance.now()
  const client = async () => {
    while (next < count && performance.now() < until) {
      const answer = await ask(base, make(next++))
      times.push(answer.ms)
      if (answer.status === expect) continue
      wrong += 1
      firstWrong ||= `${answer.status} ${answer.text.slice(0, 300)}`
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  const seconds = (performance.now() - started) / 1000
  const after = cpuOf()
  const each = (i: 0 | 1 | 2) => round((after[i] - before[i]) / Math.max(times.length, 1))
  const [p50, p95, p99] = quantiles(times)
  return {
    n: times.length,
    p50,
    p95,
    p99,
    perSecond: Math.round(times.length / seconds),
    cpu: { program: each(0), database: each(1), load: each(2) },
    wrong,
    firstWrong,
    busy: round(loadavg()[0] ?? 0),
  }
}

export function quantiles(times: number[]): [number, number, number] {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
  return [at(0.5), at(0.95), at(0.99)]
}

export const round = (x: number) => Math.round(x * 100) / 100
