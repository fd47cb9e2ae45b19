import { sql } from 'kysely'
import { calendarsFor } from '../clocks/index.ts'
import type { Calendars } from '../clocks/domain/index.ts'
import type { Tx } from '../kit/db/database.ts'
import { RefusalError } from '../kit/pure/result.ts'

export type Named = { readonly id: string; readonly names: readonly string[]; readonly labels?: Labels }
/** What rows may name, by every name it has; and what a complaint that names nothing falls to. */
export type House = {
  readonly org: { readonly id: string; readonly no: number; readonly zone: string; readonly locale: string }
  readonly types: readonly Named[]
  readonly outcomes: readonly Named[]
  readonly products: readonly Named[]
  readonly places: readonly Named[]
  readonly teams: readonly Named[]
  readonly staff: readonly Named[]
  readonly defaultTeam: string
  readonly placeOf: ReadonlyMap<string, { readonly jurisdiction: string; readonly calendars: Calendars }>
  readonly teamOf: ReadonlyMap<string, Calendars>
  /** Of the organisation itself, for what names no place. */
  readonly jurisdiction: string
}
type Labels = { readonly zhHant?: string; readonly zhHans?: string; readonly en?: string }
type Row = { readonly id: string; readonly code: string; readonly labels: Labels }

const jurisdictions: Readonly<Record<string, string>> = {
  'Asia/Taipei': 'TW',
  'Asia/Shanghai': 'CN',
  'Asia/Hong_Kong': 'HK',
  'Europe/London': 'GB',
}
const named = ({ id, code, labels }: Row): Named => ({
  id,
  names: [code, ...Object.values(labels).filter(Boolean)],
  labels,
})

/** Reads the organisation once for a whole run. Refuses one without a team. */
export async function readHouse(tx: Tx, org: string, now: number): Promise<House> {
  const codes = (list: string) =>
    tx.rows<Row>(
      sql`select code as id, code, labels from code where org_id = ${org} and list = ${list} and retired_at is null order by position, code`,
    )
  const [organisation, types, outcomes, products, places, teams, staff] = await Promise.all([
    tx.first<House['org']>(sql`select org_id as id, no, zone, locale from organisation where org_id = ${org}`),
    codes('issue'),
    codes('outcome'),
    tx.rows<Row>(sql`select id, code, name as labels from product where org_id = ${org} and retired_at is null`),
    tx.rows<Row & { jurisdiction: string; calendar_key: string }>(
      sql`select id, code, name as labels, jurisdiction, calendar_key from place where org_id = ${org} and retired_at is null`,
    ),
    tx.rows<Row & { calendar_key: string }>(
      sql`select id, key as code, name as labels, calendar_key from team where org_id = ${org} and retired_at is null order by is_default desc, key`,
    ),
    tx.rows<{ id: string; name: string; mail: string }>(
      sql`select id, name, mail from staff where org_id = ${org} and active and user_id is not null order by id`,
    ),
  ])
  const [defaultTeam] = teams
  if (!organisation || !defaultTeam) throw new RefusalError({ code: 'intake.no-team', status: 422 })
  const placeOf = new Map<string, { jurisdiction: string; calendars: Calendars }>()
  for (const { id, jurisdiction, calendar_key } of places)
    placeOf.set(id, { jurisdiction, calendars: await calendarsFor(tx, org, calendar_key, now) })
  const teamOf = new Map<string, Calendars>()
  for (const { id, calendar_key } of teams) teamOf.set(id, await calendarsFor(tx, org, calendar_key, now))
  return {
    org: organisation,
    types: types.map(named),
    outcomes: outcomes.map(named),
    products: products.map(named),
    places: places.map(named),
    teams: teams.map(named),
    staff: staff.map(({ id, name, mail }) => ({ id, names: [mail, name] })),
    defaultTeam: defaultTeam.id,
    placeOf,
    teamOf,
    jurisdiction: jurisdictions[organisation.zone] ?? '',
  }
}
