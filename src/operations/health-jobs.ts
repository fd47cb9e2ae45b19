import { sql } from 'kysely'
import type { Database } from '../kit/db/database.ts'
import type { Schedule, Tasks } from '../kit/jobs/worker.ts'

export const ranKey = (task: string) => `last-run:${task}`

/** The tasks that run by the clock, each noting when it last came to its end; one that throws leaves the note of before. */
export function noting(
  { systemDb, now }: { readonly systemDb: Database; readonly now: () => number },
  tasks: Tasks,
  schedules: readonly Schedule[],
): Tasks {
  const scheduled = new Set(schedules.map((s) => s.task))
  const noted = Object.entries(tasks).map(([name, task]): [string, Tasks[string]] => {
    if (!scheduled.has(name)) return [name, task]
    return [
      name,
      async (payload) => {
        await task(payload)
        const at = JSON.stringify({ at: new Date(now()).toISOString() })
        await systemDb.withoutScope((tx) =>
          tx.run(
            sql`insert into meta.setting (key, value) values (${ranKey(name)}, ${at}::jsonb) on conflict (key) do update set value = excluded.value`,
          ),
        )
      },
    ]
  })
  return Object.fromEntries(noted)
}

const minute = 60_000

/** After how long without a run a job is late, and missing: from how often it should run. Its cron speaks of minutes, hours or days. */
export function patience(cron: string): { warn: number; bad: number } {
  const [minutes = '*', hours = '*'] = cron.split(' ')
  if (hours !== '*') return { warn: 26 * 60 * minute, bad: 50 * 60 * minute }
  if (minutes === '*' || minutes.startsWith('*/')) return { warn: 12 * minute, bad: 30 * minute }
  return { warn: 130 * minute, bad: 6 * 60 * minute }
}
