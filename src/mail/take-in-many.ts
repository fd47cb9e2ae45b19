import { setTimeout } from 'node:timers/promises'
import type { Context } from '../complaints/index.ts'
import { type Among, openAmong, type Persons } from '../intake/index.ts'
import { dropLeft, storeAttachments, type Stored } from './attachments.ts'
import {
  type Claim,
  type Claimed,
  giveBack,
  keepInHand,
  leaseMs,
  lockAllWaiting,
  readAllWaiting,
  setAside,
  settle,
  type Settled,
  type Waiting,
} from './claim.ts'
import { idsIn } from './domain/headers.ts'
import type { ReadMail } from './domain/mail.ts'
import { verdictOf } from './domain/threading.ts'
import { belonging, holdThreads, knownSenders, threadKeys } from './find.ts'
import { actorOf, type House, houseOf } from './house.ts'
import { headOf } from './identity.ts'
import {
  cameOf,
  factsOf,
  inHand,
  kindOf,
  type Outcome,
  readOne,
  type ReadOne,
  type TakeIn,
  writeOne,
} from './take-in.ts'
import { type InHand, keepBeside, recordMail } from './write.ts'

/** Larger ones are written one by one: what is written together stays a few megabytes. */
const largest = 256 * 1024
/** What is read by then (ms) is written together; who takes longer is waited for alone. */
const patienceMs = 1_000

type Tell = (outcome: Outcome) => void
/** A mail in hand, and what reading it gave, once that is known. */
type Reading = {
  readonly mail: Claimed
  readonly waiting: Waiting
  readonly read: Promise<ReadOne | Outcome>
  result?: ReadOne | Outcome
}

/**
 * Takes in the mails in hand, oldest first. Those that belong to nothing here, which begin complaints of their own, are written
 * together in one transaction; whatever may belong somewhere, is large or slow to read is taken in by itself afterwards, in its
 * order. Should the transaction fail, each is tried alone, so that one bad mail spoils none but itself. Those for which there is no
 * time `until` then (as `performance.now()` counts) are given back, untried; at least one is taken in. How many were given back.
 */
export async function takeInMany(
  at: TakeIn,
  org: string,
  { mails, lease }: Claim,
  tell: Tell,
  until = Number.POSITIVE_INFINITY,
): Promise<number> {
  const over = new AbortController()
  try {
    const readings = await readTogether(at, org, mails, over.signal, tell)
    await inTime(readings)
    const { told, apart } = await writeTogether(at, org, readings).catch((error: unknown) => {
      at.app.log.warn({ err: error }, 'mails could not be taken in together: each is tried alone')
      return { told: [], apart: readings }
    })
    for (const outcome of told) tell(outcome)
    const open = apart.filter(({ result }) => {
      if (!result || !('state' in result)) return true
      tell(result)
      return false
    })
    let kept = lease
    for (const [i, one] of open.entries()) {
      const left = open.slice(i).map((r) => r.mail)
      if (i > 0 && performance.now() >= until) {
        over.abort()
        await giveBack(at.app.db, org, kept, left)
        return left.length
      }
      const now = at.app.now()
      if (now > kept - leaseMs / 2) kept = await keepInHand(at.app.db, org, { lease: kept, now }, left)
      const read = one.result ?? (await one.read)
      tell('state' in read ? read : await writeOne(at, org, read))
    }
    return 0
  } finally {
    over.abort()
  }
}

/** Has them read, oldest first. */
async function readTogether(
  at: TakeIn,
  org: string,
  mails: readonly Claimed[],
  signal: AbortSignal,
  tell: Tell,
): Promise<Reading[]> {
  if (mails.length === 0) return []
  const ids = mails.map((m) => m.id)
  const { waiting, house } = await at.app.db.withScope(
    { org },
    async (tx) => {
      const [rows, known] = await Promise.all([readAllWaiting(tx, org, ids), houseOf(tx, org)])
      return { waiting: rows, house: known }
    },
    'read',
  )
  for (let gone = ids.length - waiting.length; gone > 0; gone -= 1) tell({ state: 'gone' })
  return waiting.flatMap((one) => {
    const mail = mails.find((m) => m.id === one.id)
    if (!mail) return []
    const read = readOne(at, org, one, house.mailboxes, signal)
    const reading: Reading = { mail, waiting: one, read }
    // Whoever waits for it hears of a failure too.
    read.then(
      (result) => (reading.result = result),
      () => undefined,
    )
    return [reading]
  })
}

/** Resolves when all are read, or when patience ends. */
async function inTime(readings: readonly Reading[]): Promise<void> {
  const done = new AbortController()
  const patience = setTimeout(patienceMs, undefined, { signal: done.signal }).catch(() => undefined)
  await Promise.race([Promise.all(readings.map((r) => r.read)), patience]).finally(() => done.abort())
}

type Round = {
  readonly told: readonly Outcome[]
  /** To be taken in alone, in this order. */
  readonly apart: readonly Reading[]
}
type WithFiles = ReadOne & { readonly files: Stored }

/** What was read of one that may be written together with others. */
function readSmall({ mail, result }: Reading): ReadOne | undefined {
  return result && !('state' in result) && mail.bytes <= largest ? result : undefined
}

