import { sql } from 'kysely'
import type { Context } from '../complaints/index.ts'
import type { ComplaintState } from '../complaints/domain/index.ts'
import type { Services } from '../kit/services.ts'
import { mailboxFor } from '../mail/index.ts'
import type { StaffActor } from '../people/index.ts'
import type { GoesTo } from './contract.ts'
import { senderAddress } from './mail.ts'
import { recipientsOf } from './recipients.ts'

type Reader = Pick<Context, 'tx'> & { readonly actor: StaffActor }
type Asked = Pick<ComplaintState, 'id' | 'customerId' | 'mode' | 'channel'>

const mostShown = 20

/** The mails an answer given now would make, and why none; addresses only for readers who may know who complains. */
export async function goesTo(app: Pick<Services, 'config'>, ctx: Reader, state: Asked): Promise<GoesTo> {
  const { own, others } = await recipientsOf(app, ctx, state)
  const all = [
    ...(own === undefined ? [] : [{ id: state.id, address: own, known: mayKnow(ctx.actor, state.mode) }]),
    ...others.map(({ merged, address }) => ({
      id: merged.id,
      address,
      known: merged.visible && mayKnow(ctx.actor, merged.mode),
    })),
  ]
  const mails: GoesTo['mails'] = []
  for (const { id, address, known } of all.slice(0, mostShown)) {
    const mailbox = await mailboxFor(ctx.tx, ctx.actor.org.id, id)
    mails.push({ to: known ? address : null, from: mailbox?.address ?? senderAddress(app.config) })
  }
  return { mails, more: all.length - mails.length, noMail: all.length > 0 ? null : await whyNot(app, ctx, state) }
}

function mayKnow({ permissions }: StaffActor, mode: Asked['mode']): boolean {
  return permissions.has('customer.read') && (mode === 'named' || permissions.has('customer.confidential'))
}

async function whyNot(
  { config }: Pick<Services, 'config'>,
  { tx, actor }: Reader,
  { customerId, mode }: Asked,
): Promise<NonNullable<GoesTo['noMail']>> {
  if (!config.smtpUrl) return 'no-server'
  if (mode === 'anonymous') return 'anonymous'
  const unused =
    customerId !== null &&
    (await tx.first(
      sql`select 1 as ok from customer_identity where org_id = ${actor.org.id} and customer_id = ${customerId} and kind = 'mail' limit 1`,
    ))
  return unused ? 'not-used' : 'no-address'
}
