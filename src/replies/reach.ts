import { sql } from 'kysely'
import type { Context } from '../complaints/index.ts'
import type { ComplaintState } from '../complaints/domain/index.ts'
import { RefusalError } from '../kit/pure/result.ts'
import type { Services } from '../kit/services.ts'
import { type StaffActor, visibleSql } from '../people/index.ts'
import type { GoesTo } from './contract.ts'
import { goesTo } from './goes-to.ts'
import { holdsDoor, isCalled, type WayOut, wayOut } from './way-out.ts'

/** The way out of a complaint one may see, asked before an answer is written; to others it does not exist. */
export async function reachOf(
  app: Services,
  ctx: Pick<Context, 'tx'> & { readonly actor: StaffActor },
  id: string,
): Promise<{ way: WayOut; portal: boolean; call: boolean; sending: GoesTo }> {
  const state = await ctx.tx.first<Pick<ComplaintState, 'id' | 'customerId' | 'mode' | 'channel'>>(
    sql`select c.id, c.customer_id as "customerId", c.mode, c.channel from complaint c
        where c.org_id = ${ctx.actor.org.id} and c.id = ${id} and ${sql.raw(visibleSql('c'))}`,
  )
  if (!state) throw new RefusalError({ code: 'complaints.not-found', status: 404 })
  const way = await wayOut(app, ctx, state)
  const call = way === 'portal' && (await isCalled(ctx, state))
  return { way, portal: await holdsDoor(app, ctx, state), call, sending: await goesTo(app, ctx, state) }
}
