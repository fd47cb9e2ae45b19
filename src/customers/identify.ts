import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { complainant } from '../complaints/contract.ts'
import { visibleSql } from '../people/index.ts'
import type { Tx } from '../kit/db/database.ts'
import { displayName } from '../kit/pure/text.ts'
import { normaliseMail, normalisePhone, phoneSuffixes } from '../language/index.ts'
import { nameKeys } from './name-keys.ts'

export type Complainant = z.infer<typeof complainant>
type Identity = { kind: string; value: string; norm: string; keys: readonly string[] }

/** One identity in its normal form; what cannot be normalised is kept as given and compared folded. */
export function identityOf(kind: string, value: string): Identity {
  if (kind === 'mail') {
    const norm = normaliseMail(value)?.mail ?? value.toLowerCase()
    return { kind, value, norm, keys: [norm] }
  }
  if (kind === 'phone') {
    const norm = normalisePhone(value)?.e164 ?? value.replaceAll(/\D/g, '')
    return { kind, value, norm, keys: phoneSuffixes(norm) }
  }
  // A household, a house of flats: an address is nobody's alone, and finds nobody. It is the same only when it reads the same.
  if (kind === 'address') return { kind, value, norm: folded(value), keys: [] }
  return { kind, value, norm: value.toLowerCase(), keys: [value.toLowerCase()] }
}

const folded = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s,.，。、]+/g, '')

/** As on an envelope: the lines that say something, the country last. */
export function addressText({
  lines,
  country = '',
}: {
  readonly lines: string
  readonly country?: string | undefined
}): string {
  return [...lines.split('\n'), country]
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .join('\n')
}

/** The identities a person gave. */
export function identitiesOf({
  mail,
  phone,
  handle,
  address,
}: Pick<Complainant, 'mail' | 'phone' | 'handle' | 'address'>): Identity[] {
  const post = address ? addressText(address) : ''
  return [
    ...(mail ? [identityOf('mail', mail)] : []),
    ...(phone ? [identityOf('phone', phone)] : []),
    ...(handle ? [identityOf(handle.kind, handle.value)] : []),
    ...(post ? [identityOf('address', post)] : []),
  ]
}

/** Who is known by an identity, the best proven first. */
export type Known = { readonly customer_id: string; readonly kind: string; readonly norm: string }

/**
 * A customer this reader may know of: without complaints yet, or with a named one that may be seen; for those who may read
 * who complains in confidence (`confidential`), with one of these too.
 */
export function readable(customer: string, confidential = false): RawBuilder<unknown> {
  const of = `c2.org_id = ${customer}.org_id and c2.customer_id = ${customer}.id`
  const named = confidential ? `c2.mode in ('named', 'confidential')` : `c2.mode = 'named'`
  return sql.raw(
    `(not exists (select 1 from complaint c2 where ${of}) or exists (select 1 from complaint c2 where ${of} and ${named} and ${visibleSql('c2')}))`,
  )
}

/**
 * Who is known by the identities given (looked up one after the other: OFFSET 0 keeps a plan made on empty tables from walking
 * through all customers), among the customers the reader may know of; for statements that look more up at once.
 * `all` is for a history that is replayed, where nobody guesses; `named` where nobody reads: among those who never asked for
 * their name to be kept; `unproven` for a mail that proves nothing: among those of whom nothing is known but mails from this
 * very address that proved as little.
 */
export function knownBy(
  org: string,
  person: Complainant | undefined,
  among: keyof typeof amongSql = 'readable',
): RawBuilder<unknown> {
  const identities = person ? identitiesOf(person) : []
  return sql`select i.customer_id, i.kind, i.norm
    from unnest(${identities.map((i) => i.kind)}::text[], ${identities.map((i) => i.norm)}::text[]) as g(kind, norm)
      cross join lateral (select i.customer_id, i.kind, i.norm, i.verified_at, i.created_at from customer_identity i
        where i.org_id = ${org} and i.kind = g.kind and i.norm = g.norm offset 0) i
      cross join lateral (select c.org_id, c.id, c.merged_into from customer c where c.org_id = ${org} and c.id = i.customer_id offset 0) c
    where c.merged_into is null and ${amongSql[among]} order by i.verified_at nulls last, i.created_at limit 20`
}

