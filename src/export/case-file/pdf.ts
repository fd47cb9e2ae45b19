import { Worker } from 'node:worker_threads'
import { RefusalError } from '../../kit/pure/result.ts'
import type { CaseFile } from './document.ts'

/** Milliseconds, loading the fonts included. */
const timeMs = 60_000
const heapMb = 512
/** Made one after the other: each may take a whole core. */
const mostWaiting = 8

let last: Promise<unknown> = Promise.resolve()
let waiting = 0

/** The file as a PDF. Refuses when too many are asked for at once, or when it took too long or too much. */
export async function pdfBytes(file: CaseFile): Promise<Uint8Array> {
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
