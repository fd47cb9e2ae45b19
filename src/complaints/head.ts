import { sql } from 'kysely'
import { replaceHead } from '../search/index-rows.ts'
import type { Context } from './act.ts'

/** The head of a complaint as search knows it: number, title, points, references, and the names of one that is not confidential. */
export async function replaceHeadOf(ctx: Pick<Context, 'tx' | 'actor'>, id: string): Promise<void> {
  const org = ctx.actor.org
  const row = await ctx.tx.first<{ received_at: number; words: string }>(sql`select c.received_at,
      concat_ws(E'\n', c.number, t.title, (select string_agg(p.text, E'\n' order by p.no) from point p where p.org_id = c.org_id and p.complaint_id = c.id), c.order_no, c.public_ref,
        c.authority->>'number', t.remedy_sought,
        case when c.mode = 'named' then (select concat_ws(E'\n', u.name, (select string_agg(i.value, E'\n') from customer_identity i where i.org_id = u.org_id and i.customer_id = u.id))
          from customer u where u.org_id = c.org_id and u.id = c.customer_id) end) as words
    from complaint c join complaint_text t on t.org_id = c.org_id and t.complaint_id = c.id where c.org_id = ${org.id} and c.id = ${id}`)
  if (row) await replaceHead(ctx.tx, org, id, row.received_at, row.words)
}
