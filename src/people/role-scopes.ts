import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { isRole, roleNames, roles, type Role, type ScopeName } from './roles.ts'

export type RoleScope = { readonly role: Role; readonly scope: ScopeName; readonly standard: ScopeName }

/** Which complaints each role sees here, beside the shipped standard. */
export async function readRoleScopes(tx: Tx, org: string): Promise<RoleScope[]> {
  const rows = await tx.rows(
    sql<{ role: string; scope: ScopeName }>`select role, scope from role_scope where org_id = ${org}`,
  )
  const set = new Map(rows.filter((row) => isRole(row.role)).map((row) => [row.role, row.scope]))
  return roleNames.map((role) => ({ role, scope: set.get(role) ?? roles[role], standard: roles[role] }))
}

/** Replaces the settings. An administrator never sees complaints by that role (people.scope-fixed). */
export async function writeRoleScopes(
  tx: Tx,
  org: string,
  scopes: readonly { role: Role; scope: ScopeName }[],
): Promise<RoleScope[]> {
  if (scopes.some((one) => one.role === 'administrator' && one.scope !== 'none')) {
    throw new RefusalError({ code: 'people.scope-fixed', status: 422, facts: { role: 'administrator' } })
  }
  await tx.run(sql`delete from role_scope where org_id = ${org}`)
  for (const { role, scope } of scopes) {
    if (scope === roles[role]) continue
    await tx.run(
      sql`insert into role_scope (org_id, role, scope) values (${org}, ${role}, ${scope}) on conflict (org_id, role) do update set scope = ${scope}`,
    )
  }
  return readRoleScopes(tx, org)
}
