import { sql } from 'kysely'
import type { Services } from '../kit/services.ts'
import type { ReadMail } from './domain/mail.ts'
import { type FoundBy, verdictOf } from './domain/threading.ts'
import { findFor } from './find.ts'
import type { Destination } from './mailboxes.ts'
import { houseOf } from './house.ts'
import { kindOf } from './take-in.ts'

/** The complaint a mail would go to: its number, what shows it (`enclosed`: what a bounce brings back), and as what it would stand there. */
export type WouldThread = {
  readonly number: string
  readonly by: FoundBy | 'enclosed'
  readonly as: 'message' | 'note' | 'side_note' | 'bounce'
}

/** Where a mail would be threaded to if it came now (epoch ms); null where it would be a complaint of its own, or set aside. */
export function wouldThread(
  app: Pick<Services, 'db' | 'subkey'>,
  to: Destination,
  mail: ReadMail,
  now: number,
): Promise<WouldThread | null> {
  return app.db.withScope(
    { org: to.org },
    async (tx) => {
      const [house, found] = await Promise.all([houseOf(tx, to.org), findFor(app, tx, to, mail)])
      const verdict = verdictOf(kindOf(mail), {
        ...found,
        // One that came already is shown as if it had not.
        here: false,
        dmarcFails: mail.authenticity.dmarc === 'fail',
        asked: false,
        graceMs: house.graceDays * 86_400_000,
        now,
      })
      if (!('complaintId' in verdict)) return null
      const { complaintId } = verdict
      const row = await tx.first<{ number: string }>(
        sql`select number from complaint where org_id = ${to.org} and id = ${complaintId}`,
      )
      const by = found.candidates.find((c) => c.complaintId === complaintId)?.by ?? 'enclosed'
      return row ? { number: row.number, by, as: verdict.do === 'append' ? 'message' : verdict.do } : null
    },
    'read',
  )
}
