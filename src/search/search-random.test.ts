import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { record, startWorld, type World } from '../../test/world/world.ts'
import { visibleSql } from '../people/visibility.ts'

// What search_complaints finds page by page is what a query without index, windows or pages finds: same complaints, same order.

const week = 604_800_000
const complaintsEach = 120
const searches = 60
/** Pages that are compared of one search. */
const pages = 12

type Org = { org: string; no: number; staff: string[]; teams: string[] }
type Filter = { open?: boolean; channel?: string; teamId?: string; ownerId?: string }
type Found = { complaint_id: string; at: number }

let world: World
let owner: pg.Client
const orgs: Org[] = []

// The same rows and searches every time: a failure can be looked at again.
let seed = 7
const random = () => {
  seed = (seed + 0x6d2b79f5) | 0
  const mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  const more = mixed ^ (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed))
  return ((more ^ (more >>> 14)) >>> 0) / 4_294_967_296
}
const chance = (of: number) => random() < of
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T

beforeAll(async () => {
  world = await startWorld()
  owner = new pg.Client({ connectionString: world.url })
  await owner.connect()
  await owner.query(`set session_replication_role = 'replica'`)
  for (const house of ['home', 'neighbour'] as const) orgs.push(await fill(house))
  await owner.query('analyze')
}, 120_000)
afterAll(async () => {
  await owner?.end()
  await world?.stop()
})

it('pages through exactly what a plain query finds, for any reader, words, filter and size of page', async () => {
  const wrong: string[] = []
  let compared = 0
  for (let nth = 0; nth < searches; nth++) {
    const asked = question()
    const expected = (await plainly(asked)).slice(0, pages * asked.limit)
    const got = await pageByPage(asked)
    compared += expected.length
    if (JSON.stringify(got) !== JSON.stringify(expected)) wrong.push(tell(nth, asked, got, expected))
    const seen = await visibleTo(asked)
    const ranked = (await ask(asked, { limit: 10_000, ranked: true })).map((row) => row.complaint_id)
    if (ranked.some((id) => !seen.has(id))) wrong.push(`${nth}: ranked shows what is not visible`)
    if (new Set(ranked).size !== ranked.length) wrong.push(`${nth}: ranked shows one twice`)
  }
  expect(wrong).toEqual([])
  expect(compared).toBeGreaterThan(500)
}, 120_000)

/** Instants of rows: old and new, on the edges of weeks, before 1970, some days and many weeks ahead of the clock. */
function someTime(now: number): number {
  const kind = random()
  if (kind < 0.1) return now - Math.floor(random() * 20 * 52 * week)
  if (kind < 0.2) return now - Math.floor(random() * 3) * week
  if (kind < 0.3) return Math.floor((now - Math.floor(random() * 60) * week) / week) * week - (chance(0.5) ? 1 : 0)
  if (kind < 0.35) return -Math.floor(random() * 1000) * 86_400_000
  if (kind < 0.4) return now + Math.floor(random() * 6 * 86_400_000)
  if (kind < 0.45) return now + Math.floor(random() * 40) * week
  return now - Math.floor(random() ** 3 * 200 * week)
}

async function fill(house: 'home' | 'neighbour'): Promise<Org> {
  const { org, staff: people, teams: groups } = world[house]
  const { id: base } = await record(world, {}, 'intake', house)
  const { rows } = await owner.query<{ no: number }>('select no from organisation where org_id = $1', [org])
  const [no, staff, teams] = [Number(rows[0]?.no), Object.values(people), Object.values(groups)]
  const complaints = Array.from({ length: complaintsEach }, (_, i) => ({
    id: chance(0.5) ? uuid() : `${base.slice(0, 24)}${String(i).padStart(12, '0')}`,
    number: `R-2026-${900_000 + i}`,
    public_ref: uuid().slice(0, 10),
    team_id: pick(teams),
    owner_id: chance(0.3) ? pick(staff) : null,
    restricted: chance(0.25),
    open: chance(0.5),
    state: pick(['received', 'closed', 'investigating']),
    channel: pick(['phone', 'portal']),
  }))
  await owner.query(
    `insert into complaint select (jsonb_populate_record(c, x)).* from complaint c, jsonb_array_elements($2::jsonb) x where c.id = $1`,
    [base, JSON.stringify(complaints)],
  )
  const some = (share: number) => complaints.filter(() => chance(share)).map(({ id }) => ({ id, staff: pick(staff) }))
  await keepPeople('complaint_access (org_id, complaint_id, staff_id)', '', org, some(0.3))
  await keepPeople('complaint_subject (org_id, complaint_id, staff_id)', '', org, some(0.2))
  await keepPeople('complaint_helper (org_id, complaint_id, staff_id, kind)', `, 'helper'`, org, some(0.2))
  const hits = complaints.flatMap(({ id }, nth) => rowsOf(id, no, nth === 0 ? ahead : someTime))
  await owner.query('delete from search_row where org_id = $1', [org])
  await owner.query(
    `insert into search_row (org_id, id, complaint_id, message_id, part, visibility, at, tsv)
     select $1, x.id, x.complaint, x.message, 0, x.visibility, x.at, x.tsv::tsvector
     from jsonb_to_recordset($2::jsonb) as x(id uuid, complaint uuid, message uuid, visibility text, at timestamptz, tsv text)`,
    [org, JSON.stringify(hits)],
  )
  await owner.query(
    `update complaint c set received_at = s.first, updated_at = s.last from
       (select complaint_id, min(at) as first, max(at) as last from search_row where org_id = $1 group by 1) s
     where c.org_id = $1 and c.id = s.complaint_id`,
    [org],
  )
  await owner.query('delete from complaint where id = $1', [base])
  return { org, no, staff, teams }
}

