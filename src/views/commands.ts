import { newId } from '../kit/ids.ts'
import type { Tx } from '../kit/db/database.ts'
import { RefusalError } from '../kit/pure/result.ts'
import type { StaffActor } from '../people/index.ts'
import type { SavedFilter, SavedView } from './contract.ts'
import { insertView, lockView, placeView, unknownIn, updateView, type ViewRow, viewsOf } from './store.ts'

/** More would be a list nobody reads, and each is counted. */
const mostOwn = 50

type Asked = { readonly tx: Tx; readonly actor: StaffActor; readonly now: number }

const staffOf = (actor: StaffActor) => actor.staffId ?? null

function shown(v: ViewRow, actor: StaffActor): SavedView {
  const { id, name, shared, filter, position } = v
  return { id, name, shared, mine: v.owner_id === actor.staffId, mayChange: mayChange(v, actor), filter, position }
}

/** Shared ones belong to everybody: whoever may share may change them. */
function mayChange(v: Pick<ViewRow, 'shared' | 'owner_id'>, actor: StaffActor): boolean {
  return v.shared ? actor.permissions.has('view.share') : v.owner_id === actor.staffId
}

function assertMayShare(actor: StaffActor): void {
  if (!actor.permissions.has('view.share'))
    throw new RefusalError({ code: 'people.not-allowed', status: 403, facts: { permission: 'view.share' } })
}

export async function savedViews({ tx, actor }: Pick<Asked, 'tx' | 'actor'>): Promise<SavedView[]> {
  const rows = await viewsOf(tx, actor.org.id, staffOf(actor))
  return rows.map((v) => shown(v, actor))
}

export async function addView(
  asked: Asked,
  body: { name: string; filter: SavedFilter; shared: boolean },
): Promise<SavedView> {
  const { tx, actor, now } = asked
  if (body.shared) assertMayShare(actor)
  // A view belongs to a person; what an integration keeps it keeps on its side.
  if (!actor.staffId) throw new RefusalError({ code: 'views.of-people', status: 409 })
  await assertKnown(asked, body.filter)
  await assertRoom(asked, body.shared)
  const id = newId(now)
  await insertView(tx, actor.org.id, { id, owner_id: actor.staffId, ...body }, now)
  return one(asked, id)
}

async function assertKnown({ tx, actor }: Asked, filter: SavedFilter): Promise<void> {
  const fields = await unknownIn(tx, actor.org.id, filter)
  if (fields.length > 0) throw new RefusalError({ code: 'intake.unknown-reference', status: 422, facts: { fields } })
}

async function assertRoom({ tx, actor }: Asked, shared: boolean): Promise<void> {
  const before = await viewsOf(tx, actor.org.id, staffOf(actor))
  if (before.filter((v) => v.shared === shared).length >= mostOwn)
    throw new RefusalError({ code: 'views.too-many', status: 409, facts: { most: mostOwn } })
}

type Change = { name?: string; filter?: SavedFilter; shared?: boolean; position?: number }

export async function changeView(asked: Asked, id: string, change: Change): Promise<SavedView> {
  const { tx, actor, now } = asked
  const v = await changeable(asked, id, false)
  const { position, shared = v.shared, name = v.name, filter = v.filter } = change
  if (change.filter) await assertKnown(asked, change.filter)
  if (shared !== v.shared) {
    assertMayShare(actor)
    await assertRoom(asked, shared)
  }
  const last = shared === v.shared ? v.position : 10_000
  // Who takes it back from everybody has it.
  const owner_id = shared ? v.owner_id : (actor.staffId ?? v.owner_id)
  const moved: ViewRow = { ...v, owner_id, name, filter, shared, position: last }
  await updateView(tx, actor.org.id, moved, now)
  if (position !== undefined || shared !== v.shared) await placeView(tx, actor.org.id, moved, position ?? 10_000)
  return one(asked, id)
}

export async function removeView(asked: Asked, id: string): Promise<void> {
  const v = await changeable(asked, id, false)
  await updateView(asked.tx, asked.actor.org.id, { ...v, removed: true }, asked.now)
}

/** Back in its place. Of one that is there already nothing is changed. */
export async function restoreView(asked: Asked, id: string): Promise<SavedView> {
  const v = await changeable(asked, id, true)
  if (v.removed) await assertRoom(asked, v.shared)
  await updateView(asked.tx, asked.actor.org.id, { ...v, removed: false }, asked.now)
  return one(asked, id)
}

async function changeable({ tx, actor }: Asked, id: string, removedToo: boolean): Promise<ViewRow> {
  const v = await lockView(tx, actor.org.id, staffOf(actor), id)
  if (!v || (v.removed && !removedToo)) throw new RefusalError({ code: 'views.not-found', status: 404 })
  if (!mayChange(v, actor)) assertMayShare(actor)
  return v
}

async function one({ tx, actor }: Asked, id: string): Promise<SavedView> {
  const v = await lockView(tx, actor.org.id, staffOf(actor), id)
  if (!v) throw new RefusalError({ code: 'views.not-found', status: 404 })
  return shown(v, actor)
}
