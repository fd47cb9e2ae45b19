import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { channelOf } from '../channels/index.ts'
import { calendarsFor } from '../clocks/index.ts'
import { broughtOf, callFacts, chain, eventActor, genesis, textHash } from '../complaints/index.ts'
import type { NewComplaint } from '../complaints/contract.ts'
import { type ComplaintClock, fold, takeIn } from '../complaints/domain/index.ts'
import { addressText, customerRows, identitiesOf } from '../customers/index.ts'
import type { Tx } from '../kit/db/database.ts'
import { newIds } from '../kit/ids.ts'
import { formatReference, makeReference } from '../kit/pure/base32.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { hmac } from '../kit/secrets.ts'
import type { Services } from '../kit/services.ts'
import { bandKeys, detectScript, normaliseOrderNumber } from '../language/index.ts'
import type { StaffActor } from '../people/index.ts'
import { indexRestLater, type Searchable } from '../search/index.ts'
import { type Candidate, type Contact, findAlike, findOfCustomer, suggest } from './duplicates.ts'
import { firstSentences } from './first-sentences.ts'
import type { Among, Marks, Place } from './among.ts'
import { type Made, writeMade } from './made.ts'
import { receiptSecret, secretHash } from './receipt.ts'
import { receive, receiveAmong } from './references.ts'
import { givenBy, queueUp } from './queue-up.ts'
import { repeated } from './repeated.ts'
import { filesOf, keepPromiseWords, spokenOf } from './spoken.ts'
import { makeAnonymous } from './uploads.ts'
import { authorOf, keepLateNote, lateNote, provingBeside, titleOf } from './words.ts'

const lines = (all: readonly (string | null | undefined)[]) => all.filter(Boolean).join('\n')

/** A complaint from any way in. `externalId` makes the same item of the same channel recorded once; `raw` is kept as it came. */
export type Submission = NewComplaint & {
  readonly via: 'portal' | 'api' | 'staff' | 'demo' | 'mail'
  readonly raw?: unknown
  /** An item that was kept before anybody looked at it (a mail): it becomes this complaint's, as received then. */
  readonly kept?: Kept
  /** Of a mail: whether whoever sent it could be shown to be who they say, or not to be. */
  readonly sender?: 'proven' | 'unproven' | 'forged'
}

export type Kept = {
  readonly id: string
  readonly sha256: Buffer
  readonly receivedAt: number
  /** The caller has it under its lock, marks it as recorded, and writes what is left in `made`: one of many in one transaction. */
  readonly among?: Among
}

export type Recorded = {
  readonly id: string
  readonly number: string
  readonly publicRef: string
  readonly secret: string
  readonly version: number
  readonly state: string
  readonly receivedAt: number
  readonly clocks: readonly ComplaintClock[]
  /** How many suggestions of sameness there may be; 0 saves asking for them. */
  readonly alike: number
  /** The same item had been recorded before; nothing new was written. */
  readonly repeated: boolean
  /** The first message; null of an item that was recorded before. */
  readonly messageId: string | null
}

export type Context = {
  readonly tx: Tx
  readonly actor: StaffActor
  readonly now: number
  afterCommit?(work: () => void): void
}

const dayMs = 86_400_000
/** Texts are the same matter or not by how they begin; a million characters are not worth half a second. */
const comparedChars = 50_000

function receivedAtOf(submission: Submission, now: number): { receivedAt: number; backdated: boolean } {
  if (submission.kept) return { receivedAt: Math.min(submission.kept.receivedAt, now), backdated: false }
  if (!submission.receivedAt) return { receivedAt: heardAt(submission, now), backdated: false }
  const receivedAt = Date.parse(submission.receivedAt)
  if (receivedAt > now + 5 * 60_000) throw new RefusalError({ code: 'intake.received-in-future', status: 422 })
  if (receivedAt < now - 20 * 365 * dayMs) throw new RefusalError({ code: 'intake.received-too-long-ago', status: 422 })
  const backdated = receivedAt < now - 15 * 60_000
  if (backdated && !submission.backdatingReason)
    throw new RefusalError({ code: 'intake.backdating-needs-reason', status: 422 })
  return { receivedAt: Math.min(receivedAt, now), backdated }
}

