import { sql } from 'kysely'
import { fold } from '../complaints/domain/index.ts'
import { loadEvents } from '../complaints/index.ts'
import type { Tx } from '../kit/db/database.ts'
import { RefusalError } from '../kit/pure/result.ts'
import type { Services } from '../kit/services.ts'
import { type StaffActor, visibleSql } from '../people/index.ts'
import { receiptSecret } from './receipt.ts'
import type { Recorded } from './record.ts'
import type { Item } from './references.ts'

/**
 * What an item that was recorded before has become. Refuses with `intake.item-parked` what became nothing this reader may see,
 * and with `intake.other-item` other words under a name that is taken: they are another matter, or a correction, and a "recorded"
 * that keeps neither would lose them.
 */
export async function repeated(
  app: Services,
  tx: Tx,
  actor: StaffActor,
  { channel, externalId, sha256 }: Pick<Item, 'channel' | 'externalId' | 'sha256'>,
): Promise<Recorded> {
  const org = actor.org.id
  // The receipt code opens the complaint: it is told again to its complainant, and to staff who may see it anyway.
  const mine = actor.kind === 'public' ? sql`true` : sql.raw(visibleSql('c'))
  const row = await tx.first<{ id: string; public_ref: string; same: boolean }>(
    sql`select c.id, c.public_ref, i.sha256 = ${sha256} as same from inbound_item i join complaint c on c.org_id = i.org_id and c.id = i.complaint_id
        where i.org_id = ${org} and i.channel = ${channel} and i.external_id = ${externalId} and ${mine}`,
  )
  if (!row) throw new RefusalError({ code: 'intake.item-parked', status: 409 })
  if (!row.same) throw new RefusalError({ code: 'intake.other-item', status: 409, facts: { channel, externalId } })
  const { number, version, state, receivedAt, clocks } = fold(row.id, await loadEvents(tx, org, row.id))
  const secret = receiptSecret(app, row.id)
  const repeats = { alike: 1, repeated: true, messageId: null }
  return { id: row.id, number, publicRef: row.public_ref, secret, version, state, receivedAt, clocks, ...repeats }
}
