import { sql } from 'kysely'
import type { Database } from '../kit/db/database.ts'

/** What has become of all mail there was: `received` is the sum of the others. */
export type MailCounts = {
  readonly received: number
  readonly new: number
  readonly threaded: number
  readonly parked: number
  readonly rejected: number
  readonly waiting: number
  /** How the threaded ones belong: message, note, side_note, bounce. */
  readonly as: Readonly<Record<string, number>>
  /** Why others were set aside, by state and code. */
  readonly reasons: Readonly<Record<string, Readonly<Record<string, number>>>>
}

type Row = { state: string; became: string | null; reason: string | null; items: number; again: number }

type Which = {
  readonly org?: string | undefined
  /** Kept since then, in epoch ms. */
  readonly since?: number | undefined
  /** These only, and how often one of them was delivered again. */
  readonly items?: readonly string[]
  readonly again?: number
}

/** Counts of the whole installation, or of some of its mails. */
export async function countMail(systemDb: Database, { org, since, items, again }: Which = {}): Promise<MailCounts> {
  const rows = await systemDb.withoutScope((tx) =>
    tx.rows<Row>(
      sql`select i.state, m.became, case when i.state in ('parked', 'rejected') then i.reason end as reason, count(*)::int as items, sum(m.deliveries - 1)::int as again
          from organisation o join inbound_mail m on m.org_id = o.org_id join inbound_item i on i.org_id = m.org_id and i.id = m.item_id
          where ${org === undefined ? sql`true` : sql`o.org_id = ${org}`} and ${since === undefined ? sql`true` : sql`m.received_at >= ${new Date(since)}`}
            and ${items === undefined ? sql`true` : sql`m.item_id = any (${[...items]}::uuid[])`}
          group by 1, 2, 3`,
    ),
  )
  return summed(rows, again ?? rows.reduce((sum, r) => sum + r.again, 0))
}

function summed(rows: readonly Row[], again: number): MailCounts {
  const of = (state: string) => rows.filter((r) => r.state === state).reduce((sum, r) => sum + r.items, 0)
  const reasons: Record<string, Record<string, number>> = {}
  const note = (state: string, reason: string, n: number) => {
    const under = (reasons[state] ??= {})
    under[reason] = (under[reason] ?? 0) + n
  }
  for (const r of rows) if (r.reason !== null) note(r.state, r.reason, r.items)
  if (again > 0) note('rejected', 'mail.delivered-again', again)
  const as: Record<string, number> = {}
  for (const r of rows) if (r.state === 'threaded' && r.became !== null) as[r.became] = (as[r.became] ?? 0) + r.items
  const counts = {
    new: of('recorded'),
    threaded: of('threaded'),
    parked: of('parked'),
    rejected: of('rejected') + again,
    waiting: of('waiting'),
  }
  return { received: Object.values(counts).reduce((a, b) => a + b, 0), ...counts, as, reasons }
}
