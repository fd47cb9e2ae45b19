import { sql } from 'kysely'
import { publicTitle } from './public-title.ts'
import { channelOf } from '../channels/index.ts'
import type { Context } from '../complaints/index.ts'
import type { ComplaintState } from '../complaints/domain/index.ts'
import type { Services } from '../kit/services.ts'
import { visibleSql } from '../people/index.ts'

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
  const own = await ownWay({ config }, { tx, actor }, state)
  if (own !== 'none') return own
  // They may be reached where they brought the same matter another time.
  for (const merged of await mergedInto({ tx, actor }, state.id)) {
    const way = await ownWay({ config }, { tx, actor }, merged)
    if (way !== 'none') return way
  }
  return 'none'
}

async function ownWay(
  { config }: { readonly config?: Services['config'] },
  { tx, actor }: Pick<Context, 'tx' | 'actor'>,
  state: Reached,
): Promise<WayOut> {
  if (config?.smtpUrl && (await mailAddress({ tx, actor }, state))) return 'email'
  if (state.channel === 'portal') return 'portal'
  const wrote = await tx.first(
    sql`select 1 as ok from message where org_id = ${actor.org.id} and complaint_id = ${state.id} and direction = 'in' and channel = 'portal' limit 1`,
  )
  return wrote ? 'portal' : 'none'
}

/**
 * Whether they can look where the portal shows words: they came by it or wrote there, a mail with the link has left us, or
 * they gave no name and were read the receipt code, the only way there is then. A code that is only on record opens nothing.
 */
export async function holdsDoor(
  { config }: Pick<Services, 'config'>,
  { tx, actor }: Pick<Context, 'tx' | 'actor'>,
  state: Reached,
): Promise<boolean> {
  for (const one of [state, ...(await mergedInto({ tx, actor }, state.id))]) {
    if ((await ownWay({}, { tx, actor }, one)) === 'portal') return true
    if (one.mode === 'anonymous' && channelOf(one.channel)?.live) return true
    if (config.publicUrl && (await wasMailed({ tx, actor }, one.id))) return true
  }
  return false
}

async function wasMailed({ tx, actor }: Pick<Context, 'tx' | 'actor'>, id: string): Promise<boolean> {
  const sent = await tx.first(
    sql`select 1 as ok from outbox where org_id = ${actor.org.id} and complaint_id = ${id} and channel = 'email' and state = 'sent' limit 1`,
  )
  return sent !== undefined
}

/** Where mail to this complainant goes; never to somebody who wants to stay unknown, nor to an address not to be used. */
export async function mailAddress(
  { tx, actor }: Pick<Context, 'tx' | 'actor'>,
  { customerId, mode }: Reached,
): Promise<string | undefined> {
  if (customerId === null || mode === 'anonymous') return undefined
  const mail = await tx.first<{ value: string }>(
    sql`select value from customer_identity where org_id = ${actor.org.id} and customer_id = ${customerId} and kind = 'mail' and not_used is null order by verified_at nulls last, created_at limit 1`,
  )
  return mail?.value
}

/** Whether the only way we have to them is to call: they left a number, and no address we could write to. */
export async function isCalled(
  { tx, actor }: Pick<Context, 'tx' | 'actor'>,
  { customerId, mode }: Pick<Reached, 'customerId' | 'mode'>,
): Promise<boolean> {
  if (customerId === null || mode === 'anonymous') return false
  const row = await tx.first<{ called: boolean }>(
    sql`select bool_or(kind = 'phone') and not bool_or(kind = 'mail') as called from customer_identity where org_id = ${actor.org.id} and customer_id = ${customerId} and not_used is null`,
  )
  return row?.called === true
}

export type MergedIn = Reached & {
  readonly number: string
  readonly title: string
  readonly locale: string
  /** Whether whoever acts may see it. */
  readonly visible: boolean
}

/** Those merged into this complaint, oldest first, as far as reaching their complainants goes. */
export function mergedInto({ tx, actor }: Pick<Context, 'tx' | 'actor'>, id: string): Promise<MergedIn[]> {
  return tx.rows<MergedIn>(
    sql`select c.id, c.customer_id as "customerId", c.mode, c.channel, c.number, c.locale, ${publicTitle} as title, ${sql.raw(visibleSql('c'))} as visible
        from complaint c join complaint_text t on t.org_id = c.org_id and t.complaint_id = c.id
        where c.org_id = ${actor.org.id} and c.merged_into = ${id} order by c.id`,
  )
}
