import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { surroundings } from './cluster.ts'
import type { Identity } from './identity.ts'
import type { Place } from './place.ts'
import { forgetDead, isAlive, livingPostmaster, type Postmaster } from './postmaster.ts'
import { DatabaseProblem } from './problem.ts'
import { choosePort, writeSettings } from './settings.ts'

/** A lock left by killed backends was seen for up to 13 s. */
const stalePatience = 15_000
/** Crash recovery replays at most `max_wal_size`, which slow disks may take minutes for. */
const recoveryPatience = 15 * 60_000

/** Starts the server detached, so that a Ctrl-C meant for us spares it; retries while remains of a killed one linger. */
export async function bootServer(
  place: Place,
  native: string,
  who: Identity | null,
  settings: Readonly<Record<string, string>>,
): Promise<Postmaster> {
  const deadline = performance.now() + stalePatience
  for (;;) {
    forgetDead(place)
    writeSettings(place, await choosePort(place), settings)
    const ready = await untilReady(place, launch(place, native, who))
    if (ready) return ready
    const why = lastWords(place)
    const lingering = /lock file|shared memory|Address already in use|TCP\/IP sockets/.test(why)
    if (!lingering || performance.now() > deadline) throw new DatabaseProblem(`PostgreSQL did not start: ${why}`)
    await sleep(250)
  }
}

/** Waits until the living server accepts connections (crash recovery included); null when it ended instead. */
export async function untilReady(place: Place, pid: number): Promise<Postmaster | null> {
  const deadline = performance.now() + recoveryPatience
  while (isAlive(pid)) {
    const living = livingPostmaster(place)
    if (living?.pid === pid && living.ready) return living
    if (performance.now() > deadline) throw new DatabaseProblem(`PostgreSQL (process ${pid}) does not become ready`)
    await sleep(10)
  }
  return null
}

/** Ends the server: politely, then without waiting for its clients' last words (nothing committed is lost by it). */
export async function haltServer(place: Place): Promise<void> {
  const pid = livingPostmaster(place)?.pid
  if (!pid) return
  for (const [signal, patience] of [
    ['SIGINT', 30_000],
    ['SIGQUIT', 10_000],
    ['SIGKILL', 5_000],
  ] as const) {
    if (isAlive(pid)) process.kill(pid, signal)
    const deadline = performance.now() + patience
    while (isAlive(pid) && performance.now() < deadline) await sleep(10)
    if (!isAlive(pid)) return
  }
}

function launch(place: Place, native: string, who: Identity | null): number {
  const log = openSync(place.startLog, 'w', 0o600)
  const as = who ? { uid: who.uid, gid: who.gid } : {}
  const child = spawn(join(native, 'bin', 'postgres'), ['-D', place.cluster], {
    ...as,
    cwd: '/',
    detached: true,
    env: surroundings,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  child.on('error', () => {})
  child.unref()
  if (!child.pid) throw new DatabaseProblem(`PostgreSQL could not be started from ${native}`)
  return child.pid
}

/** The complaints of a server that ended at once, in one line. */
function lastWords(place: Place): string {
  const lines = [place.startLog, currentLog(place)]
    .filter((file) => file !== null)
    .flatMap((file) => readFileSync(file, 'utf8').trim().split('\n').slice(-12))
    .filter((line) => /FATAL|PANIC|ERROR|LOG: +could not|error while loading/.test(line))
  return lines.length > 0 ? lines.slice(-3).join(' · ') : `see ${place.startLog} and ${join(place.cluster, 'log')}`
}

function currentLog(place: Place): string | null {
  const list = join(place.cluster, 'current_logfiles')
  const name = existsSync(list) ? /^stderr (.+)$/m.exec(readFileSync(list, 'utf8'))?.[1] : undefined
  const file = name ? join(place.cluster, name) : null
  return file && existsSync(file) ? file : null
}
