import { sql } from 'kysely'
import { type Known, knownBy, readable } from '../customers/index.ts'
import type { Tx } from '../kit/db/database.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { restrictedKeepers } from '../people/index.ts'
import { findingRoutes, type Route, routeAmong, type Routes } from '../routing/index.ts'
import type { Submission } from './record.ts'

/** What a submission names, found in its own organisation; and the queue it goes to, with the reason. */
export type References = {
  readonly teamId: string
  readonly route: Route
  readonly jurisdiction: string
  readonly calendarKey: string
  /** Who is named on a restricted complaint from the start, so that somebody can see it. */
  readonly keepers: readonly string[]
}

type Row = Routes & {
  jurisdiction: string | null
  calendar_key: string | null
  type_ok: boolean
  product_ok: boolean
  place_ok: boolean
  customer_ok: boolean
  flags_ok: boolean
  subjects_ok: boolean
}

/** The item as it is kept before anything is decided. */
export type Item = {
  readonly id: string
  /** The complaint it becomes, written later in the same transaction. */
  readonly complaintId: string
  readonly channel: string
  readonly externalId: string
  readonly receivedAt: number
  readonly loggedAt: number
  readonly raw: Buffer
  readonly sha256: Buffer
}

export type Received = {
  /** False: the same item of the same channel was recorded before, and nothing was written. */
  readonly fresh: boolean
  readonly known: readonly Known[]
  references(): Promise<References>
}

/**
 * Whom a submission may be known by. A mail typed on a public page or sent by another system proves nothing: taken for the person
 * who has it, it would show their card to a stranger and put the stranger's number on it. Those become customers of their own, and
 * sameness is suggested. Staff heard it from the person; a mail whose domain vouches for it is theirs; one of which nobody knows
 * is of whoever wrote such mails from that address before. And whoever wants their name kept is nobody's second complaint.
 */
function toldInPerson(s: Submission): Submission['complainant'] {
  const told = s.via === 'staff' || s.via === 'demo' || (s.via === 'mail' && s.sender !== 'forged')
  return told && s.mode === 'named' && !s.customerId ? s.complainant : undefined
}

const among = (s: Submission) =>
  s.via !== 'mail' ? 'readable' : s.sender === 'proven' ? ('named' as const) : ('unproven' as const)

/** One round trip: the item is kept, and what it names is looked up: places, codes, people, and who is complaining. */
export async function receive(tx: Tx, org: string, s: Submission, item: Item): Promise<Received> {
  const row = await tx.first<Row & { fresh: boolean; known: Known[] }>(
    sql`with recursive item as (${s.kept ? taking(org, item) : keeping(org, item)}),
      known as (${knownBy(org, toldInPerson(s), among(s))}), ${finding(org, s)}
      select exists (select 1 from item) as fresh, (select coalesce(jsonb_agg(k), '[]') from known k) as known, ${named(org, s)}`,
    `intake-receive-${among(s)}`,
  )
  return {
    fresh: row?.fresh ?? true,
    known: row?.known ?? [],
    references: () => referencesOf(tx, org, s, row),
  }
}

/** What many that are recorded in one transaction name alike, looked up once. */
export type Shared = Map<string, Promise<Row | undefined>>

/** As `receive`, for one of many kept items that the caller holds and marks itself: only who complains is asked each time. */
export async function receiveAmong(tx: Tx, org: string, s: Submission, shared: Shared): Promise<Received> {
  const key = JSON.stringify([s.placeId, s.typeCode, s.teamId, s.productId, s.customerId, s.flags, s.subjectStaffIds])
  const row =
    shared.get(key) ??
    tx.first<Row>(sql`with recursive ${finding(org, s)} select ${named(org, s)}`, 'intake-references')
  shared.set(key, row)
  const known = await tx.rows(sql<Known>`${knownBy(org, toldInPerson(s), among(s))}`, `known-${among(s)}`)
  return { fresh: true, known, references: async () => referencesOf(tx, org, s, await row) }
}