const longestCallMs = 2 * 3_600_000

/** What is told by telephone is received when the call begins, not when it has been written down. */
function heardAt({ call }: Submission, now: number): number {
  if (!call?.startedAt) return now
  return Math.min(now, Math.max(Date.parse(call.startedAt), now - longestCallMs))
}

function localeOf(submission: Submission): string {
  const asked = submission.locale ?? submission.complainant?.locale
  if (asked) return asked
  const script = detectScript(submission.text)
  return script === 'other' ? 'en' : script
}

/**
 * Item → intake → decide → save, in the caller's transaction: what comes back is true once that commits. Refuses unknown
 * references and impossible dates with typed codes; never merges anything by itself.
 */
export async function recordComplaint(app: Services, ctx: Context, given: Submission): Promise<Recorded> {
  const submission = withoutIdentity(app, given)
  const marks = { bands: bandKeys(submission.text.slice(0, comparedChars)), contacts: contactsOf(submission) }
  const place = await submission.kept?.among?.begin(ctx, marks)
  try {
    return await record(app, ctx, submission, marks, place)
  } finally {
    place?.end()
  }
}

async function record(
  app: Services,
  { tx, actor, now, afterCommit }: Context,
  submission: Submission,
  { bands, contacts }: Marks,
  place: Place | undefined,
): Promise<Recorded> {
  const org = actor.org
  const newId = newIds(now)
  const { receivedAt, backdated } = receivedAtOf(submission, now)
  const channel = channelOf(submission.channel)
  if (!channel)
    throw new RefusalError({
      code: 'intake.unknown-channel',
      status: 422,
      facts: { channel: submission.channel.slice(0, 40) },
    })
  const itemId = submission.kept?.id ?? newId()
  const externalId = submission.externalId ?? itemId
  const raw = submission.kept ? Buffer.alloc(0) : Buffer.from(JSON.stringify(submission.raw ?? submission))
  const sha256 = submission.kept?.sha256 ?? createHash('sha256').update(raw).digest()
  const id = newId()
  const item = {
    id: itemId,
    complaintId: id,
    channel: channel.kind,
    externalId,
    receivedAt,
    loggedAt: now,
    raw,
    sha256,
  }
  const orderNo = submission.orderNo ? (normaliseOrderNumber(submission.orderNo) ?? submission.orderNo) : null
  const among = submission.kept?.among
  const [received, alike] = await Promise.all([
    among ? receiveAmong(tx, org.id, submission, among.references) : receive(tx, org.id, submission, item),
    findAlike(tx, org.id, { id, orderNo, bands, contacts, receivedAt }),
  ])
  if (!received.fresh) return repeated(app, tx, actor, item)

  const known = await received.references()
  const locale = localeOf(submission)
  const customer =
    submission.mode === 'anonymous' || submission.customerId || !submission.complainant
      ? null
      : customerRows(submission.complainant, received.known, locale, newId)
  const customerId = submission.mode === 'anonymous' ? null : (submission.customerId ?? customer?.id ?? null)
  const number = await app.numbers.next(org.id, yearIn(actor.zone, receivedAt))
  const points = (
    submission.points?.length ? submission.points : [submission.title || firstSentences(submission.text)]
  ).map((text, i) => {
    const salt = randomBytes(16)
    return { id: newId(), no: i + 1, text, salt, hash: textHash(salt, text) }
  })
  const salt = randomBytes(16)
  const { call, promise, besideMessage } = await spokenOf({ tx, actor, now }, submission, { salt, newId })
  const message = { messageId: newId(), hash: textHash(salt, submission.text), ...besideMessage }
  const publicRef = makeReference(randomBytes(9))
  const secret = receiptSecret(app, id)
  const receipt = secretHash(app, secret)
  const attachmentIds = filesOf(submission)
  if (submission.mode === 'anonymous') await makeAnonymous(app, tx, org.id, attachmentIds, now)
  const brought = { messageId: message.messageId, salt, authorName: authorOf(submission), attachmentIds }
  const late = backdated ? lateNote(newId(), submission.backdatingReason ?? '') : null
  const noted = late ? [{ messageId: late.messageId, salt: late.salt, authorName: actor.name }] : []
  const proof = {
    beside: provingBeside(submission, { salt, orderNo, publicRef, receipt, sha256 }),
    brought: await Promise.all([brought, ...noted].map((m) => broughtOf(tx, org.id, m))),
  }
  const access = accessOf(submission, actor, known.keepers)
  if (known.route.mode !== 'by_hand') await place?.turn()
  const queued = await queueUp(tx, org.id, submission, { route: known.route, access, now })
  const events = takeIn(
    {
      number,
      channel: channel.kind,
      mode: submission.mode,
      confidentiality: submission.confidentiality,
      customerId,
      typeCode: submission.typeCode ?? null,
      productId: submission.productId ?? null,
      placeId: submission.placeId ?? null,
      impact: submission.impact ?? null,
      likelihood: submission.likelihood ?? null,
      flags: submission.flags,
      receivedAt,
      backdated,
      backdating: late && { messageId: late.messageId, hash: late.hash },
      teamId: known.teamId,
      teamWhy: queued.why,
      points,
      message,
      call: call && callFacts(call),
      promise,
      actor: eventActor(actor),
      inboundItemId: itemId,
      proof,
      access,
      subjects: submission.subjectStaffIds,
      locale,
      jurisdiction: known.jurisdiction,
      authorityDueAt: submission.authority?.askedFor ? Date.parse(submission.authority.askedFor) : null,
      acknowledgedBy: channel.live ? (channel.kind === 'portal' ? 'receipt-page' : 'read-back') : null,
    },
    { now, newId, calendars: await calendarsFor(tx, org.id, known.calendarKey, now) },
  )
  const told = chain(org.id, id, { seq: 0, hash: genesis }, events, now, eventActor(actor))
  const stored = givenBy(queued, { org: org.id, now }, fold(id, told), told)
  const state = fold(id, stored)
  const names =
    submission.mode === 'named'
      ? [
          submission.complainant?.name,
          submission.complainant?.mail,
          submission.complainant?.phone,
          submission.complainant?.handle?.value,
          submission.complainant?.address && addressText(submission.complainant.address),
          submission.onBehalfOf,
        ]
      : []
  const head = [
    number,
    titleOf(submission),
    ...points.map((p) => p.text),
    // Found as it was given, too: the parts of a number that its normal form runs together.
    orderNo,
    submission.orderNo,
    publicRef,
    formatReference(publicRef),
    submission.authority?.number,
    submission.authority?.body,
    submission.authority?.sender,
    submission.remedySought,
  ]
  // "Same person" beside a confidential complaint would say who it is; a customer made just now has no other one.
  const returning = submission.mode === 'named' && !customer?.customers.length ? customerId : null
  const candidates = returning
    ? withKnown(await findOfCustomer(tx, org.id, { id, customerId: returning, receivedAt }), alike)
    : alike
  const said: Searchable[] = [
    { messageId: null, visibility: 'public', at: receivedAt, text: lines(head), who: lines(names) },
    { messageId: message.messageId, visibility: 'public', at: receivedAt, text: submission.text },
    ...(late ? [{ messageId: late.messageId, visibility: 'internal' as const, at: now, text: late.text }] : []),
  ]
  const texts = { id, submission, channel: channel.kind, points, message, salt, receivedAt: state.receivedAt, call }
  const made: Made = {
    row: { state, events: stored, orderNo, authority: submission.authority ?? null, publicRef, secretHash: receipt },
    customer,
    texts,
    said,
    words: { id, bands, receivedAt },
    async rest() {
      indexRestLater(tx, org.id, id, said)
      if (late) await keepLateNote(tx, actor, id, late, now)
      if (promise) await keepPromiseWords(tx, org.id, id, promise)
      suggest(tx, org.id, id, candidates, now)
      await attach(tx, org.id, { id, messageId: message.messageId, submission, actor })
    },
  }
  if (among) among.add(made)
  else await writeMade({ tx, actor, now }, [made])
  const wake = () => app.wake(org.id)
  if (afterCommit) afterCommit(wake)
  else setImmediate(wake)
  return {
    id,
    number,
    publicRef,
    secret,
    version: state.version,
    state: state.state,
    receivedAt,
    clocks: state.clocks,
    alike: candidates.length,
    repeated: false,
    messageId: message.messageId,
  }
}

