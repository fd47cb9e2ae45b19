import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { BlobStoreFull, type StoredBlob } from './blob-store.ts'

const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** Writes the source to the file as it comes and gives its hash and size; nothing is synced. BlobStoreFull when there is no room. */
export async function writeThrough(source: AsyncIterable<Uint8Array>, file: FileHandle): Promise<StoredBlob> {
  const hash = createHash('sha256')
  let size = 0
  for await (const bytes of source) {
    hash.update(bytes)
    await writeAll(file, bytes)
    size += bytes.length
  }
  return { sha256: hash.digest('hex'), size }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let written = 0
  while (written < bytes.length) {
    written += (await whenRoom(file.write(bytes, written))).bytesWritten
  }
}

/** Passes the result on, and turns "no space left" of the file system into BlobStoreFull. */
export function whenRoom<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: NodeJS.ErrnoException) => {
    throw error.code !== undefined && NO_ROOM.has(error.code) ? new BlobStoreFull(error) : error
  })
}
