import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { password } from './house.ts'
import type { World } from './world.ts'

/** As src/kit/setup/heap.mjs. */
export const heap = ['--max-old-space-size=1024', '--max-semi-space-size=8']

export type Program = {
  readonly base: string
  readonly pid: number
  /** Signs in and gives the headers of that person's browser. */
  signIn(mail: string): Promise<Record<string, string>>
  stop(): Promise<void>
}

/** Starts the program on the world's folder as a process of its own: server and worker, as `redress all` runs them. */
export async function startProgram(world: World): Promise<Program> {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
  const child = spawn(process.execPath, [...heap, main, 'all', '--port', '0'], {
    env: {
      ...process.env,
      REDRESS_DATA: world.dir,
      LOG_LEVEL: 'error',
      REDRESS_RATE_API: '1000000',
      REDRESS_RATE_SIGN_IN: '1000',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })
  const base = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the program ended with ${code} before it was ready`)))
    lines.on('line', (line) => {
      const port = /ready: http:\/\/[^:]+:(\d+)/.exec(line)?.[1]
      if (port) resolve(`http://127.0.0.1:${port}`)
    })
  })
  return {
    base,
    pid: child.pid ?? 0,
    async signIn(mail) {
      const reply = await fetch(`${base}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
        body: JSON.stringify({ mail, password }),
      })
      if (reply.status !== 200) throw new Error(`sign-in of ${mail}: ${reply.status} ${await reply.text()}`)
      return { cookie: (reply.headers.get('set-cookie') ?? '').split(';')[0] ?? '', 'sec-fetch-site': 'same-origin' }
    },
    async stop() {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}

const tick = 10

function statOf(pid: number | string): { parent: number; cpuMs: number; name: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'))
    const rest = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return {
      parent: Number(rest[1]),
      cpuMs: (Number(rest[11]) + Number(rest[12]) + Number(rest[13]) + Number(rest[14])) * tick,
      name,
    }
  } catch {
    return undefined
  }
}

/** Processor time (ms) a process and its children have used; 0 where there is no /proc. Says more than a clock on a busy machine. */
export function cpuMs(root: number): number {
  let sum = statOf(root)?.cpuMs ?? 0
  for (const pid of pids()) {
    const stat = statOf(pid)
    if (stat?.parent === root) sum += stat.cpuMs
  }
  return sum
}

/** Memory of a process and its children in MB: resident, and proportional where pages are shared. */
export function memoryOf(root: number): { rssMb: number; pssMb: number } {
  let rss = 0
  let pss = 0
  for (const pid of [String(root), ...pids().filter((p) => statOf(p)?.parent === root)]) {
    try {
      const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
      rss += Number(/^Rss:\s+(\d+)/m.exec(text)?.[1] ?? 0)
      pss += Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0)
    } catch {
      // Ended meanwhile, or another system.
    }
  }
  return { rssMb: Math.round(rss / 1024), pssMb: Math.round(pss / 1024) }
}

function pids(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}
