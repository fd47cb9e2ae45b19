import { sql } from 'kysely'
import { type Locale, locale as known } from '../kit/contract/shapes.ts'
import type { Tx } from '../kit/db/database.ts'
import { deadlineText } from './dates.ts'
import { publicClocks } from './public-clocks.ts'

/** An answer first, then news; what else is promised says nothing of when they hear from us. */
const kinds = ['first_reply', 'next_update', 'news', 'promise']

/** By when they hear from us at the latest, as it is said to the public, in words of their language; '' where nothing is promised. */
export async function promisedDate(tx: Tx, org: string, id: string, locale: string, now: number): Promise<string> {
  const clocks = (await publicClocks(tx, org, id, now)).filter((c) => c.dueAt > now)
  const clock = kinds.map((kind) => clocks.find((c) => c.kind === kind)).find((c) => c !== undefined)
  if (!clock) return ''
  const row = await tx.first<{ zone: string }>(
    sql`select coalesce(p.zone, o.zone) as zone from complaint c join organisation o on o.org_id = c.org_id
        left join place p on p.org_id = c.org_id and p.id = c.place_id where c.org_id = ${org} and c.id = ${id}`,
  )
  const language: Locale = known.safeParse(locale).data ?? 'en'
  return deadlineText(clock.dueAt, row?.zone ?? 'UTC', language)
}
