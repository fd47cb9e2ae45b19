import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { identityFor, reachable, type Identity } from './identity.ts'
import { DatabaseProblem } from './problem.ts'

/** Where one embedded server keeps its things. `home` is the asked folder, or a system folder when that one is closed. */
export type Place = {
  readonly home: string
  readonly cluster: string
  readonly password: string
  readonly startLog: string
  readonly startLock: string
  readonly usersLock: string
}

type Pointer = { home: string; from: string }

/** The place of an already made server, or null when there is none. Makes nothing. */
export function findPlace(dataDir: string): Place | null {
  const asked = realFolder(dataDir)
  const pointer = readPointer(asked)
  const place = placeAt(pointer ? pointer.home : asked)
  return existsSync(place.cluster) ? place : null
}

/** The place of the server of `dataDir`, its folders made. Decided once; a pointer in `dataDir` remembers a system folder. */
export function settlePlace(dataDir: string, log: (line: string) => void): Place {
  const asked = realFolder(dataDir)
  makeFolder(asked)
  const pointer = readPointer(asked)
  if (pointer) return placeAt(followed(asked, pointer))
  const place = placeAt(asked)
  if (existsSync(place.cluster)) return place
  const who = identityFor(place.cluster)
  if (!who || reachable(asked, who)) return place
  const home = systemFolder(asked, who)
  writePointer(asked, { home, from: asked })
  log(`${asked} is closed to the user ${who.name}, whom PostgreSQL runs as: the database is kept in ${home}`)
  return placeAt(home)
}

function placeAt(home: string): Place {
  const at = (name: string) => join(home, name)
  return {
    home,
    cluster: at('cluster'),
    password: at('password'),
    startLog: at('start.log'),
    startLock: at('start.lock'),
    usersLock: at('users.lock'),
  }
}

/** The folder with every symbolic link resolved, also when its last parts do not exist yet. */
function realFolder(path: string): string {
  const absolute = resolve(path)
  if (existsSync(absolute)) return realpathSync(absolute)
  return join(realFolder(dirname(absolute)), basename(absolute))
}

/** Makes missing folders passable for the identity PostgreSQL runs as, whatever the umask. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path)
  chmodSync(path, process.getuid?.() === 0 ? 0o711 : 0o700)
}

function systemFolder(asked: string, who: Identity): string {
  const name = `redress-${createHash('sha256').update(asked).digest('hex').slice(0, 12)}`
  for (const parent of ['/var/lib', '/var/tmp', tmpdir(), '/tmp']) {
    if (!existsSync(parent) || !reachable(realpathSync(parent), who)) continue
    const own =
      claim(join(realpathSync(parent), name)) ?? claim(join(parent, `${name}-${randomBytes(4).toString('hex')}`))
    if (own) return own
  }
  throw new DatabaseProblem(
    `${asked} is closed to the user ${who.name} and no system folder can be used: set REDRESS_DATA`,
  )
}

/** Makes or reuses a folder of ours; null where it cannot be made or where it is somebody else's. */
function claim(path: string): string | null {
  try {
    mkdirSync(path, { recursive: true })
    if (statSync(path).uid !== process.getuid?.()) return null
    chmodSync(path, 0o711)
    return path
  } catch {
    return null
  }
}

const pointerOf = (asked: string) => join(asked, 'elsewhere.json')

function readPointer(asked: string): Pointer | null {
  const file = pointerOf(asked)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Pointer) : null
}

function writePointer(asked: string, pointer: Pointer): void {
  writeFileSync(pointerOf(asked), JSON.stringify(pointer))
}

/** A moved folder keeps its database; a copied one must not share the database of the one it was copied from. */
function followed(asked: string, pointer: Pointer): string {
  if (pointer.from !== asked && readPointer(pointer.from)?.home === pointer.home) {
    throw new DatabaseProblem(
      `${asked} is a copy of ${pointer.from}, whose database is in ${pointer.home}: remove ${pointerOf(asked)} to begin an empty one`,
    )
  }
  if (pointer.from !== asked) writePointer(asked, { home: pointer.home, from: asked })
  if (!existsSync(pointer.home)) {
    throw new DatabaseProblem(`${pointerOf(asked)} says the database is in ${pointer.home}, which does not exist`)
  }
  return pointer.home
}