const amongSql = {
  all: sql`true`,
  readable: readable('c'),
  named: sql`not exists (select 1 from complaint c2 where c2.org_id = c.org_id and c2.customer_id = c.id and c2.mode <> 'named' offset 0)`,
  unproven: sql`i.kind = 'mail' and i.verified_at is null
    and not exists (select 1 from customer_identity o where o.org_id = c.org_id and o.customer_id = c.id and (o.kind, o.norm) <> (i.kind, i.norm) offset 0)
    and not exists (select 1 from complaint c2 where c2.org_id = c.org_id and c2.customer_id = c.id and (c2.mode <> 'named' or c2.channel <> 'email') offset 0)`,
} as const

/** Rows still to be written so that a person is known: none, identities of a known customer, or a new one with them. */
export type CustomerRows = {
  readonly id: string
  readonly customers: readonly { readonly id: string; readonly name: string; readonly locale: string }[]
  readonly identities: readonly {
    readonly id: string
    readonly kind: string
    readonly value: string
    readonly norm: string
  }[]
  readonly keys: readonly string[]
}

/** Whoever is known by an identity given, or somebody new; identities not seen before are added. Null for nobody at all. */
export function customerRows(
  person: Complainant,
  known: readonly Known[],
  locale: string,
  newId: () => string,
): CustomerRows | null {
  const identities = identitiesOf(person)
  if (!identities.some((i) => i.kind !== 'address') && !person.name) return null
  // A number or a handle may be a family's or a stranger's guess: alone it makes nobody known, or answers would go to the
  // address somebody else gave. Staff who know the person choose the customer themselves.
  const id = known.find((k) => k.kind === 'mail')?.customer_id ?? newId()
  const isKnown = known.some((k) => k.customer_id === id)
  const name = displayName(person.name) || identities.find((i) => i.kind !== 'address')?.value || ''
  const fresh = identities.filter(
    (i) => !known.some((k) => k.customer_id === id && k.kind === i.kind && k.norm === i.norm),
  )
  return {
    id,
    customers: isKnown ? [] : [{ id, name, locale }],
    identities: fresh.map(({ kind, value, norm }) => ({ id: newId(), kind, value, norm })),
    keys: [...new Set([...fresh.flatMap((i) => i.keys), ...(isKnown ? [] : nameKeys(name))])],
  }
}

/** The parts of a WITH that write them, for any number of people. */
export function writingCustomers(org: string, all: readonly CustomerRows[], now: number): RawBuilder<unknown> {
  const customers = all.flatMap((c) => c.customers)
  const identities = all.flatMap((c) => c.identities.map((i) => ({ of: c.id, ...i })))
  const keys = all.flatMap((c) => c.keys.map((key) => ({ of: c.id, key })))
  return sql`customers as (
      insert into customer (org_id, id, name, locale, keyed, created_at)
      select ${org}::uuid, x.id, x.name, x.locale, true, ${new Date(now)} from jsonb_to_recordset(${JSON.stringify(customers)}::jsonb) as x(id uuid, name text, locale text)
    ), identities as (
      insert into customer_identity (org_id, id, customer_id, kind, value, norm, created_at)
      select ${org}::uuid, x.id, x.of, x.kind, x.value, x.norm, ${new Date(now)}
      from jsonb_to_recordset(${JSON.stringify(identities)}::jsonb) as x(id uuid, of uuid, kind text, value text, norm text)
    ), keys as (
      insert into identity_key (org_id, key, customer_id)
      select ${org}::uuid, x.key, x.of from jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as x(key text, of uuid) on conflict do nothing
    )`
}

/**
 * Finds the customer by an identity given, or adds one; identities not seen before are added to whoever was found. For what is
 * known to be true (the demo's history): it asks nobody's leave.
 */
export async function identifyCustomer(
  tx: Tx,
  org: string,
  person: Complainant,
  locale: string,
  now: number,
  newId: () => string,
): Promise<string | null> {
  const known = await tx.rows<Known>(knownBy(org, person, 'all') as RawBuilder<Known>, 'customer-known')
  const rows = customerRows(person, known, locale, newId)
  if (rows && rows.customers.length + rows.identities.length > 0)
    await tx.run(sql`with ${writingCustomers(org, [rows], now)} select 1`, 'customer-write')
  return rows?.id ?? null
}
