import { createHash, randomBytes } from 'node:crypto'
import { access, type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { isUuid } from '../pure/uuid.ts'
import { assertSha256, BlobMissing, type BlobStore, healthOf, type StoredBlob, verified } from './blob-store.ts'
import { whenRoom, writeThrough } from './write-through.ts'

const PAGE = 500
/** The clock that dates files goes in steps (4 to 10 ms) and may stand behind the program's by one. */
const TICK_MS = 20

export type DirectoryStoreOptions = {
  /** Holds one folder an organisation: `<root>/<orgId>/ab/cd/<sha256>`. Made when missing. */
  readonly root: string
  readonly orgId: string
  /** How a temporary file is opened; fault tests give one that has no room. */
  readonly openNew?: (path: string) => Promise<FileHandle>
}

/** Blobs as files. Written beside, synced, then renamed into place: there is never half a blob under its hash. */
export function directoryStore({ root, orgId, openNew = createOnly }: DirectoryStoreOptions): BlobStore {
  if (!isUuid(orgId)) throw new TypeError('an organisation id is a UUID')
  const home = join(root, orgId)

  function pathOf(sha256: string): string {
    assertSha256(sha256)
    return join(home, sha256.slice(0, 2), sha256.slice(2, 4), sha256)
  }

  const store: BlobStore = {
    async put(source) {
      await makeDirectory(home)
      const draft = join(home, `${randomBytes(12).toString('hex')}.tmp`)
      try {
        const blob = await writeDraft(source, draft, openNew)
        await moveIntoPlace(draft, pathOf(blob.sha256))
        return blob
      } catch (error) {
        await rm(draft, { force: true })
        throw error
      }
    },

    async get(sha256) {
      const file = await open(pathOf(sha256)).catch(undefinedWhenMissing)
      if (!file) throw new BlobMissing(sha256)
      return Readable.from(verified(file.createReadStream(), sha256), { objectMode: false })
    },

    async has(sha256) {
      const found = await access(pathOf(sha256)).then(() => true, undefinedWhenMissing)
      return found ?? false
    },

    async delete(sha256) {
      await rm(pathOf(sha256), { force: true })
    },

    async sweep(before, unused) {
      await removeLeftovers(root, orgId, before - TICK_MS)
      await bringBack(home)
      let gone = 0
      for await (const page of oldFiles(home, before - TICK_MS)) {
        for (const sha256 of await unused([...page.keys()])) gone += await removeOld(pathOf(sha256), page.get(sha256))
      }
      return gone
    },

    list: () => listFiles(home),

    check: (sha256) => healthOf(store, sha256),
  }
  return store
}

/** Removes what processes killed in the middle of a `put` left behind, if last written before `before` (epoch ms). */
export async function removeLeftovers(root: string, orgId: string, before: number): Promise<number> {
  const home = join(root, orgId)
  let removed = 0
  for (const name of (await namesIn(home)).filter((name) => name.endsWith('.tmp'))) {
    const found = await stat(join(home, name)).catch(undefinedWhenMissing)
    if (!found || found.mtimeMs >= before) continue
    await rm(join(home, name), { force: true })
    removed++
  }
  return removed
}

function createOnly(path: string): Promise<FileHandle> {
  return open(path, 'wx', 0o600)
}

async function writeDraft(
  source: AsyncIterable<Uint8Array>,
  draft: string,
  openNew: (path: string) => Promise<FileHandle>,
): Promise<StoredBlob> {
  const file = await whenRoom(openNew(draft))
  try {
    const blob = await writeThrough(source, file)
    await whenRoom(file.sync())
    return blob
  } finally {
    await file.close()
  }
}

/** Replaces a blob that is already there: the bytes are the same, or better ones than a corrupt file's. */
async function moveIntoPlace(draft: string, path: string): Promise<void> {
  await makeDirectory(dirname(path))
  await whenRoom(rename(draft, path))
  await syncDirectory(dirname(path))
}

/** A new folder is durable only when the folder above it is synced, for each one made. */
async function makeDirectory(path: string): Promise<void> {
  const first = await whenRoom(mkdir(path, { recursive: true, mode: 0o700 }))
  if (first === undefined) return
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made))
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await whenRoom(directory.sync())
  } finally {
    await directory.close()
  }
}

