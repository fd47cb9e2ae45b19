import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** How many files are in memory at the same moment, whole; the others wait on disk. */
const atOnce = 2
let running = 0
const waiting: (() => void)[] = []

/**
 * Takes a stream to a file only this program can read, and works on its bytes when its turn comes: uploads that trickle in from
 * many sides cost disk, not memory. The file is gone afterwards, whatever happened.
 */
export async function spooled<T>(stream: AsyncIterable<Uint8Array>, work: (bytes: Buffer) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'redress-upload-'))
  const file = join(folder, 'bytes')
  try {
    await pipeline(Readable.from(stream), createWriteStream(file, { mode: 0o600, flags: 'wx' }))
    return await inTurn(async () => work(await readFile(file)))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Runs work that holds a whole file in memory, a few at a time. */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= atOnce) await new Promise<void>((go) => waiting.push(go))
  else running += 1
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
}
