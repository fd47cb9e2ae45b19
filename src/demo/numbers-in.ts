import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import type { Moment } from './timeline.ts'

const yearOf = new Intl.DateTimeFormat('en', { timeZone: 'Asia/Taipei', year: 'numeric' })

/** The year of a number is that of whoever records it; the lanes of one demo count together, in order of time. */
export type Numbers = {
  /** The number of a complaint, by its key. */
  of(key: string): string
  /** Leaves the next numbers behind for whoever comes. */
  save(tx: Tx, org: string): Promise<void>
}

/** Complaint numbers for all that is recorded in these moments, in order of time. */
export function numbersFor(moments: readonly Moment[]): Numbers {
  const last = new Map<number, number>()
  const numbers = new Map<string, string>()
  for (const { what, complaint, at } of moments) {
    if (what !== 'record') continue
    const year = Number(yearOf.format(at))
    const n = (last.get(year) ?? 0) + 1
    last.set(year, n)
    numbers.set(complaint.key, `R-${year}-${String(n).padStart(6, '0')}`)
  }
  return {
    of: (key) => numbers.get(key) ?? '',
    async save(tx, org) {
      for (const [year, n] of last)
        await tx.run(sql`insert into number_block (org_id, year, next) values (${org}, ${year}, ${n + 1})`)
    },
  }
}
