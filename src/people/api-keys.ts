import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { newId } from '../kit/ids.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { noteAccess } from './access-log.ts'
import type { ApiKey } from './contract.ts'
import { beyond, type Voucher } from './key-rule.ts'
import { keyPermissions } from './permissions.ts'
import { readRoleScopes } from './role-scopes.ts'
import type { ScopeName } from './roles.ts'
import type { Doing } from './staff.ts'
import { newApiKey } from './tokens.ts'

export type { ApiKey }

type Row = {
  id: string
  name: string
  prefix: string
  permissions: string[]
  created_at: number
  created_by: string | null
  last_used_at: number | null
  revoked_at: number | null
  confirmed_at: number | null
  confirmed_by: string | null
}

/** Keys, newest first; of the key itself only the first characters are known. */
export async function readApiKeys(tx: Tx, org: string): Promise<ApiKey[]> {
  const rows = await tx.rows(
    sql<Row>`
      select k.id, k.name, k.prefix, k.permissions, k.created_at, s.name as created_by, k.last_used_at, k.revoked_at, k.confirmed_at, a.name as confirmed_by
      from api_key k left join staff s on s.org_id = k.org_id and s.id = k.created_by
        left join staff a on a.org_id = k.org_id and a.id = k.confirmed_by
      where k.org_id = ${org} order by k.revoked_at is not null, k.created_at desc, k.id limit 1000`,
  )
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    permissions: row.permissions,
    createdAt: new Date(row.created_at).toISOString(),
    createdBy: row.created_by,
    lastUsedAt: instantOf(row.last_used_at),
    revokedAt: instantOf(row.revoked_at),
    confirmedAt: instantOf(row.confirmed_at),
    confirmedBy: row.confirmed_by,
  }))
}

/**
 * Makes a key, which acts as an integration account of its own. The key is given back once and never stored. It works at once
 * when its maker can answer for all it opens, or the installation itself makes it (no `maker`); else when somebody has agreed.
 * Refuses people.not-for-keys (422) for power over accounts, keys and settings.
 */
export async function createApiKey(
  tx: Tx,
  doing: Doing,
  given: { name: string; permissions: readonly string[]; maker?: Voucher },
): Promise<{ apiKey: ApiKey; key: string }> {
  const refused = given.permissions.find((permission) => !keyPermissions.has(permission))
  if (refused) throw new RefusalError({ code: 'people.not-for-keys', status: 422, facts: { permission: refused } })
  const { org, now } = doing
  const { key, hash, prefix } = newApiKey()
  const id = newId(now)
  const staffId = await addIntegration(tx, doing, given.name)
  const agreed = !given.maker || beyond(given.maker, given.permissions, await keyScope(tx, org)).length === 0
  const at = agreed ? new Date(now) : null
  await tx.run(
    sql`insert into api_key (org_id, id, name, prefix, hash, permissions, staff_id, created_by, created_at, confirmed_at, confirmed_by)
        values (${org}, ${id}, ${given.name}, ${prefix}, ${hash}, ${[...new Set(given.permissions)]}::text[], ${staffId}, ${doing.by ?? null}, ${new Date(now)}, ${at}, ${agreed ? (doing.by ?? null) : null})`,
  )
  await noteAccess(
    tx,
    {
      org,
      staffId: doing.by,
      what: 'people.key-made',
      facts: { key: id, permissions: given.permissions, ...(agreed ? {} : { waiting: true }) },
    },
    now,
  )
  const apiKey = (await readApiKeys(tx, org)).find((one) => one.id === id)
  if (!apiKey) throw new Error('the key just made is missing')
  return { apiKey, key }
}

/** Keys nobody has agreed to yet, with what this person could not answer for. */
export async function waitingApiKeys(tx: Tx, org: string, person: Voucher): Promise<(ApiKey & { beyond: string[] })[]> {
  const scope = await keyScope(tx, org)
  const waiting = (await readApiKeys(tx, org)).filter((key) => key.confirmedAt === null && key.revokedAt === null)
  return waiting.map((key) => ({ ...key, beyond: beyond(person, key.permissions, scope) }))
}

/** Agrees to a key. Refuses people.no-such-key (404) and people.key-beyond (403) with what they may not open themselves. */
export async function confirmApiKey(tx: Tx, { org, now, by }: Doing, person: Voucher, id: string): Promise<ApiKey> {
  await tx.run(sql`select from api_key where org_id = ${org} and id = ${id} for update`)
  const key = (await readApiKeys(tx, org)).find((one) => one.id === id && one.revokedAt === null)
  if (!key) throw new RefusalError({ code: 'people.no-such-key', status: 404 })
  if (key.confirmedAt !== null) return key
  const lacking = beyond(person, key.permissions, await keyScope(tx, org))
  if (lacking.length > 0)
    throw new RefusalError({ code: 'people.key-beyond', status: 403, facts: { permissions: lacking } })
  await tx.run(
    sql`update api_key set confirmed_at = ${new Date(now)}, confirmed_by = ${by ?? null} where org_id = ${org} and id = ${id}`,
  )
  const facts = { key: id, permissions: key.permissions }
  await noteAccess(tx, { org, staffId: by, what: 'people.key-confirmed', facts }, now)
  return (await readApiKeys(tx, org)).find((one) => one.id === id) ?? key
}

/** How far keys see here. */
async function keyScope(tx: Tx, org: string): Promise<ScopeName> {
  const scopes = await readRoleScopes(tx, org)
  return scopes.find((one) => one.role === 'integration')?.scope ?? 'organisation'
}

/** Refuses people.no-such-key (404); a key that is revoked already stays so. */
export async function revokeApiKey(tx: Tx, { org, now, by }: Doing, id: string): Promise<void> {
  const found = await tx.run(
    sql`update api_key set revoked_at = coalesce(revoked_at, ${new Date(now)}) where org_id = ${org} and id = ${id}`,
  )
  if (found === 0) throw new RefusalError({ code: 'people.no-such-key', status: 404 })
  await noteAccess(tx, { org, staffId: by, what: 'people.key-revoked', facts: { key: id } }, now)
}

async function addIntegration(tx: Tx, { org, now }: Doing, name: string): Promise<string> {
  const id = newId(now)
  await tx.run(
    sql`insert into staff (org_id, id, user_id, name, mail, created_at) values (${org}, ${id}, null, ${name}, ${`${id}@integration.invalid`}, ${new Date(now)})`,
  )
  await tx.run(sql`insert into staff_role (org_id, staff_id, role) values (${org}, ${id}, 'integration')`)
  return id
}

function instantOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
