import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseProblem } from './problem.ts'

/** Whom PostgreSQL runs as when the program itself is root, which PostgreSQL refuses to be. */
export type Identity = { readonly uid: number; readonly gid: number; readonly name: string }

/**
 * The identity to start PostgreSQL with; null when the program is not root and simply starts it as itself.
 * An existing cluster keeps its owner, so that installing a `postgres` user later changes nothing.
 */
export function identityFor(cluster: string): Identity | null {
  const people = passwd()
  if (process.getuid?.() !== 0) {
    mustBeKnown(people)
    return null
  }
  const owner = statSync(cluster, { throwIfNoEntry: false })?.uid
  const chosen =
    owner === undefined
      ? ['postgres', 'nobody'].map((name) => people.find((one) => one.name === name)).find(Boolean)
      : people.find((one) => one.uid === owner)
  if (!chosen || chosen.uid === 0) {
    throw new DatabaseProblem(
      owner === undefined
        ? 'PostgreSQL does not run as root, and /etc/passwd names neither postgres nor nobody: start as another user or set DATABASE_URL'
        : `PostgreSQL cannot run as the owner of ${cluster} (user id ${owner}): give the folder to postgres or nobody`,
    )
  }
  return chosen
}

/** Whether `who` may pass through every existing folder from the root down to `path`. */
export function reachable(path: string, who: Identity): boolean {
  const parent = dirname(path)
  if (parent !== path && !reachable(parent, who)) return false
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat?.isDirectory()) return true
  const bit = stat.uid === who.uid ? 0o100 : stat.gid === who.gid ? 0o010 : 0o001
  return (stat.mode & bit) !== 0
}

function mustBeKnown(people: Identity[]): void {
  const uid = process.getuid?.()
  // macOS keeps its people elsewhere; there every user that can log in is known.
  if (process.platform !== 'linux' || people.length === 0 || people.some((one) => one.uid === uid)) return
  throw new DatabaseProblem(
    `PostgreSQL needs user id ${uid} to have a line in /etc/passwd: add one or set DATABASE_URL`,
  )
}

function passwd(): Identity[] {
  let text: string
  try {
    text = readFileSync('/etc/passwd', 'utf8')
  } catch {
    return []
  }
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':')
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : []
  })
}
