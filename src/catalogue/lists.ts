import { type RawBuilder, sql } from 'kysely'
import type { Labels } from '../kit/contract/shapes.ts'
import type { Tx } from '../kit/db/database.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { isUuid } from '../kit/pure/uuid.ts'
import { countableSql } from '../people/index.ts'
import { starterCodes } from '../seeds/index.ts'
import type { SettingItem, SettingList } from './contract.ts'

/** Lists whose codes rules of the process know by name (ARCHITECTURE, "Codes in rules"). */
const known: readonly SettingList[] = ['outcome', 'risk_flag']

type Row = Omit<SettingItem, 'shipped' | 'changed'> & {
  position: number
  at: number | null
  by: string | null
  what: string | null
}

/** A list as rows of one shape: key, code, labels, parent, position, archived, version, place. */
function rowsOf(org: string, list: SettingList): RawBuilder<unknown> {
  if (list === 'products')
    return sql`select id::text as key, code, name as labels, null::text as parent, position, retired_at is not null as archived, version, null::jsonb as place
      from product where org_id = ${org}`
  if (list === 'places')
    return sql`select id::text as key, code, name as labels, parent_id::text as parent, position, retired_at is not null as archived, version,
      jsonb_build_object('jurisdiction', jurisdiction, 'zone', zone, 'calendarKey', calendar_key) as place from place where org_id = ${org}`
  return sql`select code as key, code, labels, parent, position, retired_at is not null as archived, version, null::jsonb as place
    from code where org_id = ${org} and list = ${list}`
}

const columns = {
  products: 'product_id',
  places: 'place_id',
  issue: 'type_code',
  outcome: 'outcome_code',
  root_cause: null,
} as const

const nothing = sql`select ''::text as key, 0::int8 as n where false`

/**
 * How many complaints carry each value, of those that may be counted: one pass over the complaints, for a page that is opened
 * now and then. Of one value (`key`) alone by its indexes, which are of the open and of the ended ones.
 */
function usesOf(org: string, list: SettingList, key: string | undefined): RawBuilder<unknown> {
  const counted = sql`c.org_id = ${org} and ${sql.raw(countableSql('c'))}`
  if (list === 'risk_flag')
    return sql`select f.flag as key, count(*) as n from complaint_flag f join complaint c on c.org_id = f.org_id and c.id = f.complaint_id
      where f.org_id = ${org} and ${key === undefined ? sql`true` : sql`f.flag = ${key}`} and ${counted} group by 1`
  const name = columns[list]
  if (name === null) return nothing
  const column = sql.ref(`c.${name}`)
  if (key === undefined)
    return sql`select ${column}::text as key, count(*) as n from complaint c where ${counted} and ${column} is not null group by 1`
  const value = carried(list, key)
  if (!value) return nothing
  const part = (open: RawBuilder<unknown>) =>
    sql`(select count(*) from complaint c where ${counted} and ${open} and ${column} = ${value})`
  return sql`select ${key}::text as key, ${part(sql`c.open`)} + ${part(sql`not c.open`)} as n`
}

/** The key of a value as complaints carry it; undefined where it is the key of none. */
function carried(list: SettingList, key: string): RawBuilder<unknown> | undefined {
  if (list !== 'products' && list !== 'places') return sql`${key}::text`
  return isUuid(key) ? sql`${key}::uuid` : undefined
}

/** Whether any complaint carries a value, whoever may see it: what is carried is never removed. */
export async function isCarried(tx: Tx, org: string, list: SettingList, key: string): Promise<boolean> {
  if (list === 'risk_flag')
    return Boolean(
      await tx.first(sql`select 1 as ok from complaint_flag where org_id = ${org} and flag = ${key} limit 1`),
    )
  const [name, value] = [columns[list], carried(list, key)]
  if (name === null || !value) return false
  const some = (open: RawBuilder<unknown>) =>
    sql`exists (select from complaint where org_id = ${org} and ${open} and ${sql.ref(name)} = ${value})`
  const row = await tx.first<{ some: boolean }>(sql`select ${some(sql`open`)} or ${some(sql`not open`)} as some`)
  return row?.some === true
}

function linesOf(org: string, list: SettingList): RawBuilder<unknown> {
  const column = list === 'places' ? 'place_id' : list === 'issue' ? 'type_code' : null
  if (column === null) return sql`select ''::text as key, 0::int8 as n where false`
  return sql`select ${sql.ref(column)}::text as key, count(*) as n from routing_line where org_id = ${org} and ${sql.ref(column)} is not null group by 1`
}

