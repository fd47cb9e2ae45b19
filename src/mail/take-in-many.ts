import type { Context } from '../complaints/index.ts'
import { type Among, openAmong } from '../intake/index.ts'
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

type Tell = (outcome: Outcome) => void

/**
 * Takes in the mails in hand, oldest first. Those that belong to nothing here, which begin complaints of their own, are written
 * together in one transaction; whatever may belong somewhere is taken in by itself afterwards, in its order. Should the
 * transaction fail, each is tried alone, so that one bad mail spoils none but itself.
 */
export async function takeInMany(at: TakeIn, org: string, claimed: readonly Claimed[], tell: Tell): Promise<void> {
  const small = claimed.filter((c) => c.bytes <= largest).map((c) => c.id)
  const ready = await readTogether(at, org, small, tell)
  const { told, apart } = await writeTogether(at, org, ready).catch((error: unknown) => {
    at.app.log.warn({ err: error }, 'mails could not be taken in together: each is tried alone')
    return { told: [], apart: ready }
  })
  for (const outcome of told) tell(outcome)
  for (const one of apart) tell(await writeOne(at, org, one))
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
}
type WithFiles = ReadOne & { readonly files: Stored }

async function writeTogether(at: TakeIn, org: string, all: readonly ReadOne[]): Promise<Round> {
  if (all.length === 0) return { told: [], apart: [] }
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
      return { told: await writeEach(at, { org, house, ctx, waits }, together), apart }
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

/** Begins them in their order, and writes them at once; as if each saw those before it (`openAmong`). */
async function writeEach(at: TakeIn, given: In, all: readonly WithFiles[]): Promise<Outcome[]> {
  const { org, house, ctx } = given
  const among = openAmong()
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
  return told
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
    await setAside(ctx.tx, org, waiting.id, { state, reason: verdict.reason, mailClass: mail.class })
    return { state, reason: verdict.reason }
  }
  if (verdict.do !== 'record') throw new Error('a mail that belongs nowhere was found to belong somewhere')
  const given = inHand(one, house, files)
  const became = await recordMail(app, { ...ctx, actor: actorOf(org, house, waiting.id) }, given, verdict.after, among)
  written({ given, became })
  return { state: 'new', became }
}
