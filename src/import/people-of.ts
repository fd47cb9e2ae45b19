import { sql } from 'kysely'
import { identitiesOf } from '../customers/index.ts'
import type { Tx } from '../kit/db/database.ts'
import { displayName } from '../kit/pure/text.ts'
import { fold } from '../language/index.ts'
import type { Sheet } from './columns.ts'
import type { Person, Told } from './domain/told.ts'

type Identity = ReturnType<typeof identitiesOf>[number]
type Customer = { readonly id: string; readonly name: string }
/** Who is known by which identity (`mail a@b.c`, `phone +886…`). */
export type Known = Map<string, Customer>

const keyOf = ({ kind, norm }: Pick<Identity, 'kind' | 'norm'>) => `${kind} ${norm}`
const sameName = (a: string, b: string) => fold(a).trim().toLowerCase() === fold(b).trim().toLowerCase()

/** Telephone numbers repeat, and reading one takes as long as all the rest of a row. */
const remembered = 20_000
const read = new Map<string, readonly Identity[]>()
function identitiesIn({ mail, phone }: Person): readonly Identity[] {
  const key = `${mail}\n${phone}`
  const met = read.get(key)
  if (met) return met
  if (read.size >= remembered) read.clear()
  const identities = identitiesOf({ ...(mail ? { mail } : {}), ...(phone ? { phone } : {}) })
  read.set(key, identities)
  return identities
}

/** Those of these people who are customers already. */
export async function knownOf(tx: Tx, org: string, all: readonly Told[]): Promise<Known> {
  const identities = all.flatMap(({ person }) => (person ? identitiesIn(person) : []))
  if (identities.length === 0) return new Map()
  const rows = await tx.rows<{ kind: string; norm: string; id: string; name: string }>(
    sql`select i.kind, i.norm, c.id, c.name
      from (select distinct * from unnest(${identities.map((i) => i.kind)}::text[], ${identities.map((i) => i.norm)}::text[]) as x(kind, norm)) g
        cross join lateral (select i.customer_id, i.kind, i.norm, i.verified_at, i.created_at from customer_identity i
          where i.org_id = ${org} and i.kind = g.kind and i.norm = g.norm offset 0) i
        cross join lateral (select c.id, c.name, c.merged_into from customer c where c.org_id = ${org} and c.id = i.customer_id offset 0) c
      where c.merged_into is null order by i.verified_at nulls last, i.created_at`,
  )
  const known: Known = new Map()
  // The first is kept, as intake does (knownBy): proven before unproven, then the oldest.
  for (const { kind, norm, id, name } of rows)
    if (!known.has(keyOf({ kind, norm }))) known.set(keyOf({ kind, norm }), { id, name })
  return known
}

/**
 * The customer a row is of: whoever has its mail, or its number and the same name (a number may be a family's); else somebody
 * new, with a row for each identity; who is new is in `made`, too. Null for nobody.
 */
export function customerOf(
  sheet: Sheet,
  given: { org: string; now: number; locale: string; newId: () => string },
  known: Known,
  made: Known,
  person: Person | null,
): string | null {
  if (!person) return null
  const identities = identitiesIn(person)
  const name = displayName(person.name) || identities[0]?.value || ''
  if (name === '') return null
  const { org, now, newId } = given
  const at = new Date(now).toISOString()
  const mail = identities.find((i) => i.kind === 'mail')
  const phone = identities.find((i) => i.kind === 'phone')
  const byPhone = phone && known.get(keyOf(phone))
  const met =
    (mail && known.get(keyOf(mail))) ??
    (byPhone && (!person.name || sameName(byPhone.name, name)) ? byPhone : undefined)
  const customer = met ?? { id: newId(), name }
  // Found by its sound and its parts once the worker has come by: `keyed` is left for it.
  if (!met) sheet.customer.push([org, customer.id, name, given.locale, false, at])
  for (const identity of identities) {
    const key = keyOf(identity)
    // What is somebody else's by now stays theirs.
    if (known.has(key)) continue
    sheet.customer_identity.push([org, newId(), customer.id, identity.kind, identity.value, identity.norm, at])
    for (const k of identity.keys) sheet.identity_key.push([org, k, customer.id])
    known.set(key, customer)
    made.set(key, customer)
  }
  return customer.id
}