async function writeTogether(at: TakeIn, org: string, all: readonly Reading[]): Promise<Round> {
  const { app } = at
  const now = app.now()
  const ready: WithFiles[] = []
  for (const reading of all) {
    const one = readSmall(reading)
    if (!one) continue
    const files = await storeAttachments(app, { org, itemId: one.waiting.id, now }, one.mail.attachments)
    // What turns out to be taken in alone has its files already.
    reading.result = { ...one, files }
    ready.push({ ...one, files })
  }
  if (ready.length === 0) return { told: [], apart: all }
  const after: (() => void)[] = []
  const round = await app.db.withScope(
    { org },
    async (tx): Promise<Round> => {
      after.length = 0
      const mails = ready.map((one) => one.mail)
      const [, waits, house, belong, persons] = await Promise.all([
        holdThreads(tx, org, mails),
        lockAllWaiting(
          tx,
          org,
          ready.map((one) => one.waiting.id),
        ),
        houseOf(tx, org),
        belonging(
          app,
          tx,
          org,
          ready.map(({ waiting, mail }) => ({ came: cameOf(org, waiting), mail })),
        ),
        knownSenders(tx, org, mails),
      ])
      const { together, apart } = sorted(org, all, (mail) => mail.class === 'bounce' || belong.has(mail))
      const ctx = { tx, now, afterCommit: (work: () => void) => void after.push(work) }
      return { told: await writeEach(at, { org, house, ctx, waits, persons }, together), apart }
    },
    'points',
  )
  for (const work of after) work()
  return round
}

/** Those that can be written together, and the others, with whatever is of one thread with an earlier mail. */
function sorted(org: string, all: readonly Reading[], belongs: (mail: ReadMail) => boolean) {
  const together: WithFiles[] = []
  const apart: Reading[] = []
  const seen = new Set<string>()
  for (const one of all) {
    const small = readSmall(one)
    const read = one.result && !('state' in one.result) ? one.result.mail : undefined
    const keys = threadKeys(org, read ?? idsAtHead(one.waiting.raw))
    if (!small?.files || belongs(small.mail) || keys.some((key) => seen.has(key))) apart.push(one)
    else together.push({ ...small, files: small.files })
    for (const key of keys) seen.add(key)
  }
  return { together, apart }
}

/** What a mail that is not read yet says at its head of itself and of those it answers. */
function idsAtHead(raw: Buffer) {
  const head = headOf(raw)
  const ids = (name: string) => idsIn(head.get(name) ?? '')
  return { messageId: ids('message-id')[0] ?? null, inReplyTo: ids('in-reply-to'), references: ids('references') }
}

type In = {
  readonly org: string
  readonly house: House
  readonly ctx: Omit<Context, 'actor'>
  readonly waits: ReadonlySet<string>
  readonly persons: Persons
}

const nothing = { candidates: [], bounced: undefined, here: false, ours: false, about: [] } as const

/** Begins them in their order, and writes them at once; as if each saw those before it (`openAmong`). */
async function writeEach(at: TakeIn, given: In, all: readonly WithFiles[]): Promise<Outcome[]> {
  const { org, house, ctx, persons } = given
  const among = openAmong({ persons, teams: teamsOf(house, all) })
  const written: { given: InHand; became: Settled['became'] }[] = []
  const told = await Promise.all(all.map((one) => place(at, given, one, among, (row) => written.push(row))))
  const [first] = written
  if (!first) return told
  const actor = actorOf(org, house, first.given.itemId)
  await among.write({ ...ctx, actor })
  for (const { became } of written) at.recorded?.(ctx.tx, org, became.complaintId)
  keepBeside({ ...ctx, actor }, written)
  settle(
    ctx.tx,
    org,
    written.map(({ given: mail, became }) => ({ itemId: mail.itemId, mailClass: mail.mail.class, became })),
  )
  for (const { given: mail } of written) if (mail.files.ids.length > 0) dropLeft(ctx.tx, org, mail.itemId)
  return told
}

/** The teams their mailboxes name; null where one leaves it to the routing. */
function teamsOf(house: House, all: readonly WithFiles[]): readonly string[] | null {
  const teams = new Set(all.map((one) => inHand(one, house, one.files).mailbox?.teamId ?? null))
  return teams.has(null) ? null : [...teams].filter((t) => t !== null)
}

async function place(
  { app }: TakeIn,
  { org, house, ctx, waits }: In,
  one: WithFiles,
  among: Among,
  written: (row: { given: InHand; became: Settled['became'] }) => void,
): Promise<Outcome> {
  const { waiting, mail, files } = one
  if (!waits.has(waiting.id)) return { state: 'gone' }
  const verdict = verdictOf(kindOf(mail), factsOf(nothing, { mail, waiting, house }))
  if (verdict.do === 'park' || verdict.do === 'reject') {
    const state = verdict.do === 'park' ? 'parked' : 'rejected'
    await setAside(ctx.tx, org, waiting.id, { state, reason: verdict.reason, mailClass: mail.class, about: [] })
    if (files.ids.length > 0) dropLeft(ctx.tx, org, waiting.id)
    return { state, reason: verdict.reason }
  }
  if (verdict.do !== 'record') throw new Error('a mail that belongs nowhere was found to belong somewhere')
  const given = inHand(one, house, files)
  const became = await recordMail(app, { ...ctx, actor: actorOf(org, house, waiting.id) }, given, verdict.after, among)
  written({ given, became })
  return { state: 'new', became }
}