/** Who is named on a restricted complaint from the start: whoever records it and who keeps it, never whom it is about. */
function accessOf(submission: Submission, actor: StaffActor, keepers: readonly string[]): string[] {
  if (submission.confidentiality === 'normal') return []
  const named = new Set([...(actor.staffId ? [actor.staffId] : []), ...keepers])
  return [...named].filter((s) => !submission.subjectStaffIds.includes(s))
}

// "Maybe the same person" beside a confidential complaint would say who it is.
function contactsOf({ mode, complainant }: Submission): Contact[] {
  return mode === 'named' && complainant ? identitiesOf(complainant) : []
}

/** Who is known to be the same person is not said to be perhaps the same too. */
function withKnown(known: readonly Candidate[], alike: readonly Candidate[]): Candidate[] {
  const ids = new Set(known.map((k) => k.id))
  return [...known, ...alike.filter((a) => a.reason !== 'contact' || !ids.has(a.id))]
}

/**
 * Anonymous means that nothing which identifies is kept, in the raw item neither, whatever was sent. The sender's own name of the
 * item may be an account or a number of theirs: what is kept of it finds the same item again, and tells nothing.
 */
function withoutIdentity(app: Pick<Services, 'subkey'>, given: Submission): Submission {
  if (given.mode !== 'anonymous') return given
  const { complainant: _c, customerId: _i, externalId, call, ...rest } = given
  const item = externalId && given.via !== 'portal' ? unnamed(app, externalId) : externalId
  const named = item === undefined ? {} : { externalId: item }
  return { ...rest, ...named, onBehalfOf: '', ...(call ? { call: { ...call, number: '' } } : {}) }
}

