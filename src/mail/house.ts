import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { publicActor, type StaffActor } from '../people/index.ts'
import { uploaderOf } from './attachments.ts'
import { type Mailbox, mailboxesOf } from './mailboxes.ts'

export type House = {
  readonly slug: string
  readonly no: number
  readonly zone: string
  readonly locale: string
  readonly graceDays: number
  readonly mailboxes: readonly Mailbox[]
}

/** How long after its end what is written to a complaint still belongs to it, unless an organisation says otherwise. */
export const standardGraceDays = 30

/** What an organisation says about its mail. */
export async function houseOf(tx: Tx, org: string): Promise<House> {
  const [row, mailboxes] = await Promise.all([
    tx.first<Omit<House, 'mailboxes'>>(
      sql`select slug, no, zone, locale, coalesce((settings->>'mailGraceDays')::int, ${standardGraceDays}::int) as "graceDays" from organisation where org_id = ${org}`,
      'mail-house',
    ),
    mailboxesOf(tx, org),
  ])
  if (!row) throw new Error('an organisation is missing')
  return { ...row, mailboxes }
}

/** Nobody of the house: what the mail itself may do. */
export function actorOf(org: string, { slug, no, zone, locale }: House, itemId: string): StaffActor {
  return { ...publicActor({ id: org, slug, no }, uploaderOf(itemId)), zone, locale }
}
