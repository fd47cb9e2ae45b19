import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../kit/db/database.ts'
import { badCursor, readCursor, writeCursor } from '../kit/http/cursor.ts'
import { type StaffActor, visibleSql } from '../people/index.ts'
import { type callRow, shownInTimeline, type timelineItem } from './contract.ts'
import type { EventActor } from './domain/event.ts'
import { iso, mayName } from './queries.ts'

type Item = z.input<typeof timelineItem>

type TimelineRow = {
  kind: 'message' | 'event'
  at: number
  key: string
  seq: number | null
  type: string | null
  actor: EventActor | null
  actor_name: string | null
  facts: Record<string, unknown> | null
  message: {
    id: string
    direction: 'in' | 'out' | 'note'
    channel: string
    visibility: 'public' | 'internal'
    author_staff_id: string | null
    author_name: string
    body: string
    length: number
    flags: string[]
    call: z.input<typeof callRow> | null
  } | null
  outbox: {
    id: string
    state: string
    attempts: number
    lastError: string | null
    sendAt: string
    sentAt: string | null
  } | null
}

const pageLength = 200

export type TimelineKind = 'messages' | 'calls' | 'notes' | 'events'
const ofKind: Record<TimelineKind, RawBuilder<unknown>> = {
  messages: sql`x.kind = 'message' and x.message->>'direction' <> 'note' and x.message->'call' = 'null'::jsonb`,
  calls: sql`x.kind = 'message' and x.message->'call' <> 'null'::jsonb`,
  notes: sql`x.kind = 'message' and x.message->>'direction' = 'note'`,
  events: sql`x.kind = 'event'`,
}

/** Messages and events, newest page first, in reading order; a merged complaint's messages show under their survivor. */
export async function readTimeline(
  tx: Tx,
  actor: StaffActor,
  id: string,
  { before, kind }: { before?: string | undefined; kind?: TimelineKind | undefined },
): Promise<{ items: Item[]; before: string | null }> {
  const org = actor.org.id
  const [at, key] = before ? readKey(before) : [null, null]
  const earlier: RawBuilder<unknown> = at === null ? sql`true` : sql`(x.at, x.key) < (${new Date(at)}, ${key})`
  // The ids first, then their messages by key: "this one or merged into it" in one condition would read every message there is.
  const rows = await tx.rows<TimelineRow>(
    sql`with told as materialized (
        select c.id, c.mode from complaint c
        where c.org_id = ${org} and c.id = any (array(select ${id}::uuid union all select g.id from complaint g where g.org_id = ${org} and g.merged_into = ${id} and ${sql.raw(visibleSql('g'))}))
      )
      select x.* from (
      select 'message' as kind, m.at, 'm' || m.id as key, null::int as seq, null as type, null::jsonb as actor, null as actor_name, null::jsonb as facts,
        jsonb_build_object('id', m.id, 'direction', m.direction, 'channel', m.channel, 'visibility', m.visibility, 'author_staff_id', m.author_staff_id,
          'author_name', case when m.direction = 'in' and (c.mode <> 'named' or not ${mayName(actor)}::boolean) then '' else m.author_name end, 'body', left(m.body, ${sql.lit(shownInTimeline)}), 'length', length(m.body), 'flags', m.flags, 'call', case when c.mode = 'named' and ${mayName(actor)}::boolean then m.call else m.call - 'number' end) as message,
        (select jsonb_build_object('id', o.id, 'state', o.state, 'attempts', o.attempts, 'lastError', o.last_error, 'sendAt', o.not_before, 'sentAt', o.sent_at)
          from outbox o where o.org_id = m.org_id and o.complaint_id = m.complaint_id and o.message_id = m.id order by o.created_at desc limit 1) as outbox
      from told c join message m on m.org_id = ${org} and m.complaint_id = c.id
      union all
      select 'event', e.at, 'e' || lpad(e.seq::text, 8, '0'), e.seq, e.type, e.actor, s.name, case e.type when 'assigned' then e.payload->'facts' || jsonb_build_object('ownerId', e.payload#>'{changes,set,ownerId}', 'teamId', e.payload#>'{changes,set,teamId}')
        when 'assessed' then e.payload->'facts' || jsonb_build_object('severity', e.payload#>'{changes,set,severity}', 'flags', e.payload#>'{changes,flags}', 'due', e.payload#>'{changes,clocks}')
        else e.payload->'facts' end, null, null
      from complaint_event e left join staff s on s.org_id = e.org_id and s.id = (e.actor->>'id')::uuid where e.org_id = ${org} and e.complaint_id = ${id}
    ) x where ${earlier} and ${kind ? ofKind[kind] : sql`true`} order by x.at desc, x.key desc limit ${pageLength + 1}`,
    kind ? undefined : at === null ? 'open-timeline' : 'open-timeline-before',
  )
  const more = rows.length > pageLength
  const page = (more ? rows.slice(0, pageLength) : rows).toReversed()
  const oldest = page[0]
  return { items: page.map(toItem), before: more && oldest ? writeCursor([oldest.at, oldest.key]) : null }
}

// Of a message its id, of an event its number: the same instant may hold several.
function readKey(before: string): [number, string] {
  const [at, key] = readCursor(before, 2)
  const known = typeof at === 'number' && Math.abs(at) < 8e13 && typeof key === 'string' && /^[me][0-9a-f-]+$/.test(key)
  if (!known) throw badCursor()
  return [at, key]
}

function toItem(r: TimelineRow): Item {
  if (r.message) {
    const { author_staff_id, author_name, ...m } = r.message
    const outbox = r.outbox && {
      ...r.outbox,
      sendAt: new Date(r.outbox.sendAt).toISOString(),
      sentAt: r.outbox.sentAt && new Date(r.outbox.sentAt).toISOString(),
    }
    return { kind: 'message', at: iso(r.at), ...m, authorId: author_staff_id, authorName: author_name, outbox }
  }
  const actor = r.actor ?? { kind: 'system' as const, id: null }
  return {
    kind: 'event',
    seq: r.seq ?? 0,
    at: iso(r.at),
    type: r.type ?? '',
    actor: { ...actor, name: r.actor_name ?? '' },
    facts: r.facts ?? {},
  }
}
