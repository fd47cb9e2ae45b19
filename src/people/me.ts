import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { readPreferences } from '../preferences/contract.ts'
import type { StaffActor } from './actor.ts'
import type { Me } from './contract.ts'

type MeRow = Pick<Me, 'name' | 'mail' | 'locale' | 'zone'> & {
  org_slug: string
  org_name: Me['organisation']['name']
  term_set: string
  org_locale: Me['locale']
  org_zone: string
  demo: boolean
  preferences: unknown
  teams: Me['teams']
  totp: boolean
  codes_left: number
  signature: Partial<Me['signature']>
}

/** The actor as their own screen shows them. */
export async function readMe(tx: Tx, actor: StaffActor): Promise<Me> {
  const org = actor.org.id
  const row = await tx.first(
    sql<MeRow>`
      select s.name, s.mail, s.locale, s.zone, s.signature, o.slug as org_slug, o.name as org_name, o.term_set, o.locale as org_locale, o.zone as org_zone, o.demo,
        (select p.value from staff_preference p where p.org_id = s.org_id and p.staff_id = s.id) as preferences,
        coalesce((select jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name) order by t.key) from team_member m
          join team t on t.org_id = m.org_id and t.id = m.team_id where m.org_id = ${org} and m.staff_id = s.id), '[]') as teams,
        coalesce(a.totp, false) as totp, coalesce(a.codes_left, 0) as codes_left
      from staff s join organisation o on o.org_id = s.org_id left join lateral auth.account(s.user_id) a on true
      where s.org_id = ${org} and s.id = ${actor.staffId ?? null}`,
    'me',
  )
  if (!row) throw new RefusalError({ code: 'people.not-signed-in', status: 401 })
  return {
    id: actor.staffId ?? '',
    name: row.name,
    mail: row.mail,
    locale: row.locale,
    zone: row.zone,
    roles: [...actor.roles],
    permissions: [...actor.permissions].sort(),
    teams: row.teams,
    organisation: {
      id: org,
      slug: row.org_slug,
      name: row.org_name,
      termSet: row.term_set,
      locale: row.org_locale,
      zone: row.org_zone,
      demo: row.demo,
    },
    preferences: readPreferences(row.preferences),
    totpOn: row.totp,
    recoveryCodesLeft: row.codes_left,
    signature: { zhHant: '', zhHans: '', en: '', ...row.signature },
  }
}

/** The account behind the actor; integrations have none. */
export async function accountOf(
  tx: Tx,
  actor: StaffActor,
): Promise<{ userId: string; mail: string; passwordHash: string | null; totp: boolean }> {
  const row = await tx.first(
    sql<{ user_id: string; mail: string; password_hash: string | null; totp: boolean }>`
      select s.user_id, s.mail, a.password_hash, a.totp from staff s cross join lateral auth.account(s.user_id) a
      where s.org_id = ${actor.org.id} and s.id = ${actor.staffId ?? null}`,
  )
  if (!row) throw new RefusalError({ code: 'people.not-signed-in', status: 401 })
  return { userId: row.user_id, mail: row.mail, passwordHash: row.password_hash, totp: row.totp }
}

/** Changes what people may change of themselves. */
export async function changeMe(
  tx: Tx,
  actor: StaffActor,
  change: Partial<{ [K in 'name' | 'locale' | 'zone' | 'signature']: Me[K] | undefined }>,
): Promise<Me> {
  await tx.run(
    sql`update staff set name = coalesce(${change.name ?? null}, name), locale = coalesce(${change.locale ?? null}, locale),
          zone = coalesce(${change.zone ?? null}, zone),
          signature = coalesce(${change.signature ? JSON.stringify(change.signature) : null}::jsonb, signature), version = version + 1
        where org_id = ${actor.org.id} and id = ${actor.staffId ?? null}`,
  )
  return readMe(tx, actor)
}
