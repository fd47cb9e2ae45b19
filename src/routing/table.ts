import { sql } from 'kysely'
import type { z } from 'zod'
import type { Labels } from '../kit/contract/shapes.ts'
import type { Tx } from '../kit/db/database.ts'
import { awayNow, countableSql, permissions } from '../people/index.ts'
import type { readRouting, tryRouting } from './contract.ts'
import { chainOf, type Line, lint, winner } from './domain/index.ts'
import type { Mode } from './lines.ts'

type Node = { readonly key: string; readonly parent: string | null; readonly archived: boolean }
type Changed = { readonly at: number | null; readonly by: string | null; readonly what: string | null }
type LineRow = Line & Changed & { readonly version: number }
type TeamRow = Changed & { id: string; name: Labels; isDefault: boolean; mode: Mode; archived: boolean }
type Member = { readonly teamId: string; readonly id: string; readonly name: string }

export type WholeTable = {
  readonly lines: readonly LineRow[]
  readonly teams: readonly TeamRow[]
  readonly places: readonly Node[]
  readonly types: readonly Node[]
}

const lastChange = (org: string, list: string) => sql`left join lateral (
    select c.at, c.what, s.name as by from settings_change c left join staff s on s.org_id = c.org_id and s.id = c.staff_id
    where c.org_id = ${org} and c.list = ${list} and c.item = x.id::text order by c.id desc limit 1) c on true`

/** Everything a route can be chosen from. */
export async function wholeTable(tx: Tx, org: string): Promise<WholeTable> {
  const [lines, teams, places, types] = await Promise.all([
    tx.rows<LineRow>(
      sql`select x.id, x.place_id as "placeId", x.type_code as "typeCode", x.team_id as "teamId", x.version, c.at, c.by, c.what
        from routing_line x ${lastChange(org, 'routing')} where x.org_id = ${org} order by x.id`,
    ),
    tx.rows<TeamRow>(
      sql`select x.id, x.name, x.is_default as "isDefault", x.assignment as mode, x.retired_at is not null as archived, c.at, c.by, c.what
        from team x ${lastChange(org, 'teams')} where x.org_id = ${org} order by x.is_default desc, x.key`,
    ),
    tx.rows<Node>(
      sql`select id as key, parent_id as parent, retired_at is not null as archived from place where org_id = ${org}`,
    ),
    tx.rows<Node>(
      sql`select code as key, parent, retired_at is not null as archived from code where org_id = ${org} and list = 'issue'`,
    ),
  ])
  return { lines, teams, places, types }
}

/** Who of each team handles complaints and is there now. */
async function presentMembers(tx: Tx, org: string, now: number): Promise<readonly Member[]> {
  const [members, away] = await Promise.all([
    tx.rows<Member>(
      sql`select m.team_id as "teamId", s.id, s.name from team_member m join staff s on s.org_id = m.org_id and s.id = m.staff_id
        where m.org_id = ${org} and s.active and s.user_id is not null and exists (select from staff_role r
          where r.org_id = ${org} and r.staff_id = s.id and r.role = any (${[...permissions['complaint.handle']]}::text[])) order by s.name, s.id`,
    ),
    awayNow(tx, org, now),
  ])
  return members.filter((m) => !away.has(m.id))
}

/** The table as the settings show it, with what is wrong in it. */
export async function readTable(tx: Tx, org: string, now: number): Promise<z.input<typeof readRouting.reply>> {
  const [whole, members] = await Promise.all([wholeTable(tx, org), presentMembers(tx, org, now)])
  const { lines, places, types } = whole
  const presentIn = (id: string) => members.filter((m) => m.teamId === id)
  const teams = whole.teams.map((t) => ({ ...t, automatic: t.mode === 'fewest_open', present: presentIn(t.id).length }))
  const flaws = new Map(lint({ lines, places, types, teams }).map((f) => [f.lineId, f.flaw]))
  return {
    lines: lines.map((l) => ({ ...l, flaw: flaws.get(l.id) ?? null, changed: changedOf(l) })),
    teams: whole.teams
      .filter((t) => !t.archived)
      .map((t) => ({ ...t, present: presentIn(t.id).map(({ id, name }) => ({ id, name })), changed: changedOf(t) })),
  }
}

const changedOf = ({ at, by, what }: Changed) =>
  at === null ? null : { at: new Date(at).toISOString(), by: by ?? '', what: what ?? '' }

type Recent = { readonly placeId: string | null; readonly typeCode: string | null; readonly teamId: string }

/** Where the last hundred would go; counts only, so that whoever may not see them may still see this. */
export async function tryTable(tx: Tx, org: string): Promise<z.input<typeof tryRouting.reply>> {
  const [whole, recent] = await Promise.all([
    wholeTable(tx, org),
    tx.rows<Recent>(
      sql`select c.place_id as "placeId", c.type_code as "typeCode", c.team_id as "teamId" from complaint c
        where c.org_id = ${org} and ${sql.raw(countableSql('c'))} order by c.received_at desc, c.id desc limit 100`,
    ),
  ])
  const teams = whole.teams.filter((t) => !t.archived)
  const lines = whole.lines.filter((l) => teams.some((t) => t.id === l.teamId))
  const parents = (nodes: readonly Node[]) => {
    const byKey = new Map(nodes.map((n) => [n.key, n.parent]))
    return (key: string) => byKey.get(key)
  }
  const [placeOf, typeOf] = [parents(whole.places), parents(whole.types)]
  const tried = recent.map((c) => {
    const line = winner(lines, { placeChain: chainOf(c.placeId, placeOf), typeChain: chainOf(c.typeCode, typeOf) })
    return { is: c.teamId, would: line?.teamId ?? teams[0]?.id ?? c.teamId, lineId: line?.id ?? null }
  })
  const count = (wanted: (one: (typeof tried)[number]) => boolean) => tried.filter(wanted).length
  return {
    count: tried.length,
    elsewhere: count((c) => c.is !== c.would),
    teams: whole.teams
      .map(({ id, name }) => ({ id, name, is: count((c) => c.is === id), would: count((c) => c.would === id) }))
      .filter((t) => t.is + t.would > 0),
    lines: [...new Set(tried.map((c) => c.lineId))].map((lineId) => ({
      lineId,
      count: count((c) => c.lineId === lineId),
    })),
  }
}
