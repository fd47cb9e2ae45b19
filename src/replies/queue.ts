import { sql } from 'kysely'
import type { Context } from '../complaints/index.ts'
import type { ComplaintState } from '../complaints/domain/index.ts'
import { newId } from '../kit/ids.ts'
import type { Services } from '../kit/services.ts'
import { mailAddress } from './way-out.ts'

/**
 * Puts an answer into the outbox when there is an address and a way out; it waits there for the undo time. Without either,
 * the portal shows it after the same time. Runs in the answer's own transaction. `quiet` keeps it as sent long ago, with
 * nothing left to do: a replayed history writes to nobody.
 */
export async function queueReply(
  app: Services,
  ctx: Pick<Context, 'tx' | 'actor' | 'now'> & { readonly quiet?: boolean },
  state: ComplaintState,
  messageId: string,
  text: string,
): Promise<void> {
  const { tx, actor, now } = ctx
  const org = actor.org.id
  const notBefore = now + app.config.undoSeconds * 1000
  const mail = !ctx.quiet && app.config.smtpUrl ? await mailAddress(ctx, state) : undefined
  const title = await tx.first<{ title: string }>(
    sql`select title from complaint_text where org_id = ${org} and complaint_id = ${state.id}`,
  )
  const id = newId(now)
  const envelope = { subject: `[${state.number}] ${title?.title ?? ''}`, text, locale: state.locale }
  await tx.run(
    sql`insert into outbox (org_id, id, complaint_id, message_id, channel, recipient, envelope, state, not_before, sent_at, created_at)
      values (${org}, ${id}, ${state.id}, ${messageId}, ${mail ? 'email' : 'portal'}, ${mail ?? ''}, ${JSON.stringify(envelope)}::jsonb, ${ctx.quiet ? 'sent' : 'waiting'},
        ${new Date(notBefore)}, ${ctx.quiet ? new Date(now) : null}, ${new Date(now)})`,
  )
  if (ctx.quiet) return
  await tx.run(
    sql`select enqueue_job('send_outbox', ${JSON.stringify({ org, id })}::json, ${`outbox:${id}`}, ${new Date(notBefore)})`,
  )
}
