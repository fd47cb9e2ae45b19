import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import PostalMime, { type Email } from 'postal-mime'
import { ok, type Result, refuse } from '../../kit/pure/result.ts'
import { cleanText } from '../../kit/pure/text.ts'
import { bounceInWords, deliveryReport, type DeliveryReport, originalIds } from '../domain/bounce.ts'
import { classOf } from '../domain/class.ts'
import { fingerprintOf } from '../domain/fingerprint.ts'
import { type Header, headerOf, idsIn, valuesOf } from '../domain/headers.ts'
import type { Bounce, MailAddress, MailClass, ReadMail } from '../domain/mail.ts'
import { originalSender } from '../domain/original-sender.ts'
import { newTextOf } from '../domain/trim.ts'
import { authenticityOf } from './authenticity.ts'
import { type Limits, type ReadContext, standardLimits } from './context.ts'
import { dateOf } from './date.ts'
import { lift, putBack } from './lift.ts'
import { mend } from './mend.ts'
import { partsOf } from './parts.ts'
import { oneLine, peopleIn } from './people.ts'
import { sealedBy, unwrapped, withoutPgpSignature } from './sealed.ts'
import { type Place, structureOf } from './structure.ts'
import { unpack } from './unpack.ts'
import { wordsOf } from './words.ts'

/**
 * Reads a mail in this thread. Refusals are `MailProblem` codes: over a limit, or nothing the parser can read. Whoever
 * reads what strangers sent uses `openReader`, which survives what this does not.
 */
export async function readMailHere(bytes: Uint8Array, context: ReadContext = {}): Promise<Result<ReadMail>> {
  const limits = { ...standardLimits, ...context.limits }
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (whole.length === 0) return refuse('mail.empty')
  if (whole.length > limits.bytes) return refuse('mail.too-large', { bytes: whole.length, most: limits.bytes })
  const { raw, steps: opened } = unwrapped(whole)
  const places = structureOf(raw, limits)
  if (!places.ok) return places
  const mended = mend(raw, places.value)
  let email: Email
  try {
    const again = mended.steps.length === 0 ? places : structureOf(mended.raw, { ...limits, bytes: limits.bytes * 2 })
    const lifted = lift(mended.raw, again.ok ? again.value : [])
    const parsed = await PostalMime.parse(lifted.raw, {
      maxNestingDepth: limits.depth + 2,
      maxHeadersSize: limits.headerBytes * 2,
    })
    email = unpack(putBack(parsed, lifted))
  } catch {
    return refuse('mail.unreadable')
  }
  const headers = email.headers.map(({ key, value }) => ({ key, value }))
  const hops = headers.filter(({ key }) => key === 'received').length
  if (hops > limits.hops) return refuse('mail.loop', { count: hops, most: limits.hops })
  const people = peopleOf(headers)
  const many = tooMany(people, email, limits)
  if (many) return many
  const authenticity = await authenticityOf(whole, headers, context)
  return ok({
    ...(await assemble(email, headers, people, context, passesOn(places.value))),
    authenticity,
    mended: [...opened, ...mended.steps],
  })
}

/** Whether another mail stands within the words of this one. */
const passesOn = (places: readonly Place[]) =>
  places.some((p) => /^message\/rfc822/iu.test(p.contentType) && !p.sealed && !/^attachment/iu.test(p.disposition))

type People = Pick<ReadMail, 'from' | 'to' | 'cc' | 'replyTo' | 'sender'>

function peopleOf(headers: readonly Header[]): People {
  return {
    from: peopleIn(headers, 'from'),
    sender: peopleIn(headers, 'sender')[0] ?? null,
    to: peopleIn(headers, 'to'),
    cc: peopleIn(headers, 'cc'),
    replyTo: peopleIn(headers, 'reply-to'),
  }
}

function tooMany({ from, to, cc, replyTo }: People, email: Email, limits: Limits) {
  const addresses = from.length + to.length + cc.length + replyTo.length
  if (addresses > limits.addresses)
    return refuse('mail.too-many-addresses', { count: addresses, most: limits.addresses })
  const letters = Math.max(email.text?.length ?? 0, email.html?.length ?? 0)
  if (letters > limits.letters) return refuse('mail.too-many-words', { most: limits.letters })
  const files = email.attachments.length
  return files > limits.attachments
    ? refuse('mail.too-many-attachments', { count: files, most: limits.attachments })
    : null
}

