import { sql } from 'kysely'
import { normaliseOrderNumber } from '../language/index.ts'
import { replaceHead } from '../search/index.ts'
import type { Tx } from '../kit/db/database.ts'
import type { Context } from './act.ts'
import { pointText } from './point-text.ts'

/** Whether a point (alias `p`) went back with a complaint whose merge was taken back: the row stays as a proof, nobody reads it. */
export const wentBack = sql`exists (select from complaint_event b, jsonb_array_elements(coalesce(b.payload#>'{changes,points}', '[]')) g where b.org_id = p.org_id
    and b.complaint_id = p.complaint_id and b.type in ('released', 'point_removed') and g->>'id' = p.id::text and g->>'gone' = 'true')`

/** What a complaint is found by, but for what was said: `text` for all who may read it, `who` for those who may know customers. */
export type Head = { readonly id: string; readonly receivedAt: number; readonly text: string; readonly who: string }

/**
 * Heads as search knows them: number, title, points, references, the id it had elsewhere, and the names of those that are not
 * confidential. The order number is the kept one; `orderAsGiven` has it as it came.
 */
export async function headsOf(
  tx: Tx,
  org: string,
  ids: readonly string[],
): Promise<(Head & { readonly orderNo: string | null })[]> {
  return tx.rows(sql`select c.id, c.received_at as "receivedAt", c.order_no as "orderNo",
      concat_ws(E'\n', c.number, t.title, (select string_agg(${pointText}, E'\n' order by p.no) from point p where p.org_id = c.org_id and p.complaint_id = c.id and not ${wentBack}), c.order_no, c.public_ref,
        substr(c.public_ref, 1, 5) || '-' || substr(c.public_ref, 6), c.authority->>'number', c.authority->>'body', c.authority->>'sender', t.remedy_sought,
        (select m.source_id from import_item m where m.org_id = c.org_id and m.complaint_id = c.id)) as text,
      concat_ws(E'\n', case when c.mode = 'named' then t.on_behalf_of end,
        case when c.mode = 'named' then (select concat_ws(E'\n', u.name, (select string_agg(i.value, E'\n') from customer_identity i where i.org_id = u.org_id and i.customer_id = u.id))
          from customer u where u.org_id = c.org_id and u.id = c.customer_id) end) as who
    from complaint c join complaint_text t on t.org_id = c.org_id and t.complaint_id = c.id where c.org_id = ${org} and c.id = any (${ids}::uuid[])`)
}

/** Makes the head of a complaint findable as it is now. */
export async function replaceHeadOf(ctx: Pick<Context, 'tx' | 'actor'>, id: string): Promise<void> {
  const org = ctx.actor.org
  const [head] = await headsOf(ctx.tx, org.id, [id])
  if (!head) return
  const given = await orderAsGiven(ctx.tx, org.id, id, head.orderNo)
  const text = [head.text, given].filter(Boolean).join('\n')
  await replaceHead(ctx.tx, org, id, head.receivedAt, { text, who: head.who })
}

/** The order number as the item that came in has it, while it is still that one; else the number that is kept. */
export async function orderAsGiven(tx: Tx, org: string, id: string, kept: string | null): Promise<string | null> {
  if (kept === null) return null
  // One after the other: joined, what is taken out of the payload leads to no key, and every item there is would be read.
  const first = await tx.first<{ item: string | null }>(
    sql`select e.payload#>>'{facts,inboundItemId}' as item from complaint_event e
        where e.org_id = ${org} and e.complaint_id = ${id} and e.seq = 1`,
    'item-of',
  )
  const row =
    first?.item &&
    (await tx.first<{ raw: Buffer }>(
      sql`select i.raw from inbound_item i where i.org_id = ${org} and i.id = ${first.item}::uuid`,
      'item-raw',
    ))
  const given = row ? givenIn(row.raw) : undefined
  return given && (normaliseOrderNumber(given) ?? given) === kept ? given : kept
}

function givenIn(raw: Buffer): string | undefined {
  try {
    const item: unknown = JSON.parse(raw.toString('utf8'))
    const given = typeof item === 'object' && item !== null && 'orderNo' in item ? item.orderNo : undefined
    return typeof given === 'string' ? given.trim() : undefined
  } catch {
    // Items that are no JSON have no field of that name.
    return undefined
  }
}
