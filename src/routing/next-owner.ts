import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { awayNow, permissions, widestScope } from '../people/index.ts'
import { fewestOpen, type Present } from './domain/index.ts'

export type Wanted = {
  readonly teamId: string
  /** Whom it is about: neither they nor who reports to them. */
  readonly subjects: readonly string[]
  /** Only these may see it (it is restricted); null: whoever the roles let. */
  readonly among: readonly string[] | null
  /** Who gave it back a moment ago. */
  readonly without?: string | null
}

/** Who could have had it, with how many open ones they had then; ids and counts, as an event may keep them. */
export type NextOwner = {
  readonly ownerId: string | null
  readonly present: readonly { readonly staffId: string; readonly open: number }[]
}

type Row = Present & { readonly roles: readonly string[]; readonly scopes: Readonly<Record<string, string>> }

/**
 * Who of a team gets the next one: the fewest open ones among those present, counted while nobody else can give them any. Two
 * at the same instant wait for each other where their teams share a person (locks until COMMIT, in the order of people's keys),
 * and the count is a statement of its own after the lock, so that it sees what the one before committed.
 */
export async function nextOwner(tx: Tx, org: string, wanted: Wanted, now: number): Promise<NextOwner> {
  const { teamId, subjects, among, without = null } = wanted
  tx.send(
    sql`select pg_advisory_xact_lock(k.key) from (select hashtextextended('turn ' || m.org_id || m.staff_id, 0) as key
      from team_member m where m.org_id = ${org} and m.team_id = ${teamId} order by 1 offset 0) k`,
    'turn-lock',
  )
  const [rows, away] = await Promise.all([
    tx.rows<Row>(
      sql`with recursive under as (
        select id from staff where org_id = ${org} and id = any (${[...subjects]}::uuid[])
        union select b.id from staff b join under on b.org_id = ${org} and b.manager_id = under.id)
      select s.id as "staffId", coalesce(t.turn, 0)::int8 as turn,
        (select count(*) from complaint c where c.org_id = ${org} and c.owner_id = s.id and c.open) as open,
        (select array_agg(r.role) from staff_role r where r.org_id = ${org} and r.staff_id = s.id) as roles,
        (select coalesce(jsonb_object_agg(x.role, x.scope), '{}') from role_scope x where x.org_id = ${org}) as scopes
      from team_member m join staff s on s.org_id = m.org_id and s.id = m.staff_id
      left join assignment_turn t on t.org_id = s.org_id and t.staff_id = s.id
      where m.org_id = ${org} and m.team_id = ${teamId} and s.active and s.user_id is not null
        and exists (select from staff_role r where r.org_id = ${org} and r.staff_id = s.id and r.role = any (${handling}::text[]))
        and s.id not in (select id from under) and s.id is distinct from ${without}::uuid
        and (${among === null} or s.id = any (${[...(among ?? [])]}::uuid[]))
      order by s.id`,
      'turn-present',
    ),
    awayNow(tx, org, now),
  ])
  const present = rows.filter((r) => !away.has(r.staffId) && widestScope(r.roles, r.scopes) !== 'none')
  const next = fewestOpen(present)
  if (next) takeTurn(tx, org, next.staffId, Math.max(...present.map((p) => p.turn)) + 1)
  return { ownerId: next?.staffId ?? null, present: present.map(({ staffId, open }) => ({ staffId, open })) }
}

/**
 * For many of one transaction, before the first asks whose turn it is: the locks of all people of these teams (null: of any) that
 * share their work out, in the order in which `nextOwner` takes those of one. Team by team they would come in any order.
 */
export function holdTurns(tx: Tx, org: string, teams: readonly string[] | null): void {
  tx.send(
    sql`select pg_advisory_xact_lock(k.key) from (select distinct hashtextextended('turn ' || m.org_id || m.staff_id, 0) as key
      from team t join team_member m on m.org_id = t.org_id and m.team_id = t.id
      where t.org_id = ${org} and t.assignment <> 'by_hand' and (${teams === null} or t.id = any (${[...(teams ?? [])]}::uuid[]))
      order by 1 offset 0) k`,
    'turns-lock',
  )
}

const handling = [...permissions['complaint.handle']]

function takeTurn(tx: Tx, org: string, staffId: string, turn: number): void {
  tx.send(
    sql`insert into assignment_turn (org_id, staff_id, turn) values (${org}, ${staffId}, ${turn})
      on conflict (org_id, staff_id) do update set turn = excluded.turn`,
    'turn-take',
  )
}
