import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect, it, test } from 'vitest'
import { BlobCorrupt, BlobMissing, type BlobStore, type StoredBlob } from './blob-store.ts'

export type StoreUnderTest = {
  readonly store: BlobStore
  /** The store of another organisation in the same place. */
  readonly other: BlobStore
  /** Changes one stored byte behind the store's back. */
  readonly damage: (sha256: string) => Promise<void>
  /** Cuts the last bytes off behind the store's back. */
  readonly truncate: (sha256: string) => Promise<void>
}

const CHUNK = 512 * 1024
const ABSENT = createHash('sha256').update('never stored').digest('hex')

/** What every blob store promises. */
export function blobStoreSuite(the: () => StoreUnderTest): void {
  test.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 5_000_001])(
    'gives %i bytes back as they were',
    async (size) => {
      const { store } = the()
      const bytes = randomBytes(size)
      const stored = await store.put(Readable.from(inPieces(bytes)))
      expect(stored).toEqual({ sha256: sha256Of(bytes), size })
      expect((await buffer(await store.get(stored.sha256))).equals(bytes)).toBe(true)
      expect(await store.has(stored.sha256)).toBe(true)
      expect(await store.check(stored.sha256)).toBe('good')
    },
  )

  it('keeps the same bytes once, also when they arrive twice at the same time', async () => {
    const { store } = the()
    const bytes = randomBytes(700_000)
    const all = await Promise.all(Array.from({ length: 5 }, () => store.put(Readable.from(inPieces(bytes)))))
    expect(new Set(all.map((stored) => stored.sha256)).size).toBe(1)
    expect(await listed(store)).toEqual([{ sha256: sha256Of(bytes), size: bytes.length }])
    expect(await store.check(sha256Of(bytes))).toBe('good')
  })

  it('sweeps what is old and of no use, and nothing else', async () => {
    const { store } = the()
    const [wanted, useless] = [await store.put(Readable.from(['wanted'])), await store.put(Readable.from(['useless']))]
    const unused = async (hashes: readonly string[]) => hashes.filter((hash) => hash === useless.sha256)
    expect(await store.sweep(Date.now() - 3_600_000, unused)).toBe(0)
    expect(await store.sweep(Date.now() + 3_600_000, unused)).toBe(1)
    expect(await listed(store)).toEqual([wanted])
    expect(await store.sweep(Date.now() + 3_600_000, unused)).toBe(0)
  })

  it('does not sweep from under a put of the same bytes', async () => {
    const { store } = the()
    const { sha256 } = await store.put(Readable.from(['again']))
    await new Promise((later) => setTimeout(later, 60))
    const before = Date.now()
    const again = async (hashes: readonly string[]) => {
      await new Promise((later) => setTimeout(later, 20))
      if (hashes.includes(sha256)) await store.put(Readable.from(['again']))
      return hashes
    }
    expect(await store.sweep(before, again)).toBe(0)
    expect(await store.check(sha256)).toBe('good')
  })

  it('lists every blob in order of hash', async () => {
    const { store } = the()
    const stored = await Promise.all(
      Array.from({ length: 30 }, (_, n) => store.put(Readable.from([Buffer.alloc(n, n)]))),
    )
    expect(await listed(store)).toEqual(stored.toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1)))
  })

  it('keeps organisations apart', async () => {
    const { store, other } = the()
    const { sha256 } = await store.put(Readable.from([Buffer.from('ours')]))
    expect(await other.has(sha256)).toBe(false)
    await expect(other.get(sha256)).rejects.toThrow(BlobMissing)
    await other.delete(sha256)
    expect(await store.has(sha256)).toBe(true)
    expect(await listed(other)).toEqual([])
  })

  it('forgets what is deleted, and a second delete is quiet', async () => {
    const { store } = the()
    const { sha256 } = await store.put(Readable.from([Buffer.from('erase me')]))
    await store.delete(sha256)
    await store.delete(sha256)
    expect(await store.has(sha256)).toBe(false)
    expect(await store.check(sha256)).toBe('missing')
  })

  it('keeps nothing of an upload that broke off, and passes the reason on', async () => {
    const { store } = the()
    await expect(store.put(Readable.from(breaksOff()))).rejects.toThrow('the caller hung up')
    expect(await listed(store)).toEqual([])
  })

  it('says so when bytes were damaged or cut, in a check and in a download', async () => {
    const { store, damage, truncate } = the()
    for (const harm of [damage, truncate]) {
      const { sha256 } = await store.put(Readable.from([randomBytes(2 * CHUNK)]))
      await harm(sha256)
      expect(await store.check(sha256)).toBe('corrupt')
      await expect(buffer(await store.get(sha256))).rejects.toThrow(BlobCorrupt)
    }
  })

  it('knows nothing of a blob it never saw', async () => {
    const { store } = the()
    expect(await store.has(ABSENT)).toBe(false)
    expect(await store.check(ABSENT)).toBe('missing')
    await expect(store.get(ABSENT)).rejects.toMatchObject({ refusal: { code: 'files.missing', status: 404 } })
  })

  test.each(['', '../../etc/passwd', ABSENT.toUpperCase(), `${ABSENT}/..`, `${ABSENT}\n`])(
    'takes %j for no hash',
    async (name) => {
      const { store } = the()
      await expect(store.get(name)).rejects.toThrow(TypeError)
      await expect(store.has(name)).rejects.toThrow(TypeError)
      await expect(store.delete(name)).rejects.toThrow(TypeError)
    },
  )
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function* inPieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_535) yield bytes.subarray(at, at + 65_535)
}

async function* breaksOff(): AsyncGenerator<Buffer> {
  yield randomBytes(600_000)
  throw new Error('the caller hung up')
}

async function listed(store: BlobStore): Promise<StoredBlob[]> {
  const blobs: StoredBlob[] = []
  for await (const blob of store.list()) blobs.push(blob)
  return blobs
}
