import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Identity } from './identity.ts'
import type { Place } from './place.ts'
import type { Postmaster } from './postmaster.ts'
import { DatabaseProblem, errorCode } from './problem.ts'

/** The superuser inside the embedded server. */
export const superuser = 'postgres'

/** What PostgreSQL's programs get to see of our surroundings: nothing that could change their meaning. */
export const surroundings = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

/** Makes the cluster if there is none. An interrupted making leaves nothing behind that looks like a cluster. */
export async function makeCluster(place: Place, native: string, who: Identity | null): Promise<void> {
  if (existsSync(place.cluster)) return
  const fresh = `${place.cluster}.new`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { mode: 0o700 })
  if (!existsSync(place.password)) writeFileSync(place.password, randomBytes(24).toString('base64url'), { mode: 0o600 })
  if (who) for (const path of [fresh, place.password]) chownSync(path, who.uid, who.gid)
  const as = who ? { uid: who.uid, gid: who.gid } : {}
  const wishes = [
    '--encoding=UTF8',
    '--locale=C',
    '--auth=scram-sha-256',
    `--username=${superuser}`,
    '--no-instructions',
  ]
  try {
    await promisify(execFile)(join(native, 'bin', 'initdb'), ['-D', fresh, `--pwfile=${place.password}`, ...wishes], {
      ...as,
      cwd: '/',
      env: surroundings,
    })
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
    throw new DatabaseProblem(`the database could not be made in ${place.home}: ${said.trim().replaceAll('\n', ' ')}`)
  }
  renameSync(fresh, place.cluster)
}

/**
 * The superuser's connection url. It names the loopback, and the Unix socket where there is one: `host` in the query wins,
 * and a message over a socket costs both sides about half the processor time of one over the loopback.
 */
export function urlOf(place: Place, server: Pick<Postmaster, 'port' | 'socket'>, database: string): string {
  let password: string
  try {
    password = readFileSync(place.password, 'utf8').trim()
  } catch (error) {
    if (errorCode(error) !== 'EACCES') throw error
    throw new DatabaseProblem(`the database in ${place.home} belongs to another user: start as the user who made it`)
  }
  const socket = server.socket ? `?host=${encodeURIComponent(server.socket)}` : ''
  return `postgres://${superuser}:${encodeURIComponent(password)}@127.0.0.1:${server.port}/${database}${socket}`
}
