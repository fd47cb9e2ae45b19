import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { normaliseMail } from '../language/index.ts'
import { mailboxesOf, splitAddress } from '../mail/index.ts'
import { type BrakeReason, brakedBy, mostOfMailbox } from './domain/brakes.ts'

const hour = 3_600_000

type Automatic = {
  readonly complaintId: string
  readonly address: string
  readonly mailClass: string
  readonly dmarc: string
  readonly mailboxId: string | null
  readonly now: number
}

/**
 * Why an automatic mail must not leave, by what left before. Whoever asks for one address waits for whoever asked before, until
 * that is committed: two at once cannot both be the last that may.
 */
export async function brakeOn(tx: Tx, org: string, a: Automatic): Promise<BrakeReason | undefined> {
  const address = normaliseMail(a.address)?.mail ?? a.address.toLowerCase()
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`automatic ${org} ${address}`}, 0))`)
  const before = await tx.first<{ here: number; day: number; hour: number; lastAt: number | null }>(
    sql`select count(*) filter (where complaint_id = ${a.complaintId})::int as here, count(*)::int as day,
          count(*) filter (where created_at > ${new Date(a.now - hour)})::int as hour, max(created_at) as "lastAt"
        from outbox where org_id = ${org} and automatic and lower(recipient) = ${address} and created_at > ${new Date(a.now - 24 * hour)}`,
  )
  const { n: fromMailbox = 0 } =
    (await tx.first<{ n: number }>(
      sql`select count(*)::int as n from (select 1 from outbox where org_id = ${org} and automatic and created_at > ${new Date(a.now - hour)}
          and envelope->>'mailboxId' is not distinct from ${a.mailboxId}::text limit ${mostOfMailbox}) x`,
    )) ?? {}
  const own = (await mailboxesOf(tx, org)).some((m) => m.address === splitAddress(address).mailbox)
  const { here = 0, day = 0, hour: lately = 0, lastAt = null } = before ?? {}
  const { mailClass, dmarc, now } = a
  return brakedBy({ mailClass, dmarc, address, own, here, day, hour: lately, lastAt, fromMailbox, now })
}