const finding = (org: string, s: Submission) =>
  sql`p as (select jurisdiction, calendar_key from place where org_id = ${org} and id = ${s.placeId ?? null}::uuid), ${findingRoutes(org, asked(s))}`

/** The columns of `Row`. */
const named = (org: string, s: Submission) => sql`r.lines, r.places, r.types, r.chosen, r.fallback,
        coalesce((select p.jurisdiction from p), case o.zone when 'Asia/Taipei' then 'TW' when 'Asia/Shanghai' then 'CN' when 'Asia/Hong_Kong' then 'HK' when 'Europe/London' then 'GB' else '' end) as jurisdiction,
        (select p.calendar_key from p) as calendar_key,
        (${s.typeCode ?? null}::text is null or exists (select 1 from code where org_id = ${org} and list = 'issue' and code = ${s.typeCode ?? null} and retired_at is null)) as type_ok,
        (${s.productId ?? null}::uuid is null or exists (select 1 from product where org_id = ${org} and id = ${s.productId ?? null}::uuid)) as product_ok,
        (${s.placeId ?? null}::uuid is null or exists (select 1 from p)) as place_ok,
        (${s.customerId ?? null}::uuid is null or exists (select 1 from customer u where u.org_id = ${org} and u.id = ${s.customerId ?? null}::uuid and (app_staff() is null or ${readable('u')}))) as customer_ok,
        (select count(*) from code where org_id = ${org} and list = 'risk_flag' and code = any (${s.flags}::text[])) = ${new Set(s.flags).size} as flags_ok,
        (select count(*) from staff where org_id = ${org} and id = any (${s.subjectStaffIds}::uuid[])) = ${new Set(s.subjectStaffIds).size} as subjects_ok
      from organisation o, routes r where o.org_id = ${org}`

function keeping(org: string, item: Item) {
  return sql`insert into inbound_item (org_id, id, complaint_id, channel, external_id, received_at, logged_at, raw, sha256, state)
      values (${org}, ${item.id}, ${item.complaintId}, ${item.channel}, ${item.externalId}, ${new Date(item.receivedAt)}, ${new Date(item.loggedAt)}, ${item.raw}, ${item.sha256}, 'recorded')
      on conflict (org_id, channel, external_id) do nothing returning 1`
}

/** What was kept before becomes this complaint's; nothing where somebody took it meanwhile. */
function taking(org: string, item: Item) {
  return sql`update inbound_item set state = 'recorded', reason = null, complaint_id = ${item.complaintId}
      where org_id = ${org} and id = ${item.id} and state in ('waiting', 'parked', 'rejected') and complaint_id is null returning 1`
}

const asked = (s: Submission) => ({
  placeId: s.placeId ?? null,
  typeCode: s.typeCode ?? null,
  teamId: s.teamId ?? null,
})

/** Every reference must exist here (a foreign id is as unknown as none); the routing table says the team, unless it was chosen. */
async function referencesOf(tx: Tx, org: string, s: Submission, row: Row | undefined): Promise<References> {
  const route = row && routeAmong(row, asked(s))
  if (!route) throw new RefusalError({ code: 'intake.no-team', status: 422 })
  const wrong: string[] = (['type', 'product', 'place', 'customer', 'flags', 'subjects'] as const).filter(
    (k) => !row[`${k}_ok`],
  )
  if (s.teamId && !row.chosen) wrong.push('team')
  if (wrong.length > 0)
    throw new RefusalError({ code: 'intake.unknown-reference', status: 422, facts: { fields: wrong } })
  const keepers =
    s.confidentiality === 'normal'
      ? []
      : await restrictedKeepers(tx, org, route.teamId, s.subjectStaffIds, s.via === 'portal')
  return {
    teamId: route.teamId,
    route,
    jurisdiction: row.jurisdiction ?? '',
    calendarKey: row.calendar_key ?? route.calendarKey,
    keepers,
  }
}
