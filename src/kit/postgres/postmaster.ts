import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode } from './problem.ts'
import type { Place } from './place.ts'

/** What `postmaster.pid` says of a server that lives. */
export type Postmaster = {
  readonly pid: number
  readonly port: number
  readonly ready: boolean
  /** The folder of its Unix socket; null where it listens on the loopback only. */
  readonly socket: string | null
}

/** The living server of the place, or null; a pid that now belongs to another program counts as dead. */
export function livingPostmaster(place: Place): Postmaster | null {
  const noted = readPidFile(place)
  return noted && isAlive(noted.pid) && commandOf(noted.pid).includes(place.cluster) ? noted : null
}

/**
 * Removes the pid file and the socket of a server that is gone. PostgreSQL does so itself, except where the pid was given to another
 * program of the same user, as happens in restarted containers. Only under the start lock.
 */
export function forgetDead(place: Place): void {
  if (!readPidFile(place) || livingPostmaster(place)) return
  const sockets = readdirSync(place.cluster).filter((name) => name.startsWith('.s.PGSQL.'))
  for (const name of sockets) rmSync(join(place.cluster, name), { force: true })
  rmSync(pidFile(place), { force: true })
}

/** Whether a process of that id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

const pidFile = (place: Place) => join(place.cluster, 'postmaster.pid')

function readPidFile(place: Place): Postmaster | null {
  let lines: string[]
  try {
    lines = readFileSync(pidFile(place), 'utf8').split('\n')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
  const pid = Number(lines[0])
  if (!(pid > 0)) return null
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready', socket: lines[4]?.trim() || null }
}

function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}
