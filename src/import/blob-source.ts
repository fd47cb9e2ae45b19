import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { BlobStore } from '../kit/blobs/blob-store.ts'
import type { Source } from './read/index.ts'
import type { RunRow } from './runs.ts'

/** The file of a run as it lies in the blob store. */
export function blobSource(
  blobs: BlobStore,
  { blob, fileName }: Pick<RunRow, 'blob' | 'fileName'>,
  size: number,
): Source {
  const sha = blob ?? ''
  return { name: fileName, size, open: () => blobs.get(sha) }
}

/** The file of a run on disk for as long as `work` takes, for the thread that reads it. */
export async function onDisk<T>(
  blobs: BlobStore,
  run: Pick<RunRow, 'blob' | 'fileName'>,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'redress-import-'))
  const path = join(folder, 'file')
  try {
    await pipeline(await blobs.get(run.blob ?? ''), createWriteStream(path, { mode: 0o600, flags: 'wx' }))
    return await work(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
