import type { Context } from '../complaints/index.ts'
import { type Among, writeMade } from '../intake/index.ts'
import { storeAttachments, type Stored } from './attachments.ts'
import { type Claimed, lockAllWaiting, readAllWaiting, setAside, settle, type Settled } from './claim.ts'
import { verdictOf } from './domain/threading.ts'
import { belonging, holdThreads, threadKeys } from './find.ts'
import { actorOf, type House, houseOf } from './house.ts'
import {
  cameOf,
  factsOf,
  inHand,
  kindOf,
  type Outcome,
  readOne,
  type ReadOne,
  type TakeIn,
  takeIn,
  writeOne,
} from './take-in.ts'
import { type InHand, keepBeside, recordMail } from './write.ts'

/** Larger ones are taken in one by one: what is in hand together stays a few megabytes. */
const largest = 256 * 1024
/** Then a transaction is committed with what is in it: others may wait for what it holds. */
const mostMs = 200

type Tell = (outcome: Outcome) => void

/**
 * Takes in the mails in hand, oldest first. Those that belong to nothing here, which begin complaints of their own, are written
 * together in one transaction; whatever may belong somewhere is taken in by itself afterwards, in its order. Should the
 * transaction fail, each is tried alone, so that one bad mail spoils none but itself.
 */
export async function takeInMany(at: TakeIn, org: string, claimed: readonly Claimed[], tell: Tell): Promise<void> {
  const small = claimed.filter((c) => c.bytes <= largest).map((c) => c.id)
  let left = await readTogether(at, org, small, tell)
  while (left.length > 0) {
    const { told, apart, rest } = await writeTogether(at, org, left).catch((error: unknown) => {
      at.app.log.warn({ err: error }, 'mails could not be taken in together: each is tried alone')
      return { told: [], apart: left, rest: [] }
    })
    for (const outcome of told) tell(outcome)
    for (const one of apart) tell(await writeOne(at, org, one))
    left = rest
  }
  for (const { id, bytes } of claimed) if (bytes > largest) tell(await takeIn(at, org, id))
}

/** What could be read of them, oldest first. */
async function readTogether(at: TakeIn, org: string, ids: readonly string[], tell: Tell): Promise<readonly ReadOne[]> {
  if (ids.length === 0) return []
  const { waiting, house } = await at.app.db.withScope(
    { org },
    async (tx) => {
      const [rows, known] = await Promise.all([readAllWaiting(tx, org, ids), houseOf(tx, org)])
      return { waiting: rows, house: known }
    },
    'read',
  )
  for (let gone = ids.length - waiting.length; gone > 0; gone -= 1) tell({ state: 'gone' })
  const done = await Promise.all(waiting.map((one) => readOne(at, org, one, house.mailboxes)))
  return done.flatMap((one) => {
    if (!('state' in one)) return [one]
    tell(one)
    return []
  })
}

type Round = {
  readonly told: readonly Outcome[]
  /** To be taken in alone, in this order. */
  readonly apart: readonly ReadOne[]
  /** To be taken in together, afterwards. */
  readonly rest: readonly ReadOne[]
}
type WithFiles = ReadOne & { readonly files: Stored }

async function writeTogether(at: TakeIn, org: string, all: readonly ReadOne[]): Promise<Round> {
  const { app } = at
  const now = app.now()
  const ready: WithFiles[] = []
  for (const one of all) {
    const files = await storeAttachments(app, { org, itemId: one.waiting.id, now }, one.mail.attachments)
    ready.push({ ...one, files })
  }
  const after: (() => void)[] = []
  const round = await app.db.withScope(
    { org },
    async (tx): Promise<Round> => {
      after.length = 0
      const [, waits, house, belong] = await Promise.all([
        holdThreads(
          tx,
          org,
          ready.map((one) => one.mail),
        ),
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
      ])
      const { together, apart } = sorted(org, ready, (one) => one.mail.class === 'bounce' || belong.has(one.mail))
      const ctx = { tx, now, afterCommit: (work: () => void) => void after.push(work) }
      const { told, done } = await writeEach(at, { org, house, ctx, waits }, together)
      return { told, apart, rest: together.slice(done) }
    },
    'points',
  )
  for (const work of after) work()
  return round
}

/** Those that can be written together, and the others, with whatever is of one thread with an earlier mail. */
function sorted(org: string, all: readonly WithFiles[], belongs: (one: WithFiles) => boolean) {
  const together: WithFiles[] = []
  const apart: WithFiles[] = []
  const seen = new Set<string>()
  for (const one of all) {
    const keys = threadKeys(org, one.mail)
    if (belongs(one) || keys.some((key) => seen.has(key))) apart.push(one)
    else together.push(one)
    for (const key of keys) seen.add(key)
  }
  return { together, apart }
}

type In = {
  readonly org: string
  readonly house: House
  readonly ctx: Omit<Context, 'actor'>
  readonly waits: ReadonlySet<string>
}

const nothing = { candidates: [], bounced: undefined, here: false, ours: false } as const

/** Writes one after the other, in their order, until the time is up: each sees those before it. */
async function writeEach({ app, recorded }: TakeIn, { org, house, ctx, waits }: In, all: readonly WithFiles[]) {
  const { tx } = ctx
  const told: Outcome[] = []
  const written: { given: InHand; became: Settled['became'] }[] = []
  const among: Among = { references: new Map(), made: [] }
  const until = performance.now() + mostMs
  let done = 0
  for (const one of all) {
    if (done > 0 && performance.now() > until) break
    done += 1
    const { waiting, mail, files } = one
    if (!waits.has(waiting.id)) {
      told.push({ state: 'gone' })
      continue
    }
    const verdict = verdictOf(kindOf(mail), factsOf(nothing, { mail, waiting, house }))
    if (verdict.do === 'park' || verdict.do === 'reject') {
      const state = verdict.do === 'park' ? 'parked' : 'rejected'
      await setAside(tx, org, waiting.id, { state, reason: verdict.reason, mailClass: mail.class })
      told.push({ state, reason: verdict.reason })
      continue
    }
    if (verdict.do !== 'record') throw new Error('a mail that belongs nowhere was found to belong somewhere')
    const given = inHand(one, house, files)
    const became = await recordMail(
      app,
      { ...ctx, actor: actorOf(org, house, waiting.id) },
      given,
      verdict.after,
      among,
    )
    written.push({ given, became })
    told.push({ state: 'new', became })
  }
  const [first] = written
  if (first) {
    const actor = actorOf(org, house, first.given.itemId)
    await writeMade({ ...ctx, actor }, among.made.splice(0))
    for (const { became } of written) recorded?.(tx, org, became.complaintId)
    keepBeside({ ...ctx, actor }, written)
    settle(
      tx,
      org,
      written.map(({ given, became }) => ({ itemId: given.itemId, mailClass: given.mail.class, became })),
    )
  }
  return { told, done }
}
