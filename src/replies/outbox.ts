import { sql } from 'kysely'
import { commitEvents, type Context, loadEvents, lockVisible } from '../complaints/index.ts'
import { event } from '../complaints/domain/index.ts'
import { badCursor, readCursor, writeCursor } from '../kit/http/cursor.ts'
import { isUuid } from '../kit/pure/uuid.ts'
import { RefusalError } from '../kit/pure/result.ts'
import type { Services } from '../kit/services.ts'
import type { Tx } from '../kit/db/database.ts'
import { type StaffActor, visibleSql } from '../people/index.ts'
import type { OutboxItem } from './contract.ts'
import { undoing } from './domain/arrival.ts'
import { takeBack } from './domain/undo.ts'
import { restoreAnswers } from './restore-answers.ts'
import { changeOutgoing, enqueueOutgoing, type Envelope, lockOutgoing, type Outgoing } from './store.ts'

type Row = Outgoing & {
  number: string
  mode: string
  last_error: string | null
  sent_at: number | null
  created_at: number
  visible: boolean
}

const iso = (ms: number) => new Date(ms).toISOString()
const isAdministrator = (actor: StaffActor) => actor.roles.includes('administrator')

/** What an administrator may know of without seeing the complaint: that mail failed; nothing of what is restricted. */
const failedElsewhere = sql`(x.state = 'failed' and not c.restricted)`

