import { sql } from 'kysely'
import type { z } from 'zod'
import type { CalendarDefinition } from '../clocks/domain/index.ts'
import type { Labels } from '../kit/contract/shapes.ts'
import type { Tx } from '../kit/db/database.ts'
import type { listCalendars } from './contract.ts'

type Reply = z.input<typeof listCalendars.reply>
type Row = { definition: CalendarDefinition; places: Labels[]; teams: Labels[] }

/** The newest version of each calendar, and who counts by it. `zone` says which year it is. */
export async function readCalendars(tx: Tx, org: string, zone: string, now: number): Promise<Reply> {
  const rows = await tx.rows<Row>(
    sql`select distinct on (c.key) c.definition,
        (select coalesce(jsonb_agg(p.name order by p.position, p.code), '[]') from place p where p.org_id = ${org} and p.calendar_key = c.key and p.retired_at is null) as places,
        (select coalesce(jsonb_agg(t.name order by t.key), '[]') from team t where t.org_id = ${org} and t.calendar_key = c.key and t.retired_at is null) as teams
      from calendar c where c.org_id = ${org} order by c.key, c.version desc`,
  )
  return {
    year: Number(new Intl.DateTimeFormat('en', { timeZone: zone, year: 'numeric' }).format(now)),
    items: rows.map(({ definition: d, places, teams }) => ({
      key: d.key,
      version: d.version,
      zone: d.zone,
      keepsHolidays: d.noHolidays !== true,
      years: [...d.holidayYears],
      holidays: [...d.holidays],
      workdays: [...d.workdays],
      week: Object.fromEntries(Object.entries(d.week).map(([day, windows]) => [day, windows.map((w) => [...w])])),
      places,
      teams,
    })),
  }
}
