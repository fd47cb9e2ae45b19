import { sql } from 'kysely'
import { calendarVersion } from '../clocks/index.ts'
import type { CompiledCalendar } from '../clocks/domain/index.ts'
import type { Tx } from '../kit/db/database.ts'
import type { CalendarOf } from './check-due.ts'
import { isOfData } from './guarded.ts'

/** All calendars of an organisation in all versions, compiled. */
export async function allCalendars(tx: Tx, org: string): Promise<CalendarOf> {
  const refs = await tx.rows<{ key: string; version: number }>(
    sql`select key, version from calendar where org_id = ${org}`,
  )
  const byRef = new Map<string, CompiledCalendar>()
  for (const ref of refs) {
    const compiled = await compiledOr(tx, org, ref)
    if (compiled) byRef.set(`${ref.key} ${ref.version}`, compiled)
  }
  return (key, version) => byRef.get(`${key} ${version}`)
}

/** One that cannot be compiled is as good as none: the dates that stand on it are told. A failure of SQL is not caught: it ends the transaction. */
async function compiledOr(tx: Tx, org: string, ref: { key: string; version: number }) {
  try {
    return await calendarVersion(tx, org, ref)
  } catch (error) {
    if (!isOfData(error) || 'code' in (error as object)) throw error
    return undefined
  }
}
