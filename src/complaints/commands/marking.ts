import { sql } from 'kysely'
import { RefusalError } from '../../kit/pure/result.ts'
import type { Services } from '../../kit/services.ts'
import { visibleSql } from '../../people/index.ts'
import { act, type Context, type Outcome } from '../act.ts'
import type * as contract from '../contract.ts'
import type { Mentioned } from '../domain/decide/marking.ts'
import { staffFacts } from '../staff-facts.ts'
import type { Body } from './shared.ts'

/** A message told under this complaint: its own, or of one merged into it that this reader may see. */
export async function messageOf(
  ctx: Pick<Context, 'tx' | 'actor'>,
  id: string,
  messageId: string,
): Promise<{ body: string }> {
  const org = ctx.actor.org.id
  const row = await ctx.tx.first<{ body: string }>(
    sql`select m.body from complaint c join message m on m.org_id = c.org_id and m.complaint_id = c.id and m.id = ${messageId}
      where c.org_id = ${org} and c.id = any (array(select ${id}::uuid union all select g.id from complaint g where g.org_id = ${org} and g.merged_into = ${id}))
        and ${sql.raw(visibleSql('c'))}`,
  )
  if (!row) throw new RefusalError({ code: 'complaints.no-such-message', status: 404 })
  return row
}

export function fold(app: Services, ctx: Context, id: string, b: Body<typeof contract.foldMessage>): Promise<Outcome> {
  return act(app, ctx, { id, version: undefined, name: 'fold' }, async () => {
    await messageOf(ctx, id, b.messageId)
    return { messageId: b.messageId, folded: b.folded }
  })
}

export function translate(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.translateMessage>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: undefined, name: 'translate' }, async ({ write }) => {
    await messageOf(ctx, id, b.messageId)
    return { messageId: b.messageId, locale: b.locale, words: write('translation', b.text) }
  })
}

/** Those named in a note: active colleagues who may write notes. */
export async function mentionedOf(ctx: Context, ids: readonly string[]): Promise<Mentioned[]> {
  const found: Mentioned[] = []
  for (const staffId of new Set(ids)) {
    const { id, chain } = await staffFacts(ctx.tx, ctx.actor.org.id, staffId, 'complaint.note')
    found.push({ id, chain })
  }
  return found
}
