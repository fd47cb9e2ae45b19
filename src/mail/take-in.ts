import type { Context } from '../complaints/index.ts'
import type { Tx } from '../kit/db/database.ts'
import { isNearby } from '../kit/http/nearby.ts'
import { RefusalError, type Result } from '../kit/pure/result.ts'
import type { Services } from '../kit/services.ts'
import { dropFiles, dropLeft, type Stored, storeAttachments } from './attachments.ts'
import { type Became, lockWaiting, mostTries, readWaiting, setAside, settle, tryLater, type Waiting } from './claim.ts'
import type { ReadMail } from './domain/mail.ts'
import { type Found, type Verdict, verdictOf } from './domain/threading.ts'
import { findFor, holdThreads } from './find.ts'
import { actorOf, type House, houseOf } from './house.ts'
import { type Mailbox, mailboxesOf } from './mailboxes.ts'
import { type ReadContext, type Resolver, standardLimits } from './read/context.ts'
import type { Whose } from './read/reader.ts'
import { appendMail, type InHand, keepBeside, noteMail, recordMail } from './write.ts'

/** Reads a mail; a refusal is one that cannot be read. */
export type Read = (raw: Uint8Array, context: ReadContext, whose?: Whose) => Promise<Result<ReadMail>>

export type TakeIn = {
  readonly app: Services
  readonly read: Read
  readonly resolver?: Resolver | undefined
  /** Says in the history that a message of ours did not arrive (of `src/replies`, which stands above this slice). */
  readonly noteBounce: (org: string, outboxId: string, status: string) => Promise<boolean>
  /** Has a complaint that came by mail acknowledged, in the transaction that records it. */
  readonly recorded?: ((tx: Tx, org: string, complaintId: string) => void) | undefined
}

export type Outcome =
  | { readonly state: 'new' | 'threaded'; readonly became: Became }
  | { readonly state: 'parked' | 'rejected' | 'later'; readonly reason: string }
  /** Somebody else was quicker. */
  | { readonly state: 'gone' }

/**
 * Takes one mail in: read, found where it belongs, written, in one transaction. It may run twice: the second finds nothing
 * waiting. What goes wrong is tried again; the third time it is set aside with the reason, for people.
 */
export async function takeIn(at: TakeIn, org: string, itemId: string): Promise<Outcome> {
  const { app } = at
  const [waiting, mailboxes] = await app.db.withScope(
    { org },
    (tx) => Promise.all([readWaiting(tx, org, itemId), mailboxesOf(tx, org)]),
    'read',
  )
  if (!waiting) return { state: 'gone' }
  const read = await readOne(at, org, waiting, mailboxes)
  return 'state' in read ? read : writeOne(at, org, read)
}

/** A mail in hand that was read; its files, once they are stored. */
export type ReadOne = { readonly waiting: Waiting; readonly mail: ReadMail; readonly files?: Stored }

/** Reads a mail; what cannot be read is tried later, or set aside. One that was given up meanwhile is none of ours. */
export async function readOne(
  at: TakeIn,
  org: string,
  waiting: Waiting,
  mailboxes: readonly Mailbox[],
  signal?: AbortSignal,
): Promise<ReadOne | Outcome> {
  if (waiting.attempts > mostTries) return aside(at.app, org, waiting, 'parked', 'mail.too-many-tries')
  try {
    const result = await at.read(waiting.raw, contextOf(at, waiting, mailboxes), {
      of: org,
      ...(signal ? { signal } : {}),
    })
    if (signal?.aborted) return { state: 'gone' }
    if (!result.ok) throw new RefusalError(result.refusal)
    return { waiting, mail: result.value }
  } catch (error) {
    return signal?.aborted ? { state: 'gone' } : failed(at.app, org, waiting, error)
  }
}

/** Writes what a mail is, in a transaction of its own. */
export async function writeOne(at: TakeIn, org: string, one: ReadOne): Promise<Outcome> {
  try {
    return await write(at, org, one)
  } catch (error) {
    return failed(at.app, org, one.waiting, error)
  }
}

const cameNearby = (w: Waiting) => w.client_ip === '' || isNearby(w.client_ip)

/** What is known beside the bytes. A relay beside us is not the place a mail came from. */
function contextOf({ app, resolver }: TakeIn, w: Waiting, mailboxes: readonly Mailbox[]): ReadContext {
  const outside = !cameNearby(w)
  return {
    envelope: {
      ...(outside ? { clientIp: w.client_ip, helo: w.helo } : {}),
      ...(w.via === 'command' || w.via === 'imap' ? {} : { mailFrom: w.mail_from }),
    },
    own: mailboxes.map((m) => m.address),
    trustedAuthServ: app.config.mail.trusted,
    // What an operator fed in may be years old: what name servers say today says nothing of it.
    ...(resolver && w.via !== 'command' ? { resolver } : {}),
    now: w.received_at,
    limits: { bytes: Math.max(app.config.mail.maxBytes, standardLimits.bytes) },
  }
}

