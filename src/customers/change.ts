import { sql } from 'kysely'
import type { z } from 'zod'
import { replaceHeadOf } from '../complaints/index.ts'
import { newId } from '../kit/ids.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { displayName } from '../kit/pure/text.ts'
import { normaliseMail } from '../language/index.ts'
import { noteAccess } from '../people/index.ts'
import type { changeCustomer as endpoint } from './contract.ts'
import { identityOf } from './identify.ts'
import { type Call, type Known, lockKnown } from './known.ts'
import { nameKeys } from './name-keys.ts'

type Wanted = z.infer<NonNullable<typeof endpoint.body>>
type Identity = { id: string; kind: string; value: string; not_used: string | null }
type Change = { readonly field: string; readonly before: string; readonly after: string }

/** Complaints whose words of search are written anew at once; a customer with more is a company, found by its name anyway. */
const mostHeads = 200

/**
 * Name, language, way of contact and addresses as they are to be, each change kept with its before and after. Refused when
 * somebody changed it since, or when neither a name nor an address would be left.
 */
export async function changeCustomer(call: Call, id: string, wanted: Wanted): Promise<{ id: string; version: number }> {
  const { tx, actor, now } = call
  const org = actor.org.id
  const before = await lockKnown(call, id)
  if (before.version !== wanted.version)
    throw new RefusalError({ code: 'customers.changed-meanwhile', status: 409, facts: { version: before.version } })
  const name = displayName(wanted.name)
  if (name === '' && wanted.identities.length === 0)
    throw new RefusalError({ code: 'customers.nothing-left', status: 422 })
  const had = await tx.rows<Identity>(
    sql`select id, kind, value, not_used from customer_identity where org_id = ${org} and customer_id = ${id} order by created_at`,
  )
  const addresses = await ofAddresses(call, id, had, eachOnce(wanted.identities))
  const changes = [...ofPerson(before, { ...wanted, name }), ...addresses]
  if (changes.length === 0) return { id, version: before.version }
  const version = before.version + 1
  await tx.run(
    sql`update customer set name = ${name}, locale = ${wanted.locale}, preferred_channel = ${wanted.preferredChannel}, version = ${version}, keyed = true
        where org_id = ${org} and id = ${id}`,
  )
  await rekey(call, id, name)
  await tx.run(
    sql`insert into customer_change (org_id, id, customer_id, staff_id, at, field, before, after)
        select ${org}, x.id, ${id}, ${actor.staffId ?? null}, ${new Date(now)}, x.field, x.before, x.after
        from jsonb_to_recordset(${JSON.stringify(changes.map((c) => ({ id: newId(now), ...c })))}::jsonb) as x(id uuid, field text, before text, after text)`,
  )
  const facts = { customerId: id, fields: [...new Set(changes.map((c) => c.field))] }
  await noteAccess(tx, { org, staffId: actor.staffId, what: 'customer.changed', facts }, now)
  await findable(call, id)
  return { id, version }
}

function ofPerson(before: Known, after: Pick<Wanted, 'name' | 'locale' | 'preferredChannel'>): Change[] {
  return [
    { field: 'name', before: before.name, after: after.name },
    { field: 'locale', before: before.locale, after: after.locale },
    { field: 'preferredChannel', before: before.preferred_channel ?? '', after: after.preferredChannel ?? '' },
  ].filter((c) => c.before !== c.after)
}

/** What is written twice is one: the same entry, or as a new one what is there already. */
function eachOnce(wanted: Wanted['identities']): Wanted['identities'] {
  const all = wanted.toSorted((a, b) => Number(a.id === undefined) - Number(b.id === undefined))
  const same = (w: Wanted['identities'][number]) => `${w.kind} ${identityOf(w.kind, w.value).norm}`
  return all.filter((w, at) => all.findIndex((k) => (w.id === undefined ? same(k) === same(w) : k.id === w.id)) === at)
}

/** Addresses taken away, written anew, or not to be used; one that reads otherwise now is no longer proven. */
async function ofAddresses(
  { tx, actor, now }: Call,
  id: string,
  had: readonly Identity[],
  wanted: Wanted['identities'],
): Promise<Change[]> {
  const org = actor.org.id
  const changes: Change[] = []
  const at = new Date(now)
  for (const old of had.filter((o) => !wanted.some((w) => w.id === o.id))) {
    await tx.run(sql`delete from customer_identity where org_id = ${org} and customer_id = ${id} and id = ${old.id}`)
    changes.push({ field: old.kind, before: old.value, after: '' })
  }
  for (const one of wanted) {
    const old = had.find((o) => o.id === one.id)
    const { norm } = identityOf(one.kind, one.value)
    const isNew = old?.value !== one.value || old.kind !== one.kind
    if (isNew && one.kind === 'mail' && !normaliseMail(one.value))
      throw new RefusalError({ code: 'customers.no-mail', status: 422, facts: { value: one.value } })
    if (!old) {
      await tx.run(
        sql`insert into customer_identity (org_id, id, customer_id, kind, value, norm, not_used, created_at)
            values (${org}, ${newId(now)}, ${id}, ${one.kind}, ${one.value}, ${norm}, ${one.notUsed}, ${at})`,
      )
      changes.push({ field: one.kind, before: '', after: one.value })
      continue
    }
    if (isNew) {
      await tx.run(
        sql`update customer_identity set kind = ${one.kind}, value = ${one.value}, norm = ${norm}, verified_at = null where org_id = ${org} and customer_id = ${id} and id = ${old.id}`,
      )
      changes.push({ field: one.kind, before: old.value, after: one.value })
    }
    if (old.not_used !== one.notUsed) {
      await tx.run(
        sql`update customer_identity set not_used = ${one.notUsed} where org_id = ${org} and customer_id = ${id} and id = ${old.id}`,
      )
      const said = (why: string | null) => (why === null ? one.value : `${one.value} (${why})`)
      changes.push({ field: 'notUsed', before: said(old.not_used), after: said(one.notUsed) })
    }
  }
  return changes
}

async function rekey({ tx, actor }: Call, id: string, name: string): Promise<void> {
  const org = actor.org.id
  const now = await tx.rows<{ kind: string; value: string }>(
    sql`select kind, value from customer_identity where org_id = ${org} and customer_id = ${id}`,
  )
  const keys = [...new Set([...nameKeys(name), ...now.flatMap((i) => identityOf(i.kind, i.value).keys)])]
  await tx.run(sql`delete from identity_key where org_id = ${org} and customer_id = ${id}`)
  await tx.run(
    sql`insert into identity_key (org_id, key, customer_id) select ${org}, unnest(${keys}::text[]), ${id} on conflict do nothing`,
  )
}

/** Search knows the complaint of a named person by name and address: as they are now. */
async function findable(call: Call, id: string): Promise<void> {
  const complaints = await call.tx.rows<{ id: string }>(
    sql`select id from complaint where org_id = ${call.actor.org.id} and customer_id = ${id} and mode = 'named' order by received_at desc limit ${mostHeads}`,
  )
  for (const complaint of complaints) await replaceHeadOf(call, complaint.id)
}
