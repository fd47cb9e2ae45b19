import { sql } from 'kysely'
import type { Context } from '../complaints/index.ts'
import type { ComplaintState } from '../complaints/domain/index.ts'
import { newId } from '../kit/ids.ts'
import type { Services } from '../kit/services.ts'
import { publicTitle } from './public-title.ts'
import { enqueueOutgoing } from './store.ts'
import { type Recipients, recipientsOf } from './recipients.ts'

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
  const { own: mail, others } = ctx.quiet ? { own: undefined, others: [] } : await recipientsOf(app, ctx, state)
  const title = await tx.first<{ title: string }>(
    sql`select ${publicTitle} as title from complaint c join complaint_text t on t.org_id = c.org_id and t.complaint_id = c.id
        where c.org_id = ${org} and c.id = ${state.id}`,
  )
  const id = newId(now)
  const envelope = { subject: `[${state.number}] ${title?.title ?? ''}`, text, locale: state.locale }
  await tx.run(
    sql`insert into outbox (org_id, id, complaint_id, message_id, channel, recipient, envelope, state, not_before, sent_at, created_at)
      values (${org}, ${id}, ${state.id}, ${messageId}, ${mail ? 'email' : 'portal'}, ${mail ?? ''}, ${JSON.stringify(envelope)}::jsonb, ${ctx.quiet ? 'sent' : 'waiting'},
        ${new Date(notBefore)}, ${ctx.quiet ? new Date(now) : null}, ${new Date(now)})`,
  )
  if (ctx.quiet) return
  await enqueueOutgoing(tx, org, id, notBefore)
  await queueToMerged(ctx, others, { messageId, text, notBefore })
}

type Answer = {
  readonly messageId: string
  readonly text: string
  readonly notBefore: number
}

/**
 * What is merged into it is answered with it: each contact of its own gets the answer too, under its own number and title,
 * and sees nobody else's address. The row stands with the merged complaint; the words stay the survivor's.
 */
async function queueToMerged(
  ctx: Pick<Context, 'tx' | 'actor' | 'now'>,
  others: Recipients['others'],
  { messageId, text, notBefore }: Answer,
): Promise<void> {
  const { tx, actor, now } = ctx
  const org = actor.org.id
  for (const { merged: m, address: mail } of others) {
    const id = newId(now)
    const envelope = { subject: `[${m.number}] ${m.title}`, text, locale: m.locale }
    await tx.run(
      sql`insert into outbox (org_id, id, complaint_id, message_id, channel, recipient, envelope, state, not_before, created_at)
        values (${org}, ${id}, ${m.id}, ${messageId}, 'email', ${mail}, ${JSON.stringify(envelope)}::jsonb, 'waiting', ${new Date(notBefore)}, ${new Date(now)})`,
    )
    await enqueueOutgoing(tx, org, id, notBefore)
  }
}
