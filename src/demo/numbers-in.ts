import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import type { Services } from '../kit/services.ts'

/**
 * Complaint numbers of an organisation that only this transaction knows yet; blocks are reserved in another one, which does
 * not see it. `save` leaves the next number behind for those blocks.
 */
export function numbersIn(tx: Tx): Services['numbers'] & { save(): Promise<void> } {
  const last = new Map<string, { org: string; year: number; n: number }>()
  return {
    async next(org, year) {
      const n = (last.get(`${org}/${year}`)?.n ?? 0) + 1
      last.set(`${org}/${year}`, { org, year, n })
      return `R-${year}-${String(n).padStart(6, '0')}`
    },
    async save() {
      for (const { org, year, n } of last.values())
        await tx.run(sql`insert into number_block (org_id, year, next) values (${org}, ${year}, ${n + 1})`)
    },
  }
}
