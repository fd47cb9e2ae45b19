import { sql } from 'kysely'
import { type Beside, complainantWrote, type Context, link, noteBeside } from '../complaints/index.ts'
import { lockComplaint } from '../complaints/index.ts'
import { type Kept, recordComplaint } from '../intake/index.ts'
import { displayName, truncateGraphemes } from '../kit/pure/text.ts'
import type { Services } from '../kit/services.ts'
import { detectScript } from '../language/index.ts'
import { type Stored, uploaderOf } from './attachments.ts'
import type { Became } from './claim.ts'
import type { MailAddress, ReadMail } from './domain/mail.ts'
import { bareSubject } from './domain/subject.ts'
import type { Verdict } from './domain/threading.ts'
import { answeredIds } from './find.ts'
import { idHash, keptPrint } from './identity.ts'
import type { Mailbox } from './mailboxes.ts'

/** A mail in hand: read, its files stored, its place in the organisation known. */
export type InHand = {
  readonly itemId: string
  readonly sha256: Buffer
  readonly receivedAt: number
  readonly mailboxIds: readonly string[]
  readonly mailbox: Mailbox | undefined
  readonly mail: ReadMail
  readonly files: Stored
  /** It came from beside us, or was fetched: by a way the organisation has chosen. */
  readonly nearby: boolean
}

const longestText = 1_400_000

/** What is told of a mail whose author wrote nothing: its subject, or that only files came. */
function wordsOf({ mail, mailbox, files }: InHand): string {
  const closed = mail.sealed ? sealed[mail.sealed] : undefined
  if (closed) return closed[mailbox?.locale ?? 'en'] ?? closed.en ?? ''
  const said = [mail.newText, mail.text].find((t) => t.trim() !== '')
  if (said !== undefined) return said.slice(0, longestText)
  const wordless = files.ids.length > 0 ? onlyFiles : nothingThere
  return lineOf(mail.subject) || (wordless[mailbox?.locale ?? 'en'] ?? wordless.en ?? '')
}
const sealed: Readonly<Record<'smime' | 'pgp', Readonly<Record<string, string>>>> = {
  smime: {
    'zh-Hant': '（信件以 S/MIME 加密，這裡無法開啟，請見附件）',
    'zh-Hans': '（邮件经 S/MIME 加密，此处无法打开，请看附件）',
    en: '(The mail is encrypted by S/MIME and cannot be opened here; see its file.)',
  },
  pgp: {
    'zh-Hant': '（信件以 PGP 加密，這裡無法開啟，請見附件或原文）',
    'zh-Hans': '（邮件经 PGP 加密，此处无法打开，请看附件或原文）',
    en: '(The mail is encrypted by PGP and cannot be opened here; see its file or the whole mail.)',
  },
}
const onlyFiles: Readonly<Record<string, string>> = {
  'zh-Hant': '（信件沒有文字，請看附件）',
  'zh-Hans': '（邮件没有文字，请看附件）',
  en: '(The mail had no words; see its files.)',
}
const nothingThere: Readonly<Record<string, string>> = {
  'zh-Hant': '（信件沒有文字）',
  'zh-Hans': '（邮件没有文字）',
  en: '(The mail had no words.)',
}

const lineOf = (text: string) =>
  truncateGraphemes(
    bareSubject(text)
      .replaceAll(/[\n\t]+/g, ' ')
      .trim(),
    200,
  )

const authorOf = ({ mail }: InHand): MailAddress | null => mail.from[0] ?? mail.sender

