import { sql } from 'kysely'
import { z } from 'zod'
import type { Database } from '../kit/db/database.ts'
import { claimDue } from './claim.ts'
import { alone, inCompany } from './in-company.ts'
import { wakeTakeIn } from './keep.ts'
import { type Outcome, type TakeIn } from './take-in.ts'
import { takeInMany } from './take-in-many.ts'

const payload = z.object({ org: z.uuid() })
/** Then it is the next organisation's turn, however many wait here. */
const turnMs = 1_000
/** Claimed together; for those there is no time for, they are given back. */
const inHand = 16
/** While one reads, the other writes. */
const hands = 2

/** Organisations with a turn under way in this process, and whether they were asked for again meanwhile. */
const underway = new Map<string, { again: boolean }>()

/**
 * Takes in what waits in one organisation, for a turn; what is left stands in line again behind the other organisations. Any
 * number of workers may be at it: each mail is in one hand. One organisation has one turn at a time in a process, however often
 * it is asked for: the other workers are for the others.
 */
export async function takeInWaiting(
  at: TakeIn,
  given: unknown,
  tell: (outcome: Outcome) => void = () => undefined,
  forMs = turnMs,
): Promise<number> {
  const { org } = payload.parse(given)
  const there = underway.get(org)
  if (there) {
    there.again = true
    return 0
  }
  const turn = { again: false }
  underway.set(org, turn)
  const { done, more } = await takeTurn(at, org, tell, forMs).finally(() => underway.delete(org))
  if (more || turn.again) await wakeTakeIn(at.app, org)
  return done
}

async function takeTurn(at: TakeIn, org: string, tell: (outcome: Outcome) => void, forMs: number) {
  const until = performance.now() + forMs
  let done = 0
  /** Whether more may be due when it stops. */
  const hand = async (): Promise<boolean> => {
    for (let first = true; first || performance.now() < until; first = false) {
      const claim = await claimDue(at.app.db, org, at.app.now(), inHand)
      const [oldest] = claim.mails
      if (!oldest) return false
      // Should it end this process too, no other mail is in hand.
      const kept = oldest.died ? alone : inCompany
      const left = await kept(() => takeInMany(at, org, claim, tell, until))
      done += claim.mails.length - left
      if (!claim.more && left === 0) return false
    }
    return true
  }
  const more = await Promise.all(Array.from({ length: hands }, hand))
  return { done, more: more.includes(true) }
}

/** Organisations where a mail is due get a job: one whose job was lost, and one whose pause is over. */
export async function rescueMail(app: TakeIn['app'] & { readonly systemDb: Database }): Promise<number> {
  const due = await app.systemDb.withoutScope((tx) =>
    tx.rows(
      sql<{ org: string }>`select o.org_id as org from organisation o
        where exists (select from inbound_mail m where m.org_id = o.org_id and m.next_try_at <= ${new Date(app.now())})`,
    ),
  )
  for (const { org } of due) await wakeTakeIn(app, org)
  return due.length
}
