import { sql } from 'kysely'
import { RefusalError } from '../../kit/pure/result.ts'
import type { Services } from '../../kit/services.ts'
import { act, type CallRow, type Context, type Outcome } from '../act.ts'
import type * as contract from '../contract.ts'
import { promiseOf } from './promising.ts'
import { type Body, inside } from './shared.ts'

/** The call as it is kept: begun when it was said to, at the latest now. */
export function callRowOf(given: contract.CallGiven, now: number): CallRow {
  const { direction, number, outcome, seconds, consent, recordingId = null } = given
  const startedAt = given.startedAt ? Math.min(Date.parse(given.startedAt), now) : now - seconds * 1000
  return { direction, number, outcome, startedAt: new Date(startedAt).toISOString(), seconds, consent, recordingId }
}

/** What stands of it in the history. */
export function callFacts({ number: _number, recordingId, ...facts }: CallRow) {
  return { ...facts, ...(recordingId ? { recordingId } : {}) } as Pick<
    CallRow,
    'direction' | 'startedAt' | 'seconds' | 'consent'
  > & {
    outcome: contract.CallGiven['outcome']
    recordingId?: string
  }
}

/** A recording is sound, by its bytes. */
export async function assertRecording(
  { tx, actor }: Pick<Context, 'tx' | 'actor'>,
  id: string | undefined | null,
): Promise<void> {
  if (!id) return
  const row = await tx.first<{ media_type: string }>(
    sql`select media_type from attachment where org_id = ${actor.org.id} and id = ${id} and complaint_id is null and uploader = ${actor.caller}`,
  )
  if (!row) throw new RefusalError({ code: 'intake.attachment-unknown', status: 422 })
  if (!row.media_type.startsWith('audio/')) throw new RefusalError({ code: 'complaints.not-a-recording', status: 422 })
}

/** Notes a call on a complaint: a message with its facts beside it, and a promise made in it. */
export function call(app: Services, ctx: Context, id: string, b: Body<typeof contract.call>): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'call' }, async (building) => {
    await assertRecording(ctx, b.recordingId)
    const row = callRowOf(b, ctx.now)
    const spoken = building.say({
      text: b.text,
      direction: row.direction,
      visibility: row.direction === 'in' ? 'public' : 'internal',
      channel: 'phone',
      at: Date.parse(row.startedAt),
      attachmentIds: [...b.attachmentIds, ...(row.recordingId ? [row.recordingId] : [])],
      call: row,
      abusive: b.abusive,
    })
    const late = b.toldLate?.trim()
    const backdating = late ? building.say(inside(late)) : undefined
    return { ...callFacts(row), spoken, backdating, promise: await promiseOf(ctx, building, b.promise) }
  })
}