const unnamed = (app: Pick<Services, 'subkey'>, externalId: string) =>
  `anonymous:${hmac(app.subkey('anonymous-item'), externalId).toString('base64url')}`

const years = new Map<string, Intl.DateTimeFormat>()

/** The year of a number is that of whoever records it, not of Greenwich. */
function yearIn(zone: string, ms: number): number {
  const format = years.get(zone) ?? new Intl.DateTimeFormat('en', { timeZone: zone, year: 'numeric' })
  years.set(zone, format)
  return Number(format.format(ms))
}

/** Uploads go to the complaint they were made for: a draft's own, or the acting staff member's. */
async function attach(
  tx: Tx,
  org: string,
  a: { id: string; messageId: string; submission: Submission; actor: StaffActor },
): Promise<void> {
  const ids = filesOf(a.submission)
  const recording = a.submission.call?.recordingId ?? null
  if (ids.length === 0) return
  const uploader = a.submission.via === 'portal' ? `portal:${a.submission.externalId}` : a.actor.caller
  const taken = await tx.run(sql`update attachment set complaint_id = ${a.id}, message_id = ${a.messageId},
      visibility = case when id = ${recording}::uuid then 'internal' else visibility end
    where org_id = ${org} and id = any (${ids}::uuid[]) and complaint_id is null and uploader = ${uploader}`)
  if (taken !== ids.length) throw new RefusalError({ code: 'intake.attachment-unknown', status: 422 })
}