async function keepPeople(
  into: string,
  more: string,
  org: string,
  rows: { id: string; staff: string }[],
): Promise<void> {
  await owner.query(
    `insert into ${into} select $1::uuid, x.id, x.staff${more} from jsonb_to_recordset($2::jsonb) as x(id uuid, staff uuid) on conflict do nothing`,
    [org, JSON.stringify(rows)],
  )
}

/** Of a complaint taken in while the clock was far ahead. */
const ahead = (now: number) => now + 41 * week

function rowsOf(complaint: string, no: number, time: (now: number) => number) {
  const now = Date.now()
  const same = time(now)
  return Array.from({ length: 1 + Math.floor(random() ** 2 * 12) }, () => {
    const at = chance(0.2) ? same : time(now)
    const words = ['alpha', ...(chance(0.4) ? ['beta'] : []), ...(chance(0.03) ? ['rare'] : [])]
    const lexemes = [...words.filter(() => chance(0.85)), `#o${no}`, `#o${no}w${Math.floor(at / week)}`]
    return {
      id: uuid(),
      complaint,
      message: chance(0.2) ? null : uuid(),
      visibility: chance(0.3) ? 'internal' : 'public',
      at: new Date(at).toISOString(),
      tsv: lexemes.map((one) => `'${one}'`).join(' '),
    }
  })
}

function uuid(): string {
  const hex = () =>
    Math.floor(random() * 65_536)
      .toString(16)
      .padStart(4, '0')
  return `${hex()}${hex()}-${hex()}-4${hex().slice(1)}-8${hex().slice(1)}-${hex()}${hex()}${hex()}`
}

type Question = ReturnType<typeof question>

function question() {
  const at = pick(orgs)
  const me = pick(at.staff)
  const filter: Filter = {
    ...(chance(0.2) ? { open: chance(0.5) } : {}),
    ...(chance(0.1) ? { channel: 'phone' } : {}),
    ...(chance(0.1) ? { teamId: pick(at.teams) } : {}),
    ...(chance(0.05) ? { ownerId: pick(at.staff) } : {}),
  }
  return {
    filter,
    scope: {
      org: at.org,
      staff: me,
      teams: chance(0.5) ? [pick(at.teams)] : [],
      chain: chance(0.3) ? [me, pick(at.staff)] : [me],
      scope: pick(['organisation', 'organisation', 'team', 'tasks', 'none'] as const),
    },
    words: pick([
      "'alpha'",
      "'beta'",
      "'rare'",
      "'alpha' & 'beta'",
      "'beta' | 'rare'",
      "'al':*",
      "'#o1' & 'alpha'",
      "'#o2'",
    ]),
    internal: chance(0.7),
    limit: pick([1, 5, 20, 51]),
  }
}

type Page = { limit: number; ranked?: boolean; before?: Found | undefined }

function ask(q: Question, { limit, ranked = false, before }: Page): Promise<Found[]> {
  const place = before ? new Date(before.at) : null
  return world.app.db.withScope(
    q.scope,
    (tx) =>
      tx.rows(sql<Found>`select complaint_id, at from search_complaints(${q.words}, ${limit}, ${ranked}, ${q.internal},
        ${place}::timestamptz, ${before?.complaint_id ?? null}::uuid, ${JSON.stringify(q.filter)}::jsonb)`),
    'read',
  )
}

async function pageByPage(q: Question): Promise<Found[]> {
  const all: Found[] = []
  for (let nth = 0; nth < pages; nth++) {
    const page = await ask(q, { limit: q.limit, before: all.at(-1) })
    all.push(...page)
    if (page.length < q.limit) break
  }
  return all
}

async function plainly(q: Question): Promise<Found[]> {
  const seen = await visibleTo(q)
  const { rows } = await owner.query<Found>(
    `select complaint_id, max(at) as at from search_row where org_id = $1 and tsv @@ $2::tsquery and ($3 or visibility = 'public')
     group by 1 order by 2 desc, 1 desc`,
    [q.scope.org, q.words, q.internal],
  )
  return rows.filter((row) => seen.has(row.complaint_id))
}

async function visibleTo({ scope, filter }: Question): Promise<Set<string>> {
  const { open = null, channel = null, teamId = null, ownerId = null } = filter
  const rows = await world.app.db.withScope(
    scope,
    (tx) =>
      tx.rows<{
        id: string
      }>(sql`select c.id from complaint c where c.org_id = ${scope.org} and ${sql.raw(visibleSql('c'))}
        and (${open}::boolean is null or c.open = ${open}) and (${channel}::text is null or c.channel = ${channel})
        and (${teamId}::uuid is null or c.team_id = ${teamId}) and (${ownerId}::uuid is null or c.owner_id = ${ownerId})`),
    'read',
  )
  return new Set(rows.map((row) => row.id))
}

function tell(nth: number, q: Question, got: readonly Found[], expected: readonly Found[]): string {
  const ids = (rows: readonly Found[]) => new Set(rows.map((row) => row.complaint_id))
  const missing = [...ids(expected)].filter((id) => !ids(got).has(id)).length
  return `${nth}: ${q.words} by ${q.limit} ${JSON.stringify(q.filter)} ${q.scope.scope}: ${got.length} of ${expected.length}, ${missing} missing, ${got.length - ids(got).size} twice`
}
