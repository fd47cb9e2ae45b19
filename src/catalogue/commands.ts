import { sql } from 'kysely'
import type { z } from 'zod'
import { newId } from '../kit/ids.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { type Asked, type Change, noteChange } from './changes.ts'
import {
  type addSetting,
  type changeSetting,
  type removeSetting,
  type SettingItem,
  type SettingList,
  treeLists,
} from './contract.ts'
import {
  deleteItem,
  type Fields,
  insertItem,
  isCarried,
  itemOf,
  lockList,
  placeItems,
  readList,
  writeItem,
} from './lists.ts'

type Added = z.infer<typeof addSetting.body & object>
type Changed = z.infer<typeof changeSetting.body & object>
type Removed = z.infer<typeof removeSetting.body & object>
type Item = SettingItem & { readonly position: number }

const no = (code: string, status: 404 | 409 | 422, facts: Record<string, unknown> = {}) =>
  new RefusalError({ code: `catalogue.${code}`, status, facts })

/** Adds a value at the end of its list. Its code is its own in the organisation. */
export async function add(asked: Asked, body: Added): Promise<SettingItem> {
  const { tx, actor, now } = asked
  const org = actor.org.id
  const { list, code, labels, parent, place } = body
  await lockList(tx, org, list)
  const key = list === 'products' || list === 'places' ? newId(now) : code
  const all = await readList(tx, org, list, key)
  const fields: Fields = { labels, parent, archived: false, place: list === 'places' ? (place ?? null) : null }
  if (all.some((i) => i.code.toLowerCase() === code.toLowerCase())) throw no('code-taken', 409, { code })
  assertParent(all, list, key, fields)
  await assertPlacing(asked, fields.place)
  const position = 1 + Math.max(0, ...all.map((i) => i.position))
  if (!(await insertItem(tx, org, list, { ...fields, key, code, position }))) throw no('code-taken', 409, { code })
  await noteChange(asked, { list, item: key, what: 'added', before: null, after: { code, ...fields } })
  return itemOf(tx, org, list, key)
}

/** Changes a value as it was seen: another version is refused with the one there is. */
export async function change(asked: Asked, body: Changed): Promise<SettingItem> {
  const { tx, actor, now } = asked
  const org = actor.org.id
  const { list, key, version } = body
  await lockList(tx, org, list)
  const all = await readList(tx, org, list, key)
  const item = found(all, key, version)
  if (body.move) await moveOne(asked, list, all, item, body.move)
  const before = fieldsOf(item)
  const after: Fields = {
    labels: body.labels ?? item.labels,
    parent: body.parent === undefined ? item.parent : body.parent,
    archived: body.archived ?? item.archived,
    place: body.place ?? item.place,
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return itemOf(tx, org, list, key)
  assertParent(all, list, key, after)
  if (after.archived && !item.archived) assertNoChildren(all, key)
  await assertPlacing(asked, body.place ?? null)
  await writeItem(tx, org, list, key, after, now)
  await noteChange(asked, { list, item: key, what: whatOf(before, after), before, after })
  return itemOf(tx, org, list, key)
}

/** Removes what nothing has ever used; everything else goes to the archive. */
export async function remove(asked: Asked, { list, key, version }: Removed): Promise<void> {
  const { tx, actor } = asked
  const org = actor.org.id
  await lockList(tx, org, list)
  const all = await readList(tx, org, list, key)
  const item = found(all, key, version)
  if (item.shipped) throw no('shipped', 409)
  if (item.lines > 0 || (await isCarried(tx, org, list, key)))
    throw no('in-use', 409, { used: item.used, lines: item.lines })
  if (all.some((i) => i.parent === key)) throw no('has-children', 409)
  await deleteItem(tx, org, list, key)
  await noteChange(asked, {
    list,
    item: key,
    what: 'removed',
    before: { code: item.code, ...fieldsOf(item) },
    after: null,
  })
}

const fieldsOf = ({ labels, parent, archived, place }: Item): Fields => ({ labels, parent, archived, place })

function whatOf(before: Fields, after: Fields): Change['what'] {
  if (before.archived !== after.archived) return after.archived ? 'archived' : 'revived'
  return before.parent === after.parent ? 'changed' : 'moved'
}

function found(all: readonly Item[], key: string, version: number): Item {
  const item = all.find((i) => i.key === key)
  if (!item) throw no('no-such-item', 404)
  if (item.version !== version)
    throw no('stale', 409, { version: item.version, by: item.changed?.by ?? '', at: item.changed?.at ?? null })
  return item
}

/** What it lies under is there, in use while it is in use, and does not lie under it. */
function assertParent(all: readonly Item[], list: SettingList, key: string, { parent, archived }: Fields): void {
  if (parent === null) return
  const above = all.find((i) => i.key === parent)
  if (!above || !treeLists.includes(list)) throw no('no-such-parent', 422)
  if (above.archived && !archived) throw no('parent-archived', 409)
  const seen = new Set<string>()
  for (
    let at: string | null = parent;
    at !== null && !seen.has(at);
    at = all.find((i) => i.key === at)?.parent ?? null
  ) {
    if (at === key) throw no('circle', 422)
    seen.add(at)
  }
}

function assertNoChildren(all: readonly Item[], key: string): void {
  const below = all.filter((i) => i.parent === key && !i.archived)
  if (below.length > 0) throw no('has-children', 409, { count: below.length })
}

/** A zone that is none, or a calendar that is not there, would count dates wrongly. */
async function assertPlacing({ tx, actor }: Asked, place: SettingItem['place']): Promise<void> {
  if (!place) return
  if (!zones.has(place.zone)) throw no('no-such-zone', 422, { zone: place.zone })
  const calendar = await tx.first(
    sql`select 1 as ok from calendar where org_id = ${actor.org.id} and key = ${place.calendarKey} limit 1`,
  )
  if (!calendar) throw new RefusalError({ code: 'people.no-such-calendar', status: 422 })
}

const zones = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])

/** One place up or down among those beside it that are in use. */
async function moveOne(asked: Asked, list: SettingList, all: readonly Item[], item: Item, to: 'up' | 'down') {
  const beside = all.filter((i) => i.parent === item.parent && !i.archived)
  const at = beside.indexOf(item)
  const other = beside[at + (to === 'up' ? -1 : 1)]
  if (at < 0 || !other) return
  const keys = beside.map((i) => (i === item ? other.key : i === other ? item.key : i.key))
  await placeItems(asked.tx, asked.actor.org.id, list, keys)
  await noteChange(asked, {
    list,
    item: item.key,
    what: 'moved',
    before: { at: at + 1 },
    after: { at: keys.indexOf(item.key) + 1 },
  })
}