/** Those of complaints this reader may see, newest first by keyset; an administrator also sees what failed, of nobody's. */
export async function listOutgoing(
  tx: Tx,
  actor: StaffActor,
  query: { state?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<{ items: OutboxItem[]; next: string | null }> {
  const org = actor.org.id
  const visible = sql.raw(visibleSql('c'))
  const where = [sql`x.org_id = ${org}`]
  if (query.state) where.push(sql`x.state = ${query.state}`)
  where.push(isAdministrator(actor) ? sql`(${visible} or ${failedElsewhere})` : sql`${visible}`)
  if (query.cursor) {
    const [id] = readCursor(query.cursor, 1)
    if (!isUuid(id)) throw badCursor()
    where.push(sql`x.id < ${id}::uuid`)
  }
  const rows =
    await tx.rows<Row>(sql`select x.id, x.complaint_id, x.message_id, x.channel, x.recipient, x.envelope, x.state, x.not_before, x.attempts,
      x.last_error, x.sent_at, x.created_at, c.number, c.mode, ${visible} as visible
    from outbox x join complaint c on c.org_id = x.org_id and c.id = x.complaint_id
    where ${sql.join(where, sql` and `)} order by x.id desc limit ${query.limit + 1}`)
  const items = rows.slice(0, query.limit)
  const last = items.at(-1)
  return {
    items: items.map((r) => itemOf(r, actor)),
    next: rows.length > items.length && last ? writeCursor([last.id]) : null,
  }
}

function itemOf(r: Row, actor: StaffActor): OutboxItem {
  const kept = r.mode === 'confidential' && !actor.permissions.has('customer.confidential')
  const envelope: Envelope = r.envelope
  return {
    id: r.id,
    complaintId: r.visible ? r.complaint_id : null,
    number: r.visible ? r.number : null,
    messageId: r.visible ? r.message_id : null,
    channel: r.channel,
    recipient: kept ? '' : r.visible ? r.recipient : r.recipient.replace(/^.*@/, '…@'),
    subject: r.visible ? envelope.subject : null,
    text: r.visible ? envelope.text : null,
    automatic: envelope.automatic === true,
    state: r.state as OutboxItem['state'],
    attempts: r.attempts,
    lastError: r.last_error,
    sendAt: iso(r.not_before),
    nextTryAt: r.state === 'waiting' && envelope.nextTryAt ? iso(envelope.nextTryAt) : null,
    sentAt: r.sent_at === null ? null : iso(r.sent_at),
    createdAt: iso(r.created_at),
  }
}

const missing = () => new RefusalError({ code: 'replies.no-such-message', status: 404 })

type Seen = { readonly complaintId: string; readonly visible: boolean; readonly failed: boolean }

async function complaintOf(ctx: Context, id: string): Promise<Seen> {
  const row = await ctx.tx.first<Seen>(
    sql`select x.complaint_id as "complaintId", ${failedElsewhere} as failed, ${sql.raw(visibleSql('c'))} as visible from outbox x join complaint c on c.org_id = x.org_id and c.id = x.complaint_id
        where x.org_id = ${ctx.actor.org.id} and x.id = ${id}`,
  )
  if (!row) throw missing()
  return row
}

/** Tries a failed message again, with three more days to succeed. */
export async function retryOutgoing(ctx: Context, id: string): Promise<{ id: string; state: 'waiting' }> {
  const { tx, actor, now } = ctx
  const org = actor.org.id
  const { visible, failed } = await complaintOf(ctx, id)
  if (!visible && !(failed && isAdministrator(actor))) throw missing()
  const row = await lockOutgoing(tx, org, id)
  if (row?.state !== 'failed')
    throw new RefusalError({ code: 'replies.not-failed', status: 409, facts: { state: row?.state } })
  await changeOutgoing(tx, org, row, { state: 'waiting', envelope: { since: now, nextTryAt: now, delayTold: false } })
  await enqueueOutgoing(tx, org, id, now)
  return { id, state: 'waiting' }
}

/** Of an answer to a merged complaint's contact: the same answer where it was given. Both are taken back, or none. */
async function originalOf({ tx, actor }: Context, id: string): Promise<string | undefined> {
  const row = await tx.first<{ id: string }>(
    sql`select o.id from outbox x join complaint c on c.org_id = x.org_id and c.id = x.complaint_id and c.merged_into is not null
          join outbox o on o.org_id = c.org_id and o.complaint_id = c.merged_into and o.message_id = x.message_id
        where x.org_id = ${actor.org.id} and x.id = ${id}`,
  )
  return row?.id
}

/**
 * Takes a message back during its undo time. The answer stays in history; an event says it was not sent and undoes what
 * its sending had changed (state, first reply, clocks it had met), a closing that stood on it included.
 */
export async function cancelOutgoing(
  app: Services,
  ctx: Context,
  id: string,
): Promise<{ id: string; state: 'cancelled'; version: number }> {
  const { tx, actor, now } = ctx
  const org = actor.org.id
  const { complaintId, visible } = await complaintOf(ctx, id)
  if (!visible) throw missing()
  const original = await originalOf(ctx, id)
  if (original !== undefined) return cancelOutgoing(app, ctx, original)
  // The complaint's lock first, then the message's: the order of everybody who holds both.
  const loaded = await lockVisible(ctx, complaintId)
  // The survivor answers for it by now, and has taken its dates over as they were.
  if (loaded.state.mergedInto !== null)
    throw new RefusalError({ code: 'replies.merged-since', status: 409, facts: { into: loaded.state.mergedInto } })
  const row = await lockOutgoing(tx, org, id)
  if (row?.state !== 'waiting' || row.not_before <= now)
    throw new RefusalError({ code: 'replies.already-sent', status: 409, facts: { state: row?.state } })
  await changeOutgoing(tx, org, row, { state: 'cancelled' })
  await tx.run(
    sql`update outbox set state = 'cancelled' where org_id = ${org} and message_id = ${row.message_id} and state = 'waiting'
        and complaint_id in (select id from complaint where org_id = ${org} and merged_into = ${complaintId})`,
  )
  await tx.run(
    sql`update message set flags = array_append(flags, 'cancelled') where org_id = ${org} and complaint_id = ${complaintId} and id = ${row.message_id}::uuid and not ('cancelled' = any (flags))`,
  )
  const events = await loadEvents(tx, org, complaintId)
  const at = events.findIndex((e) => e.payload.facts.messageId === row.message_id)
  const { changes, seqs } =
    at < 0 || row.message_id === null ? { changes: {}, seqs: [] } : takeBack(complaintId, events, at, now)
  const first = seqs.at(-1) ?? Infinity
  const before = events.filter((e) => e.seq < first)
  const said = await restoreAnswers({ tx, org, now }, complaintId, changes.points ?? [], before)
  const facts = { outboxId: id, messageId: row.message_id, ...undoing(seqs), ...said.facts }
  const after = await commitEvents(app, ctx, loaded, [event('reply_cancelled', facts, changes)], [], said.words)
  return { id, state: 'cancelled', version: after.version }
}
