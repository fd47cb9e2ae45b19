import { existsSync } from 'node:fs'
import { mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BlobStoreFull } from './blob-store.ts'
import { blobStoreSuite } from './blob-store-suite.ts'
import { directoryStore, removeLeftovers } from './directory-store.ts'

const orgId = '018f0000-0000-7000-8000-000000000001'
const otherOrg = '018f0000-0000-7000-8000-000000000002'

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'redress-blobs-'))
})
afterEach(() => rm(root, { recursive: true }))

function fileOf(sha256: string): string {
  return join(root, orgId, sha256.slice(0, 2), sha256.slice(2, 4), sha256)
}

async function damage(sha256: string): Promise<void> {
  const bytes = await readFile(fileOf(sha256))
  bytes[1000] = (bytes[1000] ?? 0) ^ 1
  await writeFile(fileOf(sha256), bytes)
}

describe('a directory of blobs', () => {
  blobStoreSuite(() => ({
    store: directoryStore({ root, orgId }),
    other: directoryStore({ root, orgId: otherOrg }),
    damage,
    truncate: (sha256) => truncate(fileOf(sha256), 1000),
  }))

  it('leaves no temporary file and lets nobody else read', async () => {
    const { sha256 } = await directoryStore({ root, orgId }).put(Readable.from([Buffer.from('private')]))
    expect((await stat(fileOf(sha256))).mode & 0o077).toBe(0)
    expect((await everything()).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('mends a corrupt blob when the same bytes are put again', async () => {
    const store = directoryStore({ root, orgId })
    const { sha256 } = await store.put(Readable.from([Buffer.alloc(2000, 7)]))
    await damage(sha256)
    await store.put(Readable.from([Buffer.alloc(2000, 7)]))
    expect(await store.check(sha256)).toBe('good')
  })

  // /dev/full gives the real ENOSPC of the operating system.
  it.skipIf(!existsSync('/dev/full'))('refuses with 507 when the disk is full, and leaves nothing', async () => {
    const store = directoryStore({ root, orgId, openNew: openWithoutRoom })
    const upload = Readable.from([Buffer.alloc(100_000)])
    await expect(store.put(upload)).rejects.toThrow(BlobStoreFull)
    await expect(store.put(Readable.from([Buffer.alloc(1)]))).rejects.toMatchObject({
      refusal: { code: 'files.storage-full', status: 507 },
    })
    expect(upload.destroyed).toBe(true)
    expect(await everything()).toEqual([orgId])
  })

  it('clears away only what a killed process left long ago', async () => {
    const store = directoryStore({ root, orgId })
    const { sha256 } = await store.put(Readable.from([Buffer.from('kept')]))
    await writeFile(join(root, orgId, 'abc.tmp'), 'half')
    const { mtimeMs } = await stat(join(root, orgId, 'abc.tmp'))
    expect(await removeLeftovers(root, orgId, mtimeMs)).toBe(0)
    expect(await removeLeftovers(root, orgId, mtimeMs + 1)).toBe(1)
    expect(await store.has(sha256)).toBe(true)
    expect(await removeLeftovers(root, otherOrg, mtimeMs)).toBe(0)
  })

  it('takes no organisation that is not a uuid', () => {
    expect(() => directoryStore({ root, orgId: '../other' })).toThrow(TypeError)
  })
})

async function openWithoutRoom(path: string) {
  await writeFile(path, '')
  return open('/dev/full', 'w')
}

function everything(): Promise<string[]> {
  return readdir(root, { recursive: true })
}
