import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { newId } from '../kit/ids.ts'
import { chainOf, type Line, type RoutedBy, ruleOf, winner } from './domain/index.ts'

export type Mode = 'by_hand' | 'fewest_open'

/** A team something may go to, with what intake needs of it. */
type Team = { readonly teamId: string; readonly calendarKey: string; readonly mode: Mode }
type Found = Line & Team
type Link = { readonly key: string; readonly parent: string | null }

/** What one row of `routesFor` holds: lines that apply, what place and type lie under, the team somebody chose, the default. */
export type Routes = {
  readonly lines: readonly Found[]
  readonly places: readonly Link[]
  readonly types: readonly Link[]
  readonly chosen: Team | null
  readonly fallback: Team | null
}

type Asked = { readonly placeId: string | null; readonly typeCode: string | null; readonly teamId?: string | null }

/** Parts of a WITH RECURSIVE that find everything a route is chosen from: at most a few lines, each by its key. */
export function findingRoutes(org: string, { placeId, typeCode, teamId = null }: Asked): RawBuilder<unknown> {
  const team = sql`jsonb_build_object('teamId', t.id, 'calendarKey', t.calendar_key, 'mode', t.assignment)`
  return sql`at_place(key, parent, n) as (
      select id, parent_id, 0 from place where org_id = ${org} and id = ${placeId}::uuid
      union all select u.id, u.parent_id, n + 1 from at_place a join place u on u.org_id = ${org} and u.id = a.parent where n < 12),
    of_type(key, parent, n) as (
      select code, parent, 0 from code where org_id = ${org} and list = 'issue' and code = ${typeCode}::text
      union all select u.code, u.parent, n + 1 from of_type a join code u on u.org_id = ${org} and u.list = 'issue' and u.code = a.parent where n < 12),
    routes as (select
      (select coalesce(jsonb_agg(${team} || jsonb_build_object('id', l.id, 'placeId', l.place_id, 'typeCode', l.type_code)), '[]')
        from routing_line l join team t on t.org_id = l.org_id and t.id = l.team_id and t.retired_at is null
        where l.org_id = ${org} and (l.place_id is null or l.place_id = any (array(select key from at_place)))
          and (l.type_code is null or l.type_code = any (array(select key from of_type)))) as lines,
      (select coalesce(jsonb_agg(jsonb_build_object('key', key, 'parent', parent)), '[]') from at_place) as places,
      (select coalesce(jsonb_agg(jsonb_build_object('key', key, 'parent', parent)), '[]') from of_type) as types,
      (select ${team} from team t where t.org_id = ${org} and t.id = ${teamId}::uuid and t.retired_at is null) as chosen,
      (select ${team} from team t where t.org_id = ${org} and t.retired_at is null order by t.is_default desc, t.key limit 1) as fallback)`
}

/** Which team, and why: the line of the table with its place and type, as an event keeps it. */
export type Route = Team & {
  readonly why: {
    readonly rule: RoutedBy
    readonly lineId: string | null
    readonly placeId: string | null
    readonly typeCode: string | null
    readonly teamId: string
    readonly mode: Mode
  }
}

/** The same routes give the same one. Undefined only where there is no team at all. */
export function routeAmong(routes: Routes, { placeId, typeCode }: Asked): Route | undefined {
  const parents = (links: readonly Link[]) => (key: string) => links.find((l) => l.key === key)?.parent
  const line = routes.chosen
    ? undefined
    : winner(routes.lines, {
        placeChain: chainOf(placeId, parents(routes.places)),
        typeChain: chainOf(typeCode, parents(routes.types)),
      })
  const team = routes.chosen ?? line ?? routes.fallback
  if (!team) return undefined
  const { teamId, calendarKey, mode } = team
  const { id: lineId = null, placeId: place = null, typeCode: type = null } = line ?? {}
  const rule = routes.chosen ? 'chosen' : ruleOf(line)
  return { teamId, calendarKey, mode, why: { rule, lineId, placeId: place, typeCode: type, teamId, mode } }
}

/** Where the table leads for this place and type now. */
export async function routeFor(tx: Tx, org: string, asked: Asked): Promise<Route | undefined> {
  const routes = await tx.first<Routes>(
    sql`with recursive ${findingRoutes(org, asked)} select lines, places, types, chosen, fallback from routes`,
  )
  return routes && routeAmong(routes, asked)
}

/** The mode of a team, for what comes back to its queue. */
export async function modeOf(tx: Tx, org: string, teamId: string): Promise<Mode> {
  const row = await tx.first<{ assignment: Mode }>(
    sql`select assignment from team where org_id = ${org} and id = ${teamId}`,
    'team-mode',
  )
  return row?.assignment ?? 'by_hand'
}

/** Gives a place its team: the line "this place, any type". */
export async function routePlace(
  tx: Tx,
  { org, now }: { readonly org: string; readonly now: number },
  placeId: string,
  teamId: string,
): Promise<void> {
  await tx.run(
    sql`insert into routing_line (org_id, id, place_id, team_id, created_at) values (${org}, ${newId(now)}, ${placeId}, ${teamId}, ${new Date(now)})
      on conflict (org_id, place_id, type_code) do update set team_id = excluded.team_id`,
  )
}