async function write({ app, noteBounce, recorded }: TakeIn, org: string, one: ReadOne): Promise<Outcome> {
  const { waiting, mail } = one
  const now = app.now()
  await noteLost({ app, noteBounce }, cameOf(org, waiting), mail)
  const files = one.files ?? (await storeAttachments(app, { org, itemId: waiting.id, now }, mail.attachments))
  const after: (() => void)[] = []
  const decided = await app.db.withScope({ org }, async (tx) => {
    after.length = 0
    // Sent in this order without waiting between them: what is found is found under the locks.
    const [, waits, house, found] = await Promise.all([
      holdThreads(tx, org, [mail]),
      lockWaiting(tx, org, waiting.id),
      houseOf(tx, org),
      findFor(app, tx, cameOf(org, waiting), mail),
    ])
    if (!waits) return { state: 'gone' } as const
    const verdict = verdictOf(kindOf(mail), factsOf(found, { mail, waiting, house }))
    if (verdict.do === 'park' || verdict.do === 'reject') {
      const state = verdict.do === 'park' ? 'parked' : 'rejected'
      await setAside(tx, org, waiting.id, { state, reason: verdict.reason, mailClass: mail.class, about: found.about })
      if (files.ids.length > 0) dropLeft(tx, org, waiting.id)
      return { state, reason: verdict.reason } as const
    }
    const ctx: Context = { tx, actor: actorOf(org, house, waiting.id), now, afterCommit: (w) => void after.push(w) }
    const given = inHand({ waiting, mail }, house, files)
    const became = await perform(app, ctx, given, verdict)
    keepBeside(ctx, [{ given, became }])
    if (became.as === 'new') recorded?.(tx, org, became.complaintId)
    settle(tx, org, [{ itemId: waiting.id, mailClass: mail.class, became }])
    if (files.ids.length > 0) dropLeft(tx, org, waiting.id)
    return { state: became.as === 'new' ? 'new' : 'threaded', became } as const
  })
  for (const work of after) work()
  if (decided.state === 'gone') await dropFiles(app, org, waiting.id, files)
  return decided
}

/** What is written of a mail. */
export function inHand({ waiting, mail }: Pick<ReadOne, 'waiting' | 'mail'>, house: House, files: Stored): InHand {
  return {
    itemId: waiting.id,
    sha256: waiting.sha256,
    receivedAt: waiting.received_at,
    mailboxIds: waiting.mailbox_ids,
    mailbox: house.mailboxes.find((m) => m.id === waiting.mailbox_ids[0]),
    mail,
    files,
    nearby: cameNearby(waiting),
  }
}

export const cameOf = (org: string, waiting: Waiting): Came => ({
  org,
  mailboxIds: waiting.mailbox_ids,
  rcptTo: waiting.rcpt_to,
})

/**
 * What a bounce says did not arrive is failed before the bounce is settled: after a crash between the two, the next try finds it
 * failed already.
 */
async function noteLost(
  { app, noteBounce }: Pick<TakeIn, 'app' | 'noteBounce'>,
  came: Came,
  mail: ReadMail,
): Promise<void> {
  if (mail.class !== 'bounce' || mail.bounce?.permanent !== true) return
  const found = await app.db.withScope({ org: came.org }, (tx) => findFor(app, tx, came, mail), 'read')
  const outboxId = found.ours ? null : found.bounced?.outboxId
  if (outboxId) await noteBounce(came.org, outboxId, mail.bounce.status)
}

function perform(app: Services, ctx: Context, given: InHand, verdict: Verdict): Promise<Became> {
  switch (verdict.do) {
    case 'append':
      return appendMail(app, ctx, given, verdict)
    case 'record':
      return recordMail(app, ctx, given, verdict.after)
    case 'note':
    case 'side_note':
    case 'bounce':
      return noteMail(app, ctx, given, verdict)
    default:
      throw new Error('what is set aside is not written')
  }
}

/** What of a mail decides where it goes. */
export const kindOf = (mail: ReadMail) => ({
  class: mail.class,
  permanent: mail.bounce?.permanent ?? false,
  blank: mail.attachments.length === 0 && [mail.subject, mail.text, mail.html ?? ''].every((t) => t.trim() === ''),
})

type Given = { readonly mail: ReadMail; readonly waiting: Waiting; readonly house: House }
type Came = Parameters<typeof findFor>[2]

/** What a verdict looks at. */
export function factsOf(found: Awaited<ReturnType<typeof findFor>>, { mail, waiting, house }: Given): Found {
  return {
    ...found,
    dmarcFails: mail.authenticity.dmarc === 'fail',
    asked: waiting.asked,
    graceMs: house.graceDays * 86_400_000,
    // What waited in a queue is judged by when it came.
    now: waiting.received_at,
  }
}

/** Reasons that another try will not change. */
const forGood = new Set([
  'mail.unreadable',
  'mail.empty',
  'mail.too-large',
  'mail.headers-too-large',
  'mail.too-many-parts',
  'mail.too-deep',
  'mail.too-many-addresses',
  'mail.too-many-attachments',
  'mail.too-many-words',
  'mail.loop',
])

async function failed(app: Services, org: string, waiting: Waiting, error: unknown): Promise<Outcome> {
  const reason = error instanceof RefusalError ? error.refusal.code : 'mail.failed'
  if (!(error instanceof RefusalError)) app.log.error({ err: error, item: waiting.id }, 'a mail could not be taken in')
  if (waiting.attempts >= mostTries || forGood.has(reason)) return aside(app, org, waiting, 'parked', reason)
  const pause = 5_000 * 6 ** (waiting.attempts - 1)
  await app.db.withScope({ org }, (tx) => tryLater(tx, org, waiting.id, reason, app.now() + pause))
  return { state: 'later', reason }
}

async function aside(
  app: Services,
  org: string,
  waiting: Waiting,
  state: 'parked' | 'rejected',
  reason: string,
): Promise<Outcome> {
  await app.db.withScope({ org }, (tx) => setAside(tx, org, waiting.id, { state, reason }))
  return { state, reason }
}