async function assemble(
  email: Email,
  headers: readonly Header[],
  people: People,
  context: ReadContext,
  enclosing: boolean,
): Promise<Omit<ReadMail, 'authenticity' | 'mended'>> {
  const subject = oneLine(email.subject ?? '')
  const attachments = partsOf(email)
  const { text, html, enclosedFrom } = await wordsOf(email)
  const newText = newTextOf(withoutPgpSignature(text), enclosing ? `Fwd: ${subject}` : subject)
  const report = reportIn(email)
  const returnPath = context.envelope?.mailFrom ?? returnPathOf(headers)
  const kind = classOf({
    headers,
    from: people.from.map((p) => p.address),
    subject,
    newText,
    report: report?.kind ?? null,
    returnPath,
    own: context.own ?? [],
  })
  const date = dateOf(headerOf(headers, 'date'))
  return {
    subject,
    ...people,
    messageId: messageIdOf(headers),
    inReplyTo: idsIn(valuesOf(headers, 'in-reply-to')),
    references: idsIn(valuesOf(headers, 'references')),
    date,
    class: kind,
    text,
    newText,
    html,
    attachments,
    sealed: sealedBy(
      headerOf(headers, 'content-type'),
      text,
      attachments.map((a) => a.contentType),
    ),
    bounce: bounceOf(kind, report, text, headers, email),
    deliveredTo: deliveredTo(headers),
    forwardedFrom: enclosedFrom ?? originalSender(text),
    fingerprint: hash(
      fingerprintOf({
        from: people.from[0]?.address ?? '',
        subject,
        date,
        text,
        files: attachments.map((a) => a.sha256),
      }),
    ),
  }
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex')

function messageIdOf(headers: readonly Header[]): string | null {
  const value = headerOf(headers, 'message-id')
  const id = idsIn(value)[0] ?? oneLine(value).replace(/[<>]/gu, '').trim()
  return id === '' ? null : id
}

/** Empty for the null sender, null where no server wrote one. */
function returnPathOf(headers: readonly Header[]): string | null {
  const written = headers.find((h) => h.key === 'return-path')?.value
  return written === undefined ? null : written.replace(/[<>\s]/gu, '')
}

function deliveredTo(headers: readonly Header[]): string[] {
  const keys = ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-forwarded-to', 'x-delivered-to']
  return [...new Set(keys.flatMap((key) => peopleIn(headers, key)).map((p: MailAddress) => p.address))].filter(
    (a) => a !== '',
  )
}

const textOf = (email: Email, type: RegExp) => {
  const part = email.attachments.find((a) => type.test(a.mimeType))
  return part && typeof part.content !== 'string'
    ? cleanText(new TextDecoder().decode(part.content).slice(0, 500_000)).text
    : ''
}

function reportIn(email: Email): DeliveryReport | null {
  const status = textOf(email, /^message\/(?:global-)?delivery-status$/iu)
  if (status === '') return null
  return deliveryReport(status, enclosedOf(email))
}

const enclosedOf = (email: Email) =>
  textOf(email, /^(?:message\/(?:rfc822|global)|text\/rfc822-headers|message\/rfc822-headers)$/iu)

function bounceOf(
  kind: MailClass,
  report: DeliveryReport | null,
  text: string,
  headers: readonly Header[],
  email: Email,
): Bounce | null {
  if (kind !== 'bounce') return null
  if (report) {
    const { delayed, permanent, recipients, status, originalIds } = report
    return { delayed, permanent, recipients, status, originalIds }
  }
  const said = bounceInWords(text, headerOf(headers, 'x-failed-recipients'))
  const ids = [...originalIds(enclosedOf(email)), ...idsIn(headerOf(headers, 'in-reply-to')), ...said.originalIds]
  return { ...said, originalIds: [...new Set(ids)] }
}