/** All values of a list in their order, the archive last; who changed each last. With `key` uses are counted of that one only. */
export async function readList(
  tx: Tx,
  org: string,
  list: SettingList,
  key?: string,
): Promise<(SettingItem & { position: number })[]> {
  const rows = await tx.rows<Row>(
    sql`with r as (${rowsOf(org, list)}), u as (${usesOf(org, list, key)}), l as (${linesOf(org, list)}),
        c as (select distinct on (item) item, at, what, staff_id from settings_change where org_id = ${org} and list = ${list} order by item, id desc)
      select r.*, coalesce(u.n, 0) as used, coalesce(l.n, 0) as lines, c.at, c.what, s.name as by
      from r left join u on u.key = r.key left join l on l.key = r.key left join c on c.item = r.key
        left join staff s on s.org_id = ${org} and s.id = c.staff_id
      order by r.archived, r.position, r.code`,
  )
  return rows.map(({ at, by, what, ...row }) => ({
    ...row,
    shipped: isShipped(list, row.code),
    changed: at === null ? null : { at: new Date(at).toISOString(), by: by ?? '', what: what ?? '' },
  }))
}

function isShipped(list: SettingList, code: string): boolean {
  if (list === 'products' || list === 'places' || !known.includes(list)) return false
  return starterCodes[list].some((c) => c.code === code)
}

/** One value. Refuses catalogue.no-such-item (404). */
export async function itemOf(
  tx: Tx,
  org: string,
  list: SettingList,
  key: string,
): Promise<SettingItem & { position: number }> {
  const found = (await readList(tx, org, list, key)).find((i) => i.key === key)
  if (!found) throw new RefusalError({ code: 'catalogue.no-such-item', status: 404 })
  return found
}

export type Fields = {
  readonly labels: Labels
  readonly parent: string | null
  readonly archived: boolean
  readonly place: SettingItem['place']
}

/** Writes the fields of a value and raises its version. */
export async function writeItem(
  tx: Tx,
  org: string,
  list: SettingList,
  key: string,
  f: Fields,
  now: number,
): Promise<void> {
  const labels = JSON.stringify(f.labels)
  const retired = sql`retired_at = case when ${f.archived} then coalesce(retired_at, ${new Date(now)}) end, version = version + 1`
  if (list === 'products')
    await tx.run(
      sql`update product set name = ${labels}::jsonb, ${retired} where org_id = ${org} and id = ${key}::uuid`,
    )
  else if (list === 'places')
    await tx.run(
      sql`update place set name = ${labels}::jsonb, parent_id = ${f.parent}::uuid, jurisdiction = coalesce(${f.place?.jurisdiction ?? null}, jurisdiction),
        zone = coalesce(${f.place?.zone ?? null}, zone), calendar_key = coalesce(${f.place?.calendarKey ?? null}, calendar_key), ${retired}
        where org_id = ${org} and id = ${key}::uuid`,
    )
  else
    await tx.run(
      sql`update code set labels = ${labels}::jsonb, parent = ${f.parent}, ${retired} where org_id = ${org} and list = ${list} and code = ${key}`,
    )
}

/** Adds a value at the end; false where its code is taken. */
export async function insertItem(
  tx: Tx,
  org: string,
  list: SettingList,
  item: Fields & { readonly key: string; readonly code: string; readonly position: number },
): Promise<boolean> {
  const { key, code, position, parent, place } = item
  const labels = JSON.stringify(item.labels)
  const { jurisdiction = 'TW', zone = 'Asia/Taipei', calendarKey = 'tw-office' } = place ?? {}
  const insert =
    list === 'products'
      ? sql`insert into product (org_id, id, code, name, position) values (${org}, ${key}, ${code}, ${labels}::jsonb, ${position})`
      : list === 'places'
        ? sql`insert into place (org_id, id, code, name, parent_id, jurisdiction, zone, calendar_key, position)
            values (${org}, ${key}, ${code}, ${labels}::jsonb, ${parent}::uuid, ${jurisdiction}, ${zone}, ${calendarKey}, ${position})`
        : sql`insert into code (org_id, list, code, parent, labels, position) values (${org}, ${list}, ${code}, ${parent}, ${labels}::jsonb, ${position})`
  return (await tx.run(sql`${insert} on conflict do nothing`)) > 0
}

const tableOf = (org: string, list: SettingList) =>
  list === 'products'
    ? { table: sql`product`, key: sql`id::text`, mine: sql`org_id = ${org}` }
    : list === 'places'
      ? { table: sql`place`, key: sql`id::text`, mine: sql`org_id = ${org}` }
      : { table: sql`code`, key: sql`code`, mine: sql`org_id = ${org} and list = ${list}` }

/** Puts these in this order. Versions stay: the order is of the list, not of a value. */
export async function placeItems(tx: Tx, org: string, list: SettingList, keys: readonly string[]): Promise<void> {
  const { table, key, mine } = tableOf(org, list)
  await tx.run(
    sql`update ${table} set position = array_position(${[...keys]}::text[], ${key}) where ${mine} and ${key} = any (${[...keys]}::text[])`,
  )
}

export async function deleteItem(tx: Tx, org: string, list: SettingList, key: string): Promise<void> {
  const { table, key: column, mine } = tableOf(org, list)
  await tx.run(sql`delete from ${table} where ${mine} and ${column} = ${key}`)
}

/** One writer a list at a time, so that two moves cannot close a circle. */
export async function lockList(tx: Tx, org: string, list: string): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended('settings ' || ${org} || ${list}, 0))`)
}
