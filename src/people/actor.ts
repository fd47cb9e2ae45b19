import type { Scope } from '../kit/db/database.ts'
import type { Actor } from '../kit/http/serve.ts'
import { permissionsOf } from './permissions.ts'
import { widestScope } from './roles.ts'

/** A member of staff or an integration account, acting in its organisation. */
export type StaffActor = Actor & {
  readonly kind: 'staff' | 'integration' | 'public'
  readonly org: { readonly id: string; readonly slug: string; readonly no: number }
  readonly staffId: string | undefined
  readonly name: string
  readonly mail: string
  readonly locale: string
  readonly zone: string
  readonly roles: readonly string[]
  readonly teams: readonly string[]
  readonly sessionId: string | undefined
}

/** A row of staff_by_user. */
export type StaffRow = {
  org_id: string
  org_slug: string
  org_no: number
  staff_id: string
  name: string
  mail: string
  locale: string
  zone: string
  roles: string[]
  teams: string[]
  chain: string[]
  scopes: Record<string, string>
}

/** Turns the one-query look-up into an actor with permissions and scope. */
export function staffActor(row: StaffRow, sessionId?: string): StaffActor {
  return {
    kind: 'staff',
    caller: `staff:${row.staff_id}`,
    org: { id: row.org_id, slug: row.org_slug, no: row.org_no },
    staffId: row.staff_id,
    name: row.name,
    mail: row.mail,
    locale: row.locale,
    zone: row.zone,
    roles: row.roles,
    teams: row.teams,
    sessionId,
    permissions: permissionsOf(row.roles),
    scope: {
      org: row.org_id,
      staff: row.staff_id,
      teams: row.teams,
      chain: row.chain,
      scope: widestScope(row.roles, row.scopes),
    },
  }
}

/** A complainant or passer-by on a public page of this organisation: sees nothing but what a secret opens. */
export function publicActor(org: { id: string; slug: string; no: number }, caller: string): StaffActor {
  const scope: Scope = { org: org.id, scope: 'none' }
  return {
    kind: 'public',
    caller,
    org,
    staffId: undefined,
    name: '',
    mail: '',
    locale: 'zh-Hant',
    zone: 'Asia/Taipei',
    roles: [],
    teams: [],
    sessionId: undefined,
    permissions: new Set(),
    scope,
  }
}
