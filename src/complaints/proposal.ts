import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../kit/db/database.ts'
import type { StoredEvent } from './chain.ts'
import type { complaintPage } from './contract.ts'
import type { ComplaintState } from './domain/state.ts'

type Page = z.input<typeof complaintPage>
type Brings = { readonly messageId?: string; readonly reason?: { readonly messageId: string } }

/** What waits for approval, in the words of whoever proposed it and of whoever asks; read only where somebody was asked. */
export async function proposalOf(
  tx: Tx,
  org: string,
  state: ComplaintState,
  events: readonly StoredEvent[],
): Promise<Page['proposal']> {
  if (state.approval !== 'asked' && state.state !== 'approval') return null
  const proposed = events.findLast((e) => e.type === 'proposed')
  if (!proposed) return null
  const asked = events.findLast((e) => e.type === 'approval_requested' && e.seq > proposed.seq)
  const { messageId } = proposed.payload.facts as Brings
  const { reason } = (asked?.payload.facts ?? {}) as Brings
  const rows = await tx.rows<{ id: string; text: string }>(
    sql`select id, body as text from message where org_id = ${org} and complaint_id = ${state.id} and id = any (${[messageId, reason?.messageId].filter(Boolean)}::uuid[])
        union all select id, name from staff where org_id = ${org} and id = any (${[proposed.actor.id, asked?.actor.id].filter(Boolean)}::uuid[])`,
  )
  const textOf = (id: string | null | undefined) => rows.find((r) => r.id === id)?.text ?? ''
  const said = (e: StoredEvent) => ({ by: textOf(e.actor.id), at: new Date(e.at).toISOString() })
  return {
    text: textOf(messageId),
    ...said(proposed),
    asked: asked ? { ...said(asked), reason: textOf(reason?.messageId) } : null,
  }
}
