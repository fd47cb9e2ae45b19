import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { normaliseMail } from '../language/index.ts'
import { mailboxesOf, splitAddress } from '../mail/index.ts'
import { type Brake, brakedBy, mostOfMailbox } from './domain/brakes.ts'

const hour = 3_600_000

type Automatic = {
  readonly complaintId: string
  readonly address: string
  readonly mailClass: string
  readonly dmarc: string
  readonly spf: string
  readonly mailboxId: string | null
  /** When the mail came that it would answer. */
  readonly cameAt: number
  readonly receipt: boolean
  readonly now: number
}

/**
 * Why an automatic mail must not leave, by what left before. Whoever asks for one address waits for whoever asked before, until
 * that is committed: two at once cannot both be the last that may.
 */
export async function brakeOn(tx: Tx, org: string, a: Automatic): Promise<Brake | undefined> {
  const address = normaliseMail(a.address)?.mail ?? a.address.toLowerCase()
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`automatic ${org} ${address}`}, 0))`)
  const sent = await tx.first<{ here: number; hour: number; before: number; beforeAt: number | null }>(
    sql`select count(*) filter (where complaint_id = ${a.complaintId})::int as here,
          count(*) filter (where created_at > ${new Date(a.now - hour)})::int as hour,
          count(*) filter (where created_at <= ${new Date(a.cameAt)})::int as before,
          max(created_at) filter (where created_at <= ${new Date(a.cameAt)}) as "beforeAt"
        from outbox where org_id = ${org} and automatic and lower(recipient) = ${address} and created_at > ${new Date(a.now - 24 * hour)}`,
  )
  const { n: fromMailbox = 0 } =
    (await tx.first<{ n: number }>(
      sql`select count(*)::int as n from (select 1 from outbox where org_id = ${org} and automatic and created_at > ${new Date(a.now - hour)}
          and envelope->>'mailboxId' is not distinct from ${a.mailboxId}::text
          and coalesce(envelope->>'proven', 'true') = ${String(a.dmarc === 'pass')} limit ${mostOfMailbox}) x`,
    )) ?? {}
  const own = (await mailboxesOf(tx, org)).some((m) => m.address === splitAddress(address).mailbox)
  const { mailClass, dmarc, spf, cameAt, receipt, now } = a
  const counted = sent ?? { here: 0, hour: 0, before: 0, beforeAt: null }
  return brakedBy({ mailClass, dmarc, spf, address, own, ...counted, fromMailbox, cameAt, receipt, now })
}
