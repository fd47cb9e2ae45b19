import { existsSync } from 'node:fs'
import { mkdtemp, open, readdir, readFile, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
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

  it('brings back what a sweep had moved aside when it was killed', async () => {
    const store = directoryStore({ root, orgId })
    const put = (text: string) => store.put(Readable.from([Buffer.from(text)]))
    const [lost, again, damaged] = [await put('lost'), await put('put again since'), await put('damaged')]
    for (const { sha256 } of [lost, again, damaged]) await rename(fileOf(sha256), `${fileOf(sha256)}.old`)
    await put('put again since')
    await writeFile(`${fileOf(damaged.sha256)}.old`, 'other bytes')
    await store.sweep(0, async () => [])
    expect([await store.check(lost.sha256), await store.check(again.sha256)]).toEqual(['good', 'good'])
    expect(await store.has(damaged.sha256)).toBe(false)
    expect((await everything()).filter((name) => name.endsWith('.old'))).toHaveLength(1)
  })

  it('keeps bytes that are put while sweeps run, though the clock of files lags behind', async () => {
    const store = directoryStore({ root, orgId })
    const missing: string[] = []
    for (let i = 0; i < 60; i++) {
      const put = () => store.put(Readable.from([Buffer.from(`again ${i}`)]))
      const { sha256 } = await put()
      await utimes(fileOf(sha256), 1, 1)
      const before = Date.now()
      const sweep = () => store.sweep(before, async (hashes) => hashes)
      await Promise.all([put(), sweep(), sweep()])
      if ((await store.check(sha256)) !== 'good') missing.push(sha256)
    }
    expect(missing).toEqual([])
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
