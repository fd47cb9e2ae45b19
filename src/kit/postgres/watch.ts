import type { Place } from './place.ts'
import { livingPostmaster } from './postmaster.ts'

/** How soon a dead server is noticed, ms. */
const interval = 500

/** Looks after a running server and calls `restart` when it is gone, until ended. */
export function watchOver(
  place: Place,
  log: (line: string) => void,
  restart: () => Promise<void>,
): { end(): Promise<void> } {
  let busy: Promise<void> | null = null
  const look = async () => {
    if (livingPostmaster(place)) return
    log('PostgreSQL is gone: starting it again')
    await restart()
    log('PostgreSQL runs again')
  }
  const timer = setInterval(() => {
    busy ??= look()
      .catch((error: unknown) => log(error instanceof Error ? error.message : String(error)))
      .finally(() => {
        busy = null
      })
  }, interval).unref()
  return {
    end: async () => {
      clearInterval(timer)
      await busy
    },
  }
}