/** Their name. An address in it that is not theirs would be read as theirs. */
function nameOf(author: MailAddress | null): string {
  const own = author?.address.toLowerCase()
  const name = (author?.name ?? '').replaceAll(/[^\s<>()"',;]+[@＠﹫][^\s<>()"',;]+/gu, (a) =>
    a.toLowerCase() === own ? a : ' ',
  )
  return displayName(name).slice(0, 200)
}

/** Records a complaint of its own, linked to the one it answers where that has ended too long ago. */
export async function recordMail(
  app: Services,
  ctx: Context,
  given: InHand,
  after: string | null,
  among?: Kept['among'],
): Promise<Became> {
  const { mail, mailbox, itemId, sha256, receivedAt, files } = given
  const author = await complainantOf(ctx, given)
  const text = wordsOf(given)
  const title = lineOf(mail.subject)
  const recorded = await recordComplaint(app, ctx, {
    via: 'mail',
    channel: 'email',
    kept: { id: itemId, sha256, receivedAt, ...(among ? { among } : {}) },
    sender: vouched(mail, author === authorOf(given)),
    text,
    ...(title ? { title } : {}),
    mode: 'named',
    confidentiality: 'normal',
    ...(author
      ? {
          complainant: {
            name: nameOf(author) || author.address.slice(0, 200),
            ...(author.address ? { mail: author.address.slice(0, 320) } : {}),
          },
        }
      : {}),
    ...(mailbox?.teamId ? { teamId: mailbox.teamId } : {}),
    ...(mailbox?.typeCode ? { typeCode: mailbox.typeCode } : {}),
    onBehalfOf: '',
    remedySought: '',
    flags: [],
    attachmentIds: [...files.ids],
    subjectStaffIds: [],
    locale: localeOf(text, mailbox),
  })
  if (after !== null && after !== recorded.id)
    await link(app, { ...ctx, as: { kind: 'system', id: null } }, recorded.id, {
      version: recorded.version,
      otherId: after,
      kind: 'related',
    })
  return { as: 'new', complaintId: recorded.id, messageId: recorded.messageId }
}

/** What another passed on is not vouched for by their domain, nor put into doubt by it. */
function vouched({ authenticity: { dmarc } }: ReadMail, themselves: boolean): 'proven' | 'unproven' | 'forged' {
  if (dmarc === 'fail') return 'forged'
  return dmarc === 'pass' && themselves ? 'proven' : 'unproven'
}

/**
 * Who complains: the sender; where a colleague passed it on, whoever wrote it. From outside that is believed of a colleague whose
 * domain vouches for the mail, and never where it denies it: anybody can write a colleague's address above a customer's.
 */
async function complainantOf({ tx, actor }: Context, given: InHand): Promise<MailAddress | null> {
  const { forwardedFrom, authenticity } = given.mail
  const author = authorOf(given)
  if (!forwardedFrom?.address || !author) return author
  const { dmarc } = authenticity
  if (dmarc !== 'pass' && (dmarc === 'fail' || !given.nearby)) return author
  const colleague = await tx.first(
    sql`select 1 as ok from staff where org_id = ${actor.org.id} and mail = ${author.address.toLowerCase()} and active`,
  )
  return colleague ? forwardedFrom : author
}

/** The language of the words, where they tell; else that of the mailbox. */
function localeOf(text: string, mailbox: Mailbox | undefined): 'zh-Hant' | 'zh-Hans' | 'en' {
  const script = detectScript(text)
  const wished = script === 'other' ? (mailbox?.locale ?? 'en') : script
  return wished === 'zh-Hant' || wished === 'zh-Hans' ? wished : 'en'
}

/** Adds what the complainant wrote to their complaint, and links what else of theirs it is about. */
export async function appendMail(
  app: Services,
  ctx: Context,
  given: InHand,
  { complaintId, also }: Extract<Verdict, { do: 'append' }>,
): Promise<Became> {
  await giveFiles(ctx, given, complaintId)
  const { messageId } = await complainantWrote(app, ctx, complaintId, {
    text: wordsOf(given),
    channel: 'email',
    at: given.receivedAt,
    authorName: nameOf(authorOf(given)),
    attachmentIds: given.files.ids,
  })
  for (const otherId of also) await linkTo(app, ctx, complaintId, otherId)
  return { as: 'message', complaintId, messageId }
}

/** Nothing where they are one by now, or linked already. */
async function linkTo(app: Services, ctx: Context, id: string, otherId: string): Promise<void> {
  const [one, other] = [
    await lockComplaint(ctx.tx, ctx.actor.org.id, id),
    await lockComplaint(ctx.tx, ctx.actor.org.id, otherId),
  ]
  if (!one || !other || (one.state.mergedInto ?? id) === (other.state.mergedInto ?? otherId)) return
  if (other.state.links.some((l) => l.otherId === id)) return
  const system = { ...ctx, as: { kind: 'system', id: null } } as const
  await link(app, system, id, { version: one.state.version, otherId, kind: 'related' })
}

/** Keeps a mail beside a complaint, where it changes nothing. */
export async function noteMail(
  app: Services,
  ctx: Context,
  given: InHand,
  verdict: Extract<Verdict, { do: 'note' | 'side_note' | 'bounce' }>,
): Promise<Became> {
  const { complaintId } = verdict
  const loaded = await lockComplaint(ctx.tx, ctx.actor.org.id, complaintId)
  if (!loaded) throw new Error('the complaint of a mail is missing')
  await giveFiles(ctx, given, complaintId)
  const stranger = verdict.do === 'side_note'
  const beside: Beside = {
    type: stranger ? 'side_note_received' : 'mail_noted',
    facts: { mailClass: given.mail.class, ...(stranger ? { by: verdict.by } : {}) },
    text: wordsOf(given),
    authorName: stranger ? nameOf(authorOf(given)) || (authorOf(given)?.address ?? '') : '',
    attachmentIds: given.files.ids,
  }
  const { messageId } = await noteBeside(app, ctx, loaded, beside)
  return { as: verdict.do, complaintId, messageId }
}

/** The files become uploads for this complaint. */
async function giveFiles({ tx, actor }: Context, { itemId, files }: InHand, complaintId: string): Promise<void> {
  if (files.ids.length === 0) return
  await tx.run(
    sql`update attachment set uploader = ${`complainant:${complaintId}`} where org_id = ${actor.org.id} and id = any (${[...files.ids]}::uuid[])
        and uploader = ${uploaderOf(itemId)} and complaint_id is null`,
  )
}

const standings: Readonly<Record<Became['as'], string>> = {
  new: 'said',
  message: 'said',
  note: 'inert',
  bounce: 'inert',
  side_note: 'waiting',
}

type Written = { readonly given: InHand; readonly became: Became }

/** What is shown of mails at their messages, and the ids by which their answers are found. */
export function keepBeside({ tx, actor, now }: Pick<Context, 'tx' | 'actor' | 'now'>, all: readonly Written[]): void {
  const org = actor.org.id
  const shown = all.flatMap(shownOf)
  if (shown.length > 0)
    tx.send(
      sql`insert into message_mail (org_id, complaint_id, message_id, item_id, standing, class, authenticity, subject, parties, sent_at, text, html, cids)
        select ${org}::uuid, x.* from jsonb_to_recordset(${JSON.stringify(shown)}::jsonb) as x(complaint uuid, message uuid, item uuid, standing text,
          class text, authenticity jsonb, subject text, parties jsonb, sent timestamptz, text text, html text, cids jsonb)
        on conflict do nothing`,
      'mail-shown',
    )
  const ids = all.flatMap(idsOf)
  if (ids.length === 0) return
  tx.send(
    sql`insert into mail_id (org_id, hash, kind, complaint_id, message_id, mailbox_ids, fingerprint, at)
      select ${org}::uuid, decode(x.hash, 'hex'), x.kind, x.complaint, x.message, x.mailboxes::uuid[], decode(x.fingerprint, 'hex'), ${new Date(now)}
      from jsonb_to_recordset(${JSON.stringify(ids)}::jsonb) as x(hash text, kind text, complaint uuid, message uuid, mailboxes text, fingerprint text)
      on conflict (org_id, hash, kind, complaint_id) do update set fingerprint = mail_id.fingerprint || excluded.fingerprint
        where excluded.fingerprint is not null and octet_length(mail_id.fingerprint) < ${mostSaid * 32}`,
    'mail-ids',
  )
}

/** The row of its layout and its parties, where it has a message. */
function shownOf({ given: { mail, itemId, files }, became }: Written) {
  if (became.messageId === null) return []
  return [
    {
      complaint: became.complaintId,
      message: became.messageId,
      item: itemId,
      standing: standings[became.as],
      class: mail.class,
      authenticity: mail.authenticity,
      subject: storable(mail.subject.slice(0, 2_000)),
      parties: {
        from: mail.from,
        to: mail.to.slice(0, 200),
        cc: mail.cc.slice(0, 200),
        replyTo: mail.replyTo.slice(0, 20),
      },
      sent: sentAt(mail.date),
      text: storable(mail.text.slice(0, longestText)),
      html: mail.html === null ? null : storable(mail.html),
      cids: files.cids,
    },
  ]
}

/** Its own id and those it answers. */
function idsOf({ given: { mail, mailboxIds }, became }: Written) {
  const of = { complaint: became.complaintId, message: became.messageId, mailboxes: `{${mailboxIds.join()}}` }
  const hash = (id: string) => idHash(id).toString('hex')
  const own = mail.messageId
    ? [
        {
          hash: hash(mail.messageId),
          kind: 'own',
          fingerprint: keptPrint(mail.fingerprint, became.as) as string | null,
          ...of,
        },
      ]
    : []
  // Whoever answers a stranger's side note does not become part of the complaint by it.
  const cited = became.as === 'side_note' ? [] : answeredIds(mail)
  return [...own, ...cited.map((id) => ({ hash: hash(id), kind: 'cited', fingerprint: null, ...of }))]
}

/** Cut within a character, half of it is no text that a database takes. */
const storable = (text: string) => text.toWellFormed()

/** So many mails with other words under one id are told apart at a complaint. */
const mostSaid = 50

/** A date a database can keep; what a mail says of the year 90000 is nobody's date. */
const sentAt = (date: number | null) => (date !== null && date > 0 && date < 4_102_444_800_000 ? new Date(date) : null)
