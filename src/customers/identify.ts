import { sql } from 'kysely'
import type { z } from 'zod'
import type { complainant } from '../complaints/contract.ts'
import type { Tx } from '../kit/db/database.ts'
import { displayName } from '../kit/pure/text.ts'
import { normaliseMail, normalisePhone, phoneSuffixes } from '../language/index.ts'

export type Complainant = z.infer<typeof complainant>
type Identity = { kind: string; value: string; norm: string; keys: readonly string[] }

/** The identities a person gave, in their normal forms; what cannot be normalised is kept as given and compared folded. */
export function identitiesOf(person: Complainant): Identity[] {
  const found: Identity[] = []
  if (person.mail) {
    const mail = normaliseMail(person.mail)
    found.push({
      kind: 'mail',
      value: person.mail,
      norm: mail?.mail ?? person.mail.toLowerCase(),
      keys: [mail?.mail ?? person.mail.toLowerCase()],
    })
  }
  if (person.phone) {
    const phone = normalisePhone(person.phone)
    const digits = phone?.e164 ?? person.phone.replaceAll(/\D/g, '')
    found.push({ kind: 'phone', value: person.phone, norm: digits, keys: phoneSuffixes(digits) })
  }
  if (person.handle)
    found.push({
      kind: person.handle.kind,
      value: person.handle.value,
      norm: person.handle.value.toLowerCase(),
      keys: [person.handle.value.toLowerCase()],
    })
  return found
}

/** Finds the customer by an identity given, or adds one; identities not seen before are added to whoever was found. */
export async function identifyCustomer(
  tx: Tx,
  org: string,
  person: Complainant,
  locale: string,
  now: number,
  newId: () => string,
): Promise<string | null> {
  const identities = identitiesOf(person)
  if (identities.length === 0 && !person.name) return null
  const known =
    identities.length === 0
      ? []
      : await tx.rows<{ customer_id: string; kind: string; norm: string }>(
          sql`select i.customer_id, i.kind, i.norm from customer_identity i join customer c on c.org_id = i.org_id and c.id = i.customer_id
        where i.org_id = ${org} and c.merged_into is null and (${sql.join(
          identities.map((i) => sql`(i.kind = ${i.kind} and i.norm = ${i.norm})`),
          sql` or `,
        )})
        order by i.verified_at nulls last, i.created_at limit 20`,
        )
  const customerId = known[0]?.customer_id ?? newId()
  if (known.length === 0) {
    const name = displayName(person.name) || identities[0]?.value || ''
    await tx.run(
      sql`insert into customer (org_id, id, name, locale, created_at) values (${org}, ${customerId}, ${name}, ${locale}, ${new Date(now)})`,
      'customer-insert',
    )
  }
  const fresh = identities.filter(
    (i) => !known.some((k) => k.customer_id === customerId && k.kind === i.kind && k.norm === i.norm),
  )
  for (const identity of fresh) {
    await tx.run(
      sql`insert into customer_identity (org_id, id, customer_id, kind, value, norm, created_at)
        values (${org}, ${newId()}, ${customerId}, ${identity.kind}, ${identity.value}, ${identity.norm}, ${new Date(now)})`,
      'identity-insert',
    )
    if (identity.keys.length > 0) {
      await tx.run(
        sql`insert into identity_key (org_id, key, customer_id) select ${org}::uuid, unnest(${[...new Set(identity.keys)]}::text[]), ${customerId}::uuid on conflict do nothing`,
        'identity-keys',
      )
    }
  }
  return customerId
}
