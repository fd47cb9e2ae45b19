import { randomUUID } from 'node:crypto'
import type { Database } from '../../kit/db/database.ts'
import { type FetchApp, type Pace, runFetcher, usualPace } from './fetcher.ts'
import { type Leased, lease, releaseLeases } from './lease.ts'
import { openTurns } from './turns.ts'

export type Fetching = { stop(): Promise<void> }

/** So often a process says that it still fetches, and finds what was set up; without a word it is taken for dead. */
const tickMs = 5_000
const leaseSeconds = 30
/** Each holds the bytes of a batch in memory. */
const atOnce = 3

type Running = { readonly leased: Leased; stop(): Promise<void> }

/**
 * Fetches all mailboxes that no other process has in hand, one connection each, as they are set up at the moment. A process that
 * dies loses its mailboxes to others within half a minute.
 */
export function startFetching(
  app: FetchApp & { readonly systemDb: Database },
  { pace = usualPace, everyMs = tickMs }: { readonly pace?: Pace; readonly everyMs?: number } = {},
): Fetching {
  const owner = randomUUID()
  const turns = openTurns(atOnce)
  const running = new Map<string, Running>()
  let stopped = false
  let heldUntil = 0
  const mine = () => performance.now() < heldUntil
  const begin = (leased: Leased) => {
    running.set(leased.mailboxId, { leased, ...runFetcher(app, leased, { turns, pace, mine }) })
  }
  const tick = async () => {
    const asked = performance.now()
    const leased = await lease(app.systemDb, owner, leaseSeconds)
    heldUntil = asked + leaseSeconds * 1_000
    const now = new Map(leased.map((l) => [l.mailboxId, l]))
    for (const [id, at] of running) {
      if (now.get(id)?.version === at.leased.version) continue
      running.delete(id)
      await at.stop()
    }
    if (stopped) return
    for (const [id, l] of now) if (!running.has(id)) begin(l)
  }
  let timer: NodeJS.Timeout | undefined
  let under = Promise.resolve()
  const again = () => {
    under = tick()
      .catch(async (error: unknown) => {
        app.log.warn({ err: error }, 'the mailboxes to fetch cannot be read')
        if (!mine()) await stopAll(running)
      })
      .then(() => {
        if (!stopped) timer = setTimeout(again, everyMs)
      })
  }
  again()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await under
      await stopAll(running)
      await releaseLeases(app.systemDb, owner).catch(() => undefined)
    },
  }
}

async function stopAll(running: Map<string, Running>): Promise<void> {
  const all = [...running.values()]
  running.clear()
  await Promise.all(all.map((at) => at.stop()))
}
