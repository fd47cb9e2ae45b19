import { sql } from 'kysely'
import { z } from 'zod'
import { markUnreachable } from '../customers/index.ts'
import type { Database, Tx } from '../kit/db/database.ts'
import { noteArrival, noteLoss } from './arrival.ts'
import {
  delayToldMs,
  type Failure,
  failureOf,
  givenUpMs,
  mostUnexplained,
  nextTryAt,
  pauseAfter,
} from './domain/failure.ts'
import { enclosedWith } from './enclosed.ts'
import { mailOf, type SendMail } from './mail.ts'
import { commitSystemEvents } from '../complaints/index.ts'
import { event } from '../complaints/domain/index.ts'
import { sealed } from './seal.ts'
import {
  changeOutgoing,
  enqueueOutgoing,
  type Envelope,
  letterhead,
  lockOutgoing,
  markLost,
  type Outgoing,
  unexplainedOf,
} from './store.ts'
import { type ReplyApp, whereSaid } from './where-said.ts'

type TrackPath = (org: { id: string; slug: string }, complaint: { id: string; secretHash: Buffer }) => string
type Sending = { readonly app: ReplyApp; readonly send: SendMail | undefined; readonly trackPath: TrackPath }

const payload = z.object({ org: z.uuid(), id: z.uuid() })
/** A worker says so often that it is still at it; silent for a whole lease, it is dead, and another takes the message. */
export const leaseMs = 30_000

/**
 * Sends one waiting message. Claimed first in a transaction of its own, so that two workers never send it both; killed
 * between the mail server's yes and our COMMIT, it is sent at most once more, with the same Message-ID. What fails for good
 * is said in the history of the complaint, in the transaction that says so here: once, however often the job runs.
 */
export async function sendOutgoing(sending: Sending, given: unknown): Promise<void> {
  const { org, id } = payload.parse(given)
  const row = await claim(sending, org, id)
  if (!row) return
  const { app } = sending
  try {
    await holding(app, org, row, () => hand(sending, org, row))
  } catch (error) {
    const failure = failureOf(error)
    app.log.warn({ outbox: id, permanent: failure.permanent, reason: failure.text }, 'a message could not be sent')
    const tooLong = app.now() - triedSince(row) > givenUpMs
    if (failure.permanent || tooLong) await fail(app, org, row, failure)
    else await later(app, org, row, failure.text)
    return
  }
  await arrive(app, org, row)
}

async function claim({ app, send }: Sending, org: string, id: string): Promise<Outgoing | undefined> {
  return app.db.withScope({ org }, async (tx) => {
    const now = app.now()
    const row = await lockOutgoing(tx, org, id)
    if (!row || !['waiting', 'sending'].includes(row.state)) return undefined
    const until =
      row.state === 'sending' ? (row.envelope.leaseUntil ?? 0) : Math.max(row.not_before, row.envelope.nextTryAt ?? 0)
    if (until > now) {
      await enqueueOutgoing(tx, org, id, until)
      return undefined
    }
    if (row.channel === 'portal' || (row.channel === 'email' && !send)) {
      // It shows in the portal. A mail without a way out waits for the setting to come back.
      if (row.channel === 'portal') await changeOutgoing(tx, org, row, { state: 'sent', sentAt: now })
      else await enqueueOutgoing(tx, org, id, now + pauseAfter(8))
      return undefined
    }
    const attempts = row.attempts + 1
    const seal = row.envelope.seal ?? (await sealed({ app, tx, org, now }, row))
    const envelope = { ...row.envelope, seal, leaseUntil: now + leaseMs }
    await changeOutgoing(tx, org, row, { state: 'sending', attempts, envelope })
    return { ...row, envelope, attempts }
  })
}

async function hand({ app, send, trackPath }: Sending, org: string, row: Outgoing): Promise<void> {
  const head = await app.db.withScope({ org }, (tx) => letterhead(tx, org, row.complaint_id), 'read')
  const { seal } = row.envelope
  if (!head || !send || !seal) throw new Error('the complaint of a message is missing')
  const path = trackPath({ id: org, slug: head.slug }, { id: row.complaint_id, secretHash: head.secret_hash })
  await send(mailOf(app.config, row, { seal, head, trackPath: path, ...(await enclosedWith(app, org, row)) }))
}

/** Renews the lease while the mail server takes its time. */
async function holding(app: ReplyApp, org: string, claimed: Outgoing, work: () => Promise<void>): Promise<void> {
  const renew = () =>
    app.db.withScope({ org }, async (tx) => {
      const row = await ours(tx, org, claimed)
      if (row) await changeOutgoing(tx, org, row, { state: 'sending', envelope: { leaseUntil: app.now() + leaseMs } })
    })
  // A database that is away is told of when the try ends.
  const timer = setInterval(() => void renew().catch(() => undefined), leaseMs / 3)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
}

/** Under the lock, when it is still this try's to say how it went: a lease may have run out, and another be at it. */
async function ours(tx: Tx, org: string, claimed: Outgoing): Promise<Outgoing | undefined> {
  const row = await lockOutgoing(tx, org, claimed.id)
  return row?.state === 'sending' && row.attempts === claimed.attempts ? row : undefined
}

/** Since when trying counts. */
const triedSince = ({ envelope, not_before }: Outgoing) => envelope.since ?? not_before

