import { sql } from 'kysely'
import type { Database } from '../kit/db/database.ts'

/** While more than this waits to be done by the worker, mails and dates go first. */
const queueBehind = 200
const pauseMs = 500

/** Looks every second whether the worker is behind, and waits while it is; at most a minute at a time. */
export function openPace(systemDb: Database): () => Promise<void> {
  let looked = performance.now()
  return async () => {
    if (performance.now() - looked < 1000) return
    looked = performance.now()
    for (let i = 0; i < 120; i += 1) {
      if ((await waitingJobs(systemDb)) <= queueBehind) return
      await new Promise((go) => setTimeout(go, pauseMs))
    }
  }
}

async function waitingJobs(systemDb: Database): Promise<number> {
  const row = await systemDb.withoutScope((tx) =>
    tx.first<{ n: number }>(sql`select waiting::int as n from job_measures()`),
  )
  return row?.n ?? 0
}
