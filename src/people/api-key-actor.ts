import { sql } from 'kysely'
import type { Database } from '../kit/db/database.ts'
import type { StaffActor } from './actor.ts'
import { known } from './known-callers.ts'
import { keyPermissions } from './permissions.ts'
import { widestScope } from './roles.ts'

type KeyRow = {
  org_id: string
  org_slug: string
  org_no: number
  key_id: string
  staff_id: string
  name: string
  permissions: string[]
  scopes: Record<string, string>
}

/** The integration behind an API key: it may do what the key lists, and sees what the role 'integration' sees. */
export function apiKeyActor(db: Database, hash: Buffer): Promise<StaffActor | undefined> {
  return known(db, `key:${hash.toString('base64')}`, async () => {
    const { rows } = await db.pool.query<KeyRow>({
      name: 'api-key-by-hash',
      text: 'select * from api_key_by_hash($1)',
      values: [hash],
    })
    return rows[0] && actorOf(rows[0])
  })
}

/** Notes when a key was last used. */
export async function touchApiKey(db: Database, actor: StaffActor, now: number): Promise<void> {
  const id = actor.caller.slice('key:'.length)
  const at = new Date(now)
  await db.withScope(actor.scope, (tx) =>
    tx.run(
      sql`update api_key set last_used_at = ${at} where org_id = ${actor.org.id} and id = ${id} and (last_used_at is null or last_used_at < ${at})`,
    ),
  )
}

function actorOf(row: KeyRow): StaffActor {
  return {
    kind: 'integration',
    caller: `key:${row.key_id}`,
    org: { id: row.org_id, slug: row.org_slug, no: row.org_no },
    staffId: row.staff_id,
    name: row.name,
    mail: '',
    locale: 'zh-Hant',
    zone: 'Asia/Taipei',
    roles: ['integration'],
    teams: [],
    sessionId: undefined,
    permissions: new Set(row.permissions.filter((p) => keyPermissions.has(p))),
    scope: {
      org: row.org_id,
      staff: row.staff_id,
      teams: [],
      chain: [row.staff_id],
      scope: widestScope(['integration'], row.scopes),
    },
  }
}
