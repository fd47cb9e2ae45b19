import { sql } from 'kysely'
import { z } from 'zod'
import type { Database } from '../kit/db/database.ts'
import type { Services } from '../kit/services.ts'
import { failureOf, givenUpMs, pauseAfter } from './domain/failure.ts'
import { mailOf, type SendMail } from './mail.ts'
import { changeOutgoing, enqueueOutgoing, letterhead, lockOutgoing, type Outgoing } from './store.ts'

export type ReplyApp = Pick<Services, 'db' | 'now' | 'log' | 'config' | 'subkey'>
type TrackPath = (org: { id: string; slug: string }, complaint: { id: string; secretHash: Buffer }) => string
type Sending = { readonly app: ReplyApp; readonly send: SendMail | undefined; readonly trackPath: TrackPath }

const payload = z.object({ org: z.uuid(), id: z.uuid() })
/** Longer than any wait of the mail transport: a worker silent for so long is dead. */
export const leaseMs = 120_000

/**
 * Sends one waiting message. Claimed first in a transaction of its own, so that two workers never send it both; killed
 * between the mail server's yes and our COMMIT, it is sent at most once more, with the same Message-ID.
 */
export async function sendOutgoing(sending: Sending, given: unknown): Promise<void> {
  const { org, id } = payload.parse(given)
  const row = await claim(sending, org, id)
  if (!row) return
  const { app } = sending
  try {
    await hand(sending, org, row)
  } catch (error) {
    const { permanent, text } = failureOf(error)
    app.log.warn({ outbox: id, permanent, reason: text }, 'a message could not be sent')
    await settle(app, org, id, (now, held) => {
      const tooLong = now - (held.envelope.since ?? held.not_before) > givenUpMs
      if (permanent || tooLong) return { state: 'failed', lastError: text }
      return { state: 'waiting', lastError: text, envelope: { nextTryAt: now + pauseAfter(held.attempts) } }
    })
    return
  }
  await settle(app, org, id, (now) => ({ state: 'sent', sentAt: now, lastError: null }))
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
    await changeOutgoing(tx, org, row, { state: 'sending', attempts, envelope: { leaseUntil: now + leaseMs } })
    return { ...row, attempts }
  })
}

async function hand({ app, send, trackPath }: Sending, org: string, row: Outgoing): Promise<void> {
  const head = await app.db.withScope({ org }, (tx) => letterhead(tx, org, row.complaint_id), 'read')
  if (!head || !send) throw new Error('the complaint of a message is missing')
  const path = trackPath({ id: org, slug: head.slug }, { id: row.complaint_id, secretHash: head.secret_hash })
  await send(mailOf(app.config, row, head, path))
}

type Outcome = Parameters<typeof changeOutgoing>[3]

async function settle(
  app: ReplyApp,
  org: string,
  id: string,
  decide: (now: number, held: Outgoing) => Outcome,
): Promise<void> {
  await app.db.withScope({ org }, async (tx) => {
    const row = await lockOutgoing(tx, org, id)
    if (!row || row.state !== 'sending') return
    const change = decide(app.now(), row)
    await changeOutgoing(tx, org, row, change)
    if (change.envelope?.nextTryAt) await enqueueOutgoing(tx, org, id, change.envelope.nextTryAt)
  })
}

/** Messages whose job is lost (a killed worker keeps its job locked) get another; a job more does nothing twice. */
export async function rescueOutgoing(app: ReplyApp & { readonly systemDb: Database }): Promise<number> {
  const late = new Date(app.now() - 60_000)
  const lost = await app.systemDb.withoutScope((tx) =>
    tx.rows(sql<{
      org: string
      id: string
    }>`select x.org_id as org, x.id from organisation o join outbox x on x.org_id = o.org_id
      where x.state in ('waiting', 'sending') and x.not_before < ${late} and greatest(
        to_timestamp(coalesce((x.envelope->>'leaseUntil')::float8, 0) / 1000), to_timestamp(coalesce((x.envelope->>'nextTryAt')::float8, 0) / 1000)) < ${late} limit 1000`),
  )
  for (const { org, id } of lost) await app.db.withScope({ org }, (tx) => enqueueOutgoing(tx, org, id, app.now()))
  return lost.length
}
