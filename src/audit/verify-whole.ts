import { sql } from 'kysely'
import type { Database } from '../kit/db/database.ts'
import type { Finding } from './finding.ts'
import { guardedAsync } from './guarded.ts'

type Row = Pick<Finding, 'complaint' | 'what'>

type Check = (org: string, one: string | undefined, now: number) => ReturnType<typeof sql<Row>>

/** Checks that can be made of one complaint (`one`) as well as of all. */
const ofComplaints: Readonly<Record<string, Check>> = {
  'audit.number-twice': (org, one) => sql`select number as complaint, count(*) || ' times' as what from complaint
    where org_id = ${org} and ${sharing('number', org, one)} group by number having count(*) > 1`,
  'audit.reference-twice': (org, one) => sql`select min(number) as complaint, public_ref as what from complaint
    where org_id = ${org} and ${sharing('public_ref', org, one)} group by public_ref having count(*) > 1`,
  'audit.nobody-answers': (
    org,
    one,
  ) => sql`select c.number as complaint, 'neither owner nor team' as what from complaint c where c.org_id = ${org} and ${only('c.id', one)}
    and not exists (select from team t where t.org_id = c.org_id and t.id = c.team_id)
    and (c.owner_id is null or not exists (select from staff s where s.org_id = c.org_id and s.id = c.owner_id))`,
  'audit.stream-wrong': (
    org,
    one,
  ) => sql`select coalesce(c.number, s.complaint_id::text) as complaint, 'version ' || s.version as what from stream s
    left join complaint c on c.org_id = s.org_id and c.id = s.complaint_id
    where s.org_id = ${org} and ${only('s.complaint_id', one)} and (c.id is null or s.version > c.version or s.version < 1)`,
}

const only = (column: string, one: string | undefined) =>
  one === undefined ? sql`true` : sql`${sql.ref(column)} = ${one}`
const sharing = (column: string, org: string, one: string | undefined) =>
  one === undefined
    ? sql`true`
    : sql`${sql.ref(column)} = (select ${sql.ref(`x.${column}`)} from complaint x where x.org_id = ${org} and x.id = ${one})`

const day = 86_400_000

/** Checks of an organisation as a whole, each one statement that gives what is wrong. */
const ofAll: Readonly<Record<string, Check>> = {
  'audit.number-block-behind': (
    org,
  ) => sql`select max(c.number) as complaint, 'year ' || b.year as what from number_block b
    join complaint c on c.org_id = b.org_id and c.number ~ ('^R-' || b.year || '-[0-9]{1,15}$') where b.org_id = ${org}
    group by b.year, b.next having max(split_part(c.number, '-', 3)::bigint) >= b.next`,
  'audit.orphan': (
    org,
  ) => sql`select null as complaint, 'inbound item ' || i.id as what from inbound_item i where i.org_id = ${org}
      and i.complaint_id is not null and not exists (select from complaint c where c.org_id = i.org_id and c.id = i.complaint_id)
    union all select null, 'attachment ' || a.id || ' without blob' from attachment a where a.org_id = ${org}
      and not exists (select from blob b where b.org_id = a.org_id and b.sha256 = a.sha256)
    union all select o.complaint_id::text, 'outgoing message ' || o.id from outbox o where o.org_id = ${org}
      and not exists (select from complaint c where c.org_id = o.org_id and c.id = o.complaint_id)`,
  'audit.search-late': (
    org,
    _one,
    now,
  ) => sql`select null as complaint, r.done - r.found || ' rows of import ' || r.id as what from import_run r
    where r.org_id = ${org} and r.found < r.done and coalesce(r.ended_at, r.beat_at) < ${new Date(now - day)}`,
}

/**
 * Numbers, answerability, stream and loose rows of one organisation, or what of them concerns one complaint; a check that
 * cannot be made stops no other.
 */
export async function verifyWhole(
  db: Database,
  org: string,
  now: number,
  tell: (finding: Finding) => void,
  one?: string,
): Promise<void> {
  for (const [code, query] of Object.entries(one === undefined ? { ...ofComplaints, ...ofAll } : ofComplaints)) {
    await guardedAsync(code, tell, async () => {
      for (const { complaint, what } of await db.withoutScope((tx) => tx.rows(query(org, one, now))))
        tell({ code, ...(complaint ? { complaint } : {}), ...(what ? { what } : {}) })
    })
  }
}
