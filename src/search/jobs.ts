import { sql } from 'kysely'
import { z } from 'zod'
import type { Database } from '../kit/db/database.ts'
import { chunks } from './domain/chunks.ts'
import { addingPart, partsAtOnce } from './index-rows.ts'

const payloadShape = z.object({ org: z.uuid(), complaintId: z.uuid(), messageId: z.uuid() })

type Message = { no: number; body: string; visibility: 'public' | 'internal'; at: number }

/**
 * Makes the rest of a long message findable, a part a transaction: other work gets its turn in between, and what was done
 * stays done when it is interrupted. Gives how many parts it looked at.
 */
export async function indexRest(app: { readonly systemDb: Database }, payload: unknown): Promise<number> {
  const { org, complaintId, messageId } = payloadShape.parse(payload)
  const message = await app.systemDb.withoutScope((tx) =>
    tx.first<Message>(
      sql`select o.no, m.body, m.visibility, m.at from message m join organisation o on o.org_id = m.org_id
        where m.org_id = ${org} and m.complaint_id = ${complaintId} and m.id = ${messageId}`,
    ),
  )
  if (!message) return 0
  const { no, body, visibility, at } = message
  const rest = chunks(body).slice(partsAtOnce)
  for (const [i, text] of rest.entries()) {
    const given = { part: partsAtOnce + i, text }
    const item = { messageId, visibility, at }
    await app.systemDb.withoutScope((tx) => tx.run(addingPart({ id: org, no }, complaintId, item, given)))
    await new Promise((resolve) => setImmediate(resolve))
  }
  return rest.length
}
