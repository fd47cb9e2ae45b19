import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../kit/db/database.ts'
import { type StaffActor, visibleSql } from '../people/index.ts'
import type { listNotices } from './contract.ts'
import type { NoticeKind } from './domain/index.ts'

type Reply = z.input<typeof listNotices.reply>
type Row = {
  complaint_id: string
  number: string
  title: string
  at: number
  unread: boolean
  what: { kind: NoticeKind; at: number; by: string | null; unread: boolean }[]
  unread_all: number
}

/** How far back one reads, in news and in complaints. */
const mostNews = 500
const mostGroups = 40

// Visibility is asked now, not when it was written: what one may no longer see is neither shown nor counted.
const groups = (org: string, staff: string) => sql`
  select n.complaint_id, c.number, t.title, max(n.at) as at, bool_or(n.read_at is null) as unread,
    jsonb_agg(jsonb_build_object('kind', n.kind, 'at', floor(extract(epoch from n.at) * 1000), 'by', s.name, 'unread', n.read_at is null) order by n.at desc, n.kind) as what,
    (sum(bool_or(n.read_at is null)::int) over ())::int as unread_all
  from (select * from notice where org_id = ${org} and staff_id = ${staff} order by at desc limit ${mostNews}) n
  join complaint c on c.org_id = n.org_id and c.id = n.complaint_id
  join complaint_text t on t.org_id = c.org_id and t.complaint_id = c.id
  left join staff s on s.org_id = n.org_id and s.id = n.by_staff
  where ${sql.raw(visibleSql('c'))}
  group by n.complaint_id, c.number, t.title`

/** What is new for this person, by complaint. */
export async function noticesFor(tx: Tx, { org, staffId }: StaffActor): Promise<Reply> {
  if (!staffId) return { unread: 0, items: [] }
  const rows = await tx.rows<Row>(
    sql`${groups(org.id, staffId)} order by bool_or(n.read_at is null) desc, max(n.at) desc limit ${mostGroups}`,
  )
  const items = rows.map((r) => ({
    complaintId: r.complaint_id,
    number: r.number,
    title: r.title,
    at: new Date(r.at).toISOString(),
    unread: r.unread,
    what: r.what.slice(0, 20).map((w) => ({ ...w, at: new Date(w.at).toISOString() })),
  }))
  return { unread: rows[0]?.unread_all ?? 0, items }
}

type Mark = { readonly complaintId: string | null; readonly read: boolean; readonly until?: string | undefined }

/** Marks news of one complaint, or all. To be unread again it is the newest alone that comes back. */
export async function markNoticesOf(tx: Tx, { org, staffId }: StaffActor, mark: Mark, now: number): Promise<void> {
  const { complaintId, read, until } = mark
  if (!staffId) return
  const mine = sql`org_id = ${org.id} and staff_id = ${staffId}
    and (${complaintId}::uuid is null or complaint_id = ${complaintId}::uuid) and at <= ${until ?? new Date(now)}::timestamptz`
  await tx.run(
    read
      ? sql`update notice set read_at = ${new Date(now)} where ${mine} and read_at is null`
      : sql`update notice n set read_at = null from (select distinct on (complaint_id) * from notice where ${mine} order by complaint_id, at desc) last
          where n.org_id = last.org_id and n.staff_id = last.staff_id and n.complaint_id = last.complaint_id and n.kind = last.kind and n.ref = last.ref`,
  )
}