/** Which file stood under a hash, so that another one laid there since is told apart. */
type Seen = { readonly ino: number; readonly mtimeMs: number }

async function seenAt(path: string): Promise<Seen | undefined> {
  return stat(path).catch(undefinedWhenMissing)
}

/**
 * 1 when the file that was seen to be old went. Moved aside first and looked at again: what a put lays there meanwhile is
 * another file, and comes back when it was moved by mistake.
 */
async function removeOld(path: string, old: Seen | undefined): Promise<number> {
  if (!isSame(old, await seenAt(path))) return 0
  const aside = join(dirname(path), `${randomBytes(12).toString('hex')}.old`)
  const moved = await rename(path, aside).then(() => true, undefinedWhenMissing)
  if (!moved) return 0
  const found = await seenAt(aside)
  if (isSame(old, found)) {
    await rm(aside, { force: true })
    return 1
  }
  await putBack(aside, path)
  return 0
}

function isSame(one: Seen | undefined, other: Seen | undefined): boolean {
  return one !== undefined && one.ino === other?.ino && one.mtimeMs === other.mtimeMs
}

/** Files moved aside by a sweep that was killed go back under their hash; bytes that are not their hash's stay where they are. */
async function bringBack(home: string): Promise<void> {
  for await (const folder of foldersOf(home)) {
    for (const name of (await namesIn(folder)).filter((name) => name.endsWith('.old'))) {
      const aside = join(folder, name)
      const sha256 = await hashOf(aside)
      if (sha256 && join(home, sha256.slice(0, 2), sha256.slice(2, 4)) === folder)
        await putBack(aside, join(folder, sha256))
    }
  }
}

/** A file that stands there by now is as good or better. */
async function putBack(aside: string, path: string): Promise<void> {
  if (await seenAt(path)) return rm(aside, { force: true })
  await rename(aside, path).catch(undefinedWhenMissing)
  await syncDirectory(dirname(path))
}

async function hashOf(path: string): Promise<string | undefined> {
  const file = await open(path).catch(undefinedWhenMissing)
  if (!file) return undefined
  const hash = createHash('sha256')
  for await (const bytes of file.createReadStream()) hash.update(bytes)
  return hash.digest('hex')
}

async function* oldFiles(home: string, before: number): AsyncGenerator<Map<string, Seen>> {
  let page = new Map<string, Seen>()
  for await (const { sha256 } of listFiles(home)) {
    const found = await seenAt(join(home, sha256.slice(0, 2), sha256.slice(2, 4), sha256))
    if (found && found.mtimeMs < before) page.set(sha256, found)
    if (page.size < PAGE) continue
    yield page
    page = new Map()
  }
  if (page.size > 0) yield page
}

async function* listFiles(home: string): AsyncGenerator<StoredBlob> {
  for await (const folder of foldersOf(home)) {
    for (const sha256 of (await namesIn(folder)).filter(isHash)) {
      const found = await stat(join(folder, sha256)).catch(undefinedWhenMissing)
      if (found) yield { sha256, size: found.size }
    }
  }
}

/** The folders that hold files, in order of their hashes. */
async function* foldersOf(home: string): AsyncGenerator<string> {
  for (const first of (await namesIn(home)).filter(isPrefix)) {
    for (const second of (await namesIn(join(home, first))).filter(isPrefix)) yield join(home, first, second)
  }
}

function isHash(name: string): boolean {
  return /^[0-9a-f]{64}$/.test(name)
}

function isPrefix(name: string): boolean {
  return /^[0-9a-f]{2}$/.test(name)
}

async function namesIn(path: string): Promise<string[]> {
  return ((await readdir(path).catch(undefinedWhenMissing)) ?? []).sort()
}

function undefinedWhenMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
