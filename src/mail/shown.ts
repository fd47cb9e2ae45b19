import { sql } from 'kysely'
import { type Context, judgeNote } from '../complaints/index.ts'
import type { Tx } from '../kit/db/database.ts'
import { RefusalError } from '../kit/pure/result.ts'
import type { Services } from '../kit/services.ts'
import { type StaffActor, visibleSql } from '../people/index.ts'
import type { MailOfMessage } from './contract.ts'

type Reader = { readonly tx: Tx; readonly actor: StaffActor }
type Address = { readonly name: string; readonly address: string }
type Row = Omit<MailOfMessage, 'from' | 'to' | 'cc' | 'replyTo' | 'sentAt' | 'messageId'> & {
  message_id: string
  parties: { from: Address[]; to: Address[]; cc: Address[]; replyTo?: Address[] }
  sent_at: number | null
  named: boolean
}

/** Complaints told under this one: it and what is merged into it, as far as this reader may see them. */
const told = (org: string, id: string) =>
  sql`select c.id, c.mode from complaint c where c.org_id = ${org} and c.id = any (array(select ${id}::uuid union all
      select g.id from complaint g where g.org_id = ${org} and g.merged_into = ${id})) and ${sql.raw(visibleSql('c'))}`

/** Who complains is for those who may know it; the parties, the signature and the layout of a mail tell it. */
function mayKnow({ permissions }: StaffActor) {
  return sql`(c.mode = 'named' and ${permissions.has('customer.read')}::boolean or ${permissions.has('customer.confidential')}::boolean)`
}

const notFound = () => new RefusalError({ code: 'complaints.not-found', status: 404 })
const noMessage = () => new RefusalError({ code: 'complaints.no-such-message', status: 404 })

/** What is known of the mails among a complaint's messages, oldest first. */
export async function mailsOf({ tx, actor }: Reader, id: string): Promise<MailOfMessage[]> {
  const org = actor.org.id
  const seen = await tx.first(
    sql`select 1 as ok from complaint c where c.org_id = ${org} and c.id = ${id} and ${sql.raw(visibleSql('c'))}`,
  )
  if (!seen) throw notFound()
  const rows = await tx.rows<Row>(
    sql`select m.message_id, m.standing, m.class, m.authenticity, m.subject, m.parties, m.sent_at, ${mayKnow(actor)} as named,
          m.html is not null and ${mayKnow(actor)} as html, length(m.text) > length(s.body) and ${mayKnow(actor)} as more
        from (${told(org, id)}) c join message_mail m on m.org_id = ${org} and m.complaint_id = c.id
        join message s on s.org_id = ${org} and s.complaint_id = c.id and s.id = m.message_id order by s.at, s.id limit 1000`,
  )
  return rows.map(({ message_id, parties, sent_at, named, ...r }) => ({
    ...r,
    messageId: message_id,
    from: named ? parties.from : [],
    to: named ? parties.to : [],
    cc: named ? parties.cc : [],
    replyTo: named ? elsewhere(parties) : [],
    sentAt: sent_at === null ? null : new Date(sent_at).toISOString(),
  }))
}

/** The addresses of Reply-To that are not those of From. */
function elsewhere({ from, replyTo = [] }: Row['parties']): Address[] {
  const own = new Set(from.map((a) => a.address.toLowerCase()))
  return replyTo.filter((a) => !own.has(a.address.toLowerCase()))
}

type Whole = { readonly text: string; readonly html: string | null; readonly cids: Readonly<Record<string, string>> }

/** All of a mail; to those who may not know who complains there is none. */
export async function wholeMailOf({ tx, actor }: Reader, id: string, messageId: string): Promise<Whole> {
  const org = actor.org.id
  const row = await tx.first<Whole>(
    sql`select m.text, m.html, m.cids from (${told(org, id)}) c join message_mail m on m.org_id = ${org} and m.complaint_id = c.id and m.message_id = ${messageId}
        where ${mayKnow(actor)}`,
  )
  if (!row) throw noMessage()
  return row
}

/** Lets in what somebody unknown wrote, or sets it aside; once. */
export async function judge(
  app: Services,
  ctx: Context,
  id: string,
  { messageId, admitted }: { readonly messageId: string; readonly admitted: boolean },
): Promise<{ id: string; version: number; standing: 'admitted' | 'dismissed' }> {
  const { tx, actor } = ctx
  const standing = admitted ? 'admitted' : 'dismissed'
  const { version } = await judgeNote(app, ctx, id, { messageId, admitted })
  const changed = await tx.run(
    sql`update message_mail set standing = ${standing} where org_id = ${actor.org.id} and complaint_id = ${id} and message_id = ${messageId} and standing = 'waiting'`,
  )
  if (changed === 0) throw new RefusalError({ code: 'mail.no-such-note', status: 404 })
  return { id, version, standing }
}
