import { type RawBuilder, sql } from 'kysely'
import { normaliseMail, normaliseOrderNumber, normalisePhone } from '../language/index.ts'
import { visibleSql } from '../people/index.ts'
import { nameRanges } from './name-keys.ts'

/**
 * The ids of customers that what was typed may mean: any part or the sound of a name, the end of a number (three digits or
 * more), a whole mail or handle, or the number of an order one may see. `most` bounds each way of finding.
 */
export function matching(org: string, q: string, most: number): RawBuilder<unknown> {
  const digits = q.replaceAll(/\D/g, '')
  const keys = [
    q.toLowerCase(),
    normaliseMail(q)?.mail,
    digits.length >= 3 ? digits.slice(-9) : undefined,
    normalisePhone(q)?.e164.slice(-9),
  ].filter((k) => k !== undefined)
  const named = nameRanges(q).map(
    ({ from, to }) =>
      sql`union (select k.customer_id from identity_key k where k.org_id = ${org} and k.key >= ${from} and k.key < ${to} limit ${most})`,
  )
  return sql`(select k.customer_id from identity_key k where k.org_id = ${org} and k.key = any (${keys}::text[]) limit ${most})
    ${sql.join(named, sql` `)}
    union (select c.customer_id from complaint c where c.org_id = ${org} and c.order_no = ${normaliseOrderNumber(q)}::text and c.customer_id is not null
      and c.mode = 'named' and ${sql.raw(visibleSql('c'))} limit 20)`
}
