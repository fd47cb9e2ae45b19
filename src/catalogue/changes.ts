import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { newId } from '../kit/ids.ts'
import type { StaffActor } from '../people/index.ts'

export type Asked = { readonly tx: Tx; readonly actor: StaffActor; readonly now: number }

export type Change = {
  readonly list: string
  readonly item: string
  readonly what: 'added' | 'changed' | 'archived' | 'revived' | 'moved' | 'removed'
  readonly before: object | null
  readonly after: object | null
}

/** Notes who changed which setting from what to what; in the transaction of the change, or it did not happen. */
export async function noteChange({ tx, actor, now }: Asked, c: Change): Promise<void> {
  await tx.run(
    sql`insert into settings_change (org_id, id, at, staff_id, list, item, what, before, after)
      values (${actor.org.id}, ${newId(now)}, ${new Date(now)}, ${actor.staffId ?? null}, ${c.list}, ${c.item}, ${c.what},
        ${c.before === null ? null : JSON.stringify(c.before)}::jsonb, ${c.after === null ? null : JSON.stringify(c.after)}::jsonb)`,
  )
}
