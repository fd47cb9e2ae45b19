import { Worker } from 'node:worker_threads'
import { RefusalError } from '../../kit/pure/result.ts'
import type { CaseFile } from './document.ts'

/** Milliseconds, loading the fonts included: the largest file takes 50 s of an idle core, and a core is rarely idle. */
const timeMs = 180_000
/** Laying out costs some 20 µs a character, as each Chinese one may end a line, and as much as 150 of them for a block. */
const most = 2_500_000
const blockCost = 150
const heapMb = 512
/** Made one after the other: each may take a whole core. */
const mostWaiting = 8

let last: Promise<unknown> = Promise.resolve()
let waiting = 0

/**
 * The file as a PDF. Refuses at once what is too long (the page has no such end), when too many are asked for at once, and
 * when it took too long or too much after all.
 */
export async function pdfBytes(file: CaseFile): Promise<Uint8Array> {
  if (costOf(file) > most)
    throw new RefusalError({ code: 'export.pdf-too-long', status: 422, facts: { entries: file.blocks.length } })
  if (waiting >= mostWaiting)
    throw new RefusalError({ code: 'export.pdf-busy', status: 429, facts: { retryAfter: 10 } })
  waiting += 1
  const mine = last.then(() => inThread(file))
  last = mine.catch(() => undefined)
  try {
    return await mine
  } finally {
    waiting -= 1
  }
}

/** In characters, of everything that is laid out. */
function costOf({ blocks }: CaseFile): number {
  let cost = 0
  const add = (value: unknown): void => {
    if (typeof value === 'string') cost += value.length
    else if (Array.isArray(value)) value.forEach(add)
  }
  for (const block of blocks) {
    cost += blockCost
    Object.values(block).forEach(add)
  }
  return cost
}

function inThread(file: CaseFile): Promise<Uint8Array> {
  const worker = new Worker(new URL('./pdf-worker.ts', import.meta.url), {
    workerData: file,
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 64, stackSizeMb: 8 },
    execArgv: [],
  })
  return new Promise<Uint8Array>((resolve, reject) => {
    const failed = () => reject(new RefusalError({ code: 'export.pdf-failed', status: 503, facts: { retryAfter: 60 } }))
    const timer = setTimeout(failed, timeMs)
    worker.once('message', resolve)
    worker.once('error', failed)
    worker.once('exit', () => {
      clearTimeout(timer)
      failed()
    })
  }).finally(() => worker.terminate())
}
