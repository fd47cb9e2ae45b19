import { sql } from 'kysely'
import type { Complainant } from '../customers/index.ts'
import { identifyCustomer } from '../customers/index.ts'
import type { Tx } from '../kit/db/database.ts'
import { newIds } from '../kit/ids.ts'
import { customers } from './customers.ts'
import type { Customer, IdentityKind } from './types.ts'

type Handle = NonNullable<Complainant['handle']>
const handleKinds: Partial<Record<IdentityKind, Handle['kind']>> = {
  line: 'line',
  wechat: 'wechat',
  facebook: 'facebook',
  x: 'x',
  member: 'member_no',
  google: 'other',
  xiaohongshu: 'other',
}

/** A customer of the content as intake is told of one: mail, telephone and each handle they are known by. */
export function complainantsOf(customer: Customer): Complainant[] {
  const value = (kind: IdentityKind) => customer.identities.find((one) => one.kind === kind)?.value
  const mail = value('email')
  const phone = value('phone')
  const base = { name: customer.name, locale: customer.locale, ...(mail ? { mail } : {}), ...(phone ? { phone } : {}) }
  const handles = customer.identities.flatMap(({ kind, value: handle }) => {
    const known = handleKinds[kind]
    return known ? [{ kind: known, value: handle }] : []
  })
  return handles.length === 0 ? [base] : handles.map((handle) => ({ ...base, handle }))
}

export function customerOf(key: string): Customer | undefined {
  return customers.find((one) => one.key === key)
}

/** The customer's row, made when they first complain, with every identity they have. */
export async function customerId(tx: Tx, org: string, customer: Customer, now: number): Promise<string> {
  let id: string | null = null
  for (const told of complainantsOf(customer))
    id = await identifyCustomer(tx, org, told, customer.locale, now, newIds(now))
  if (id === null) throw new Error(`the demo customer ${customer.key} has no identity`)
  await tx.run(sql`update customer set tier = ${customer.tier} where org_id = ${org} and id = ${id}`)
  return id
}
