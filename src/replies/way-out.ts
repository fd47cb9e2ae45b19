import { sql } from 'kysely'
import type { Context } from '../complaints/index.ts'
import type { ComplaintState } from '../complaints/domain/index.ts'
import type { Services } from '../kit/services.ts'

/**
 * How words reach this complainant without somebody telling them: by mail where there are an address and a mail server, on
 * the portal where they wrote to us there themselves; else not at all. A receipt code alone makes nobody look.
 */
export type WayOut = 'email' | 'portal' | 'none'

type Reached = Pick<ComplaintState, 'id' | 'customerId' | 'mode' | 'channel'>

export async function wayOut(
  { config }: Pick<Services, 'config'>,
  { tx, actor }: Pick<Context, 'tx' | 'actor'>,
  state: Reached,
): Promise<WayOut> {
  if (config.smtpUrl && (await mailAddress({ tx, actor }, state))) return 'email'
  if (state.channel === 'portal') return 'portal'
  const wrote = await tx.first(
    sql`select 1 as ok from message where org_id = ${actor.org.id} and complaint_id = ${state.id} and direction = 'in' and channel = 'portal' limit 1`,
  )
  return wrote ? 'portal' : 'none'
}

/** Where mail to this complainant goes; never to somebody who wants to stay unknown. */
export async function mailAddress(
  { tx, actor }: Pick<Context, 'tx' | 'actor'>,
  { customerId, mode }: Reached,
): Promise<string | undefined> {
  if (customerId === null || mode === 'anonymous') return undefined
  const mail = await tx.first<{ value: string }>(
    sql`select value from customer_identity where org_id = ${actor.org.id} and customer_id = ${customerId} and kind = 'mail' order by verified_at nulls last, created_at limit 1`,
  )
  return mail?.value
}
