import { Worker } from 'node:worker_threads'
import type { Services } from '../kit/services.ts'
import type { Counts } from './batch.ts'
import type { PassedOver } from './findable.ts'
import type { Progress } from './run.ts'
import type { ThreadJob, ThreadSaid } from './thread.ts'

export type ThreadApp = Pick<Services, 'subkey' | 'wake'> & { readonly databaseUrl: string }
export type Running = { readonly ended: Promise<(Counts & { done: number }) | null>; stop(): void }

/** The keys rows are written with: of receipt codes, which the answer to an open one leads back to. */
const purposes = ['portal-receipt', 'receipt-hash']

/**
 * Runs an import in a thread of its own, with room for the rows of a batch to be young in: kept in the small one of the program
 * half of the time went into moving them.
 */
export function startImport(
  app: ThreadApp,
  given: Pick<ThreadJob, 'org' | 'run' | 'files'> & { path: string },
  told: (progress: Progress) => void = () => undefined,
): Running {
  const keys = Object.fromEntries(purposes.map((purpose) => [purpose, new Uint8Array(app.subkey(purpose))]))
  return start(app, { ...given, url: app.databaseUrl, keys }, (said) => {
    if ('progress' in said) told(said.progress)
  })
}

/** Makes what came in by a run findable, in a thread of its own. `told`: how many rows are left; `note`: which are passed over. Nothing when somebody else does it. */
export function startFinding(
  app: ThreadApp,
  given: { org: string; run: string },
  told: (left: number) => void = () => undefined,
  note: (one: PassedOver) => void = () => undefined,
): { readonly ended: Promise<void>; stop(): void } {
  const { ended, stop } = start(app, { ...given, path: null, url: app.databaseUrl, keys: {} }, (said) => {
    if ('left' in said) told(said.left)
    else if ('passedOver' in said) note(said.passedOver)
  })
  return { ended: ended.then(() => undefined), stop }
}

function start(app: ThreadApp, workerData: ThreadJob, told: (said: ThreadSaid) => void): Running {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxYoungGenerationSizeMb: 96, maxOldGenerationSizeMb: 1024 },
  })
  const ended = new Promise<(Counts & { done: number }) | null>((resolve, reject) => {
    let result: (Counts & { done: number }) | null = null
    worker.on('message', (said: ThreadSaid) => {
      if ('wake' in said) app.wake(said.wake)
      else if ('ended' in said) result = said.ended
      else told(said)
    })
    worker.once('error', reject)
    worker.once('exit', (code) => (code === 0 ? resolve(result) : reject(new Error(`the import ended with ${code}`))))
  })
  ended.catch(() => undefined)
  return { ended, stop: () => worker.postMessage('stop') }
}