async function later(app: ReplyApp, org: string, claimed: Outgoing, lastError: string): Promise<void> {
  const again = async (tx: Tx, row: Outgoing, told: Partial<Envelope> = {}) => {
    const at = nextTryAt(app.now(), triedSince(row), row.attempts)
    await changeOutgoing(tx, org, row, { state: 'waiting', lastError, envelope: { ...told, nextTryAt: at } })
    await enqueueOutgoing(tx, org, row.id, at)
  }
  const long = app.now() - triedSince(claimed) >= delayToldMs
  if (!long || claimed.envelope.delayTold || claimed.envelope.automatic)
    return app.db.withScope({ org }, async (tx) => {
      const row = await ours(tx, org, claimed)
      if (row) await again(tx, row)
    })
  // Said once in the history, which tells whoever owns the complaint.
  await whereSaid(app, org, claimed, async ({ tx, now }, { own }) => {
    const row = await ours(tx, org, claimed)
    if (!row) return
    await commitSystemEvents(tx, org, own, [event('mail_delayed', { outboxId: row.id })], now)
    await again(tx, row, { delayTold: true })
  })
}

async function fail(
  app: ReplyApp,
  org: string,
  claimed: Outgoing,
  { permanent, text, codeClass, badAddress, unexplained }: Failure,
): Promise<void> {
  const cause = permanent ? 'refused' : 'given-up'
  await whereSaid(app, org, claimed, async (at, held) => {
    const row = await ours(at.tx, org, claimed)
    if (!row) return
    const lost = await noteLoss(at, held, row, { cause, codeClass })
    const refused = (row.envelope.unexplained ?? 0) + (unexplained ? 1 : 0)
    const envelope = { noted: true, ...(refused > 0 ? { unexplained: refused } : {}) }
    await changeOutgoing(at.tx, org, row, { state: 'failed', lastError: text, envelope })
    const often = unexplained ? await unexplainedOf(at.tx, org, { row, own: refused, now: at.now }) : 0
    const isNone = badAddress || often >= mostUnexplained
    if (isNone) await markUnreachable(at.tx, org, row.recipient, at.now)
    if (lost) await markLost(at.tx, org, { on: held.own.state.id, row }, true)
  })
}

async function arrive(app: ReplyApp, org: string, claimed: Outgoing): Promise<void> {
  const sent = (row: Outgoing) => ({
    state: 'sent',
    sentAt: app.now(),
    lastError: null,
    envelope: { ...row.envelope, lost: false },
  })
  if (!claimed.envelope.lost) {
    await app.db.withScope({ org }, async (tx) => {
      const row = await lockOutgoing(tx, org, claimed.id)
      if (row?.state === 'sending') await changeOutgoing(tx, org, row, sent(row))
    })
    return
  }
  await whereSaid(app, org, claimed, async (at, held) => {
    const row = await lockOutgoing(at.tx, org, claimed.id)
    if (row?.state !== 'sending') return
    await noteArrival(at, held, row)
    await changeOutgoing(at.tx, org, row, sent(row))
    await markLost(at.tx, org, { on: held.own.state.id, row }, false)
  })
}

/**
 * What failed before the history spoke of it is noted now: a message that failed under an older version settles nothing
 * either.
 */
export async function noteOldFailures(app: ReplyApp & { readonly systemDb: Database }): Promise<number> {
  const silent = await app.systemDb.withoutScope((tx) =>
    tx.rows(sql<{
      org: string
      id: string
    }>`select x.org_id as org, x.id from organisation o join outbox x on x.org_id = o.org_id
      where x.state = 'failed' and not x.envelope ? 'noted' limit 1000`),
  )
  for (const { org, id } of silent) {
    const row = await app.db.withScope({ org }, (tx) => lockOutgoing(tx, org, id))
    if (row)
      await whereSaid(app, org, row, async (at, held) => {
        const now = await lockOutgoing(at.tx, org, id)
        if (now?.state !== 'failed' || now.envelope.noted) return
        const lost = await noteLoss(at, held, now, { cause: 'refused', codeClass: 'none' })
        await changeOutgoing(at.tx, org, now, { state: 'failed', envelope: { noted: true } })
        if (lost) await markLost(at.tx, org, { on: held.own.state.id, row: now }, true)
      })
  }
  return silent.length
}

/** Messages whose job is lost (a killed worker keeps its job locked) get another; a job more does nothing twice. */
export async function rescueOutgoing(app: ReplyApp & { readonly systemDb: Database }): Promise<number> {
  const now = new Date(app.now())
  const late = new Date(app.now() - 60_000)
  const lost = await app.systemDb.withoutScope((tx) =>
    tx.rows(sql<{
      org: string
      id: string
    }>`select x.org_id as org, x.id from organisation o join outbox x on x.org_id = o.org_id
      where x.state in ('waiting', 'sending') and x.not_before < ${late}
        and to_timestamp(coalesce((x.envelope->>'leaseUntil')::float8, 0) / 1000) < ${now}
        and to_timestamp(coalesce((x.envelope->>'nextTryAt')::float8, 0) / 1000) < ${late} limit 1000`),
  )
  for (const { org, id } of lost) await app.db.withScope({ org }, (tx) => enqueueOutgoing(tx, org, id, app.now()))
  return lost.length
}
