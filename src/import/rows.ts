import { hash, randomBytes } from 'node:crypto'
import { eventHashed, genesis, stateColumns, type StoredEvent, textHash } from '../complaints/index.ts'
import { apply, type ComplaintState } from '../complaints/domain/index.ts'
import { firstSentences, receiptSecret, secretHash } from '../intake/index.ts'
import { newIds } from '../kit/ids.ts'
import { makeReference } from '../kit/pure/base32.ts'
import { truncateGraphemes } from '../kit/pure/text.ts'
import type { Services } from '../kit/services.ts'
import { bandKeys, detectScript } from '../language/index.ts'
import { type Sheet, tables, type Value } from './columns.ts'
import { type Dated, flawOf, lifeOf, type Said, tellable, unborn } from './domain/life.ts'
import type { Told } from './domain/told.ts'
import type { KeptFile } from './domain/told-files.ts'
import type { House } from './house.ts'

/** The channel under which all that is brought in is kept; the item's id is `<source>:<id there>`. */
export const importChannel = 'import'
export const externalIdOf = (source: string, sourceId: string) => `${source}:${sourceId}`

export type Placed = {
  readonly told: Told
  readonly number: string
  readonly customerId: string | null
  /** The row as it was read, and its hash. */
  readonly raw: Buffer
  readonly sha256: Buffer
}
export type Run = { readonly id: string; readonly source: string; readonly now: number }

const actor = { kind: 'system', id: null } as const
const dayMs = 86_400_000
/** Later words are compared with those of the last thirty days: older ones suggest nothing any more. */
const comparedMs = 30 * dayMs
const comparedChars = 20_000
const atMostTitle = 200
/** One call of the system for hundreds of salts: each by itself cost more than its hash. */
let pool = Buffer.alloc(0)
function salt16(): Buffer {
  if (pool.length < 16) pool = randomBytes(8192)
  const taken = pool.subarray(0, 16)
  pool = pool.subarray(16)
  return taken
}
const actorText = JSON.stringify(actor)
/** Most instants of a complaint are one of a few. */
const isoOf = new Map<number, string>()
function iso(ms: number): string {
  let text = isoOf.get(ms)
  if (text !== undefined) return text
  if (isoOf.size >= 4096) isoOf.clear()
  text = new Date(ms).toISOString()
  isoOf.set(ms, text)
  return text
}

/** Adds every row of one complaint to the sheet: as intake and the commands would have written it at the time. */
export function addComplaint(
  app: Pick<Services, 'subkey'>,
  sheet: Sheet,
  house: House,
  run: Run,
  placed: Placed,
): string {
  const { told, number, customerId, raw, sha256 } = placed
  const org = house.org.id
  const ids = newIds(told.receivedAt < run.now ? run.now : told.receivedAt)
  const id = ids()
  const itemId = ids()
  const salt = salt16()
  const texts = textsOf(told)
  const name = told.person?.name ?? ''
  const teamId = told.teamId ?? house.defaultTeam
  const publicRef = makeReference(salt16())
  const receipt = secretHash(app, receiptSecret(app, id))
  const say = (
    text: string,
    author: string,
    at: number,
    direction: Said['direction'],
    given = salt16(),
    kept: readonly KeptFile[] = [],
  ) => ({
    kept: kept.map((file) => ({ ...file, id: ids() })),
    said: {
      messageId: ids(),
      hash: textHash(given, text),
      authorHash: author === '' ? null : textHash(given, author),
      at: Math.max(at, told.receivedAt),
      direction,
    },
    text,
    author,
    salt: given,
  })
  const spoken = (words: ReturnType<typeof say>) => ({
    ...words,
    said: {
      ...words.said,
      // As broughtOf (complaints/brought.ts) hashes them.
      files: words.kept.map((f) => ({
        attachmentId: f.id,
        hash: textHash(words.salt, `${f.sha256} ${f.mime} ${f.name}`),
      })),
    },
  })
  const first = spoken(say(texts.body, name, told.receivedAt, 'in', salt, told.kept))
  const answer =
    told.answer === '' ? null : say(told.answer, told.ownerName, told.answeredAt ?? told.closedAt ?? run.now, 'out')
  const more = told.messages.map((m) =>
    spoken(say(m.text, m.author || (m.direction === 'in' ? name : ''), m.at, m.direction, salt16(), m.kept)),
  )
  const pointId = ids()
  const pointSalt = salt16()
  const place = told.placeId === null ? undefined : house.placeOf.get(told.placeId)
  const calendars = place?.calendars ?? house.teamOf.get(teamId)
  if (!calendars) throw new Error('a team without a calendar')
  const locale = localeOf(texts.body, house.org.locale)
  const life = lifeOf(told, {
    run: run.id,
    now: run.now,
    number,
    customerId,
    teamId,
    locale,
    inboundItemId: itemId,
    point: { id: pointId, hash: textHash(pointSalt, texts.point) },
    first: first.said,
    answer: answer?.said ?? null,
    more: more.map((m) => m.said),
    proof: {
      titleHash: textHash(salt, texts.title),
      ...(told.orderNo ? { orderHash: textHash(salt, told.orderNo) } : {}),
      referenceHash: textHash(salt, publicRef),
      receiptHash: textHash(salt, receipt.toString('hex')),
      itemHash: textHash(salt, sha256.toString('hex')),
    },
    jurisdiction: place?.jurisdiction ?? house.jurisdiction,
    calendars,
    newId: ids,
  })
  const { events, state } = livedOf(org, id, life)
  const last = events.at(-1)
  const columns: Record<string, unknown> = {
    ...stateColumns(state),
    org_id: org,
    id,
    version: state.version,
    head: last?.hash ?? genesis,
    updated_at: iso(last?.at ?? run.now),
    order_no: told.orderNo,
    public_ref: publicRef,
    secret_hash: receipt,
  }
  sheet.complaint.push(tables.complaint.map(([column]) => (columns[column] ?? null) as Value))
  sheet.complaint_text.push([org, id, texts.title, salt])
  sheet.point.push([org, id, pointId, 1, texts.point, pointSalt])
  for (const e of events)
    sheet.complaint_event.push([org, id, e.seq, e.type, e.v, iso(e.at), actorText, e.text, e.prev, e.hash])
  for (const c of state.clocks) sheet.clock.push(clockRow(org, id, c))
  sheet.inbound_item.push([
    org,
    itemId,
    id,
    importChannel,
    externalIdOf(run.source, told.sourceId),
    iso(told.receivedAt),
    iso(run.now),
    raw,
    sha256,
    'recorded',
  ])
  sheet.import_item.push([org, id, run.id, told.no, told.sourceId, flawOf(told)])
  for (const { said, text, author, salt: given, kept } of [first, ...(answer ? [answer] : []), ...more]) {
    const note = said.direction === 'note'
    const channel = note ? 'note' : said.direction === 'in' ? told.channel : tellable(told.channel)
    sheet.message.push([
      org,
      id,
      said.messageId,
      said.direction,
      channel,
      note ? 'internal' : 'public',
      author,
      text,
      given,
      iso(said.at),
    ])
    const seen = note ? 'internal' : 'public'
    for (const f of kept)
      sheet.attachment.push([
        org,
        f.id,
        id,
        said.messageId,
        `import:${run.id}`,
        f.name,
        f.mime,
        f.size,
        Buffer.from(f.sha256, 'hex'),
        seen,
        iso(said.at),
      ])
  }
  if (run.now - told.receivedAt < comparedMs)
    for (const band of new Set(bandKeys(texts.body.slice(0, comparedChars))))
      sheet.text_band.push([org, band, id, iso(told.receivedAt)])
  return id
}

/** An event and the text of its payload, as it is hashed and stored. */
type Lived = StoredEvent & { readonly text: string }

function livedOf(org: string, id: string, life: readonly Dated[]): { events: Lived[]; state: ComplaintState } {
  const events: Lived[] = []
  let state = unborn(id)
  for (const { at, event } of life) {
    const last = events.at(-1)
    const next = { ...event, seq: events.length + 1, at, actor, prev: last?.hash ?? genesis }
    // Canonical JSON throws where a field is undefined: what is hashed is what is stored, without a round through JSON.
    const { hash: own, payload: text } = eventHashed(next.prev, { org, complaint: id, ...next })
    events.push({ ...next, hash: own, text })
    state = apply(state, next.seq, event.payload.changes)
  }
  return { events, state }
}

/** What is shown of it. Where a source keeps no words at all, its title stands for them, and then its number there. */
function textsOf(told: Told): { title: string; point: string; body: string } {
  const body = told.text || told.title || told.sourceId
  const title = told.title || truncateGraphemes(body.trim().split('\n')[0] ?? '', 60)
  return { title: truncateGraphemes(title, atMostTitle), point: told.title || firstSentences(body), body }
}

function localeOf(text: string, standard: string): string {
  const script = detectScript(text)
  return script === 'other' ? standard : script
}

type Clock = ComplaintState['clocks'][number]
function clockRow(org: string, id: string, c: Clock): readonly Value[] {
  const at = (ms: number | null) => (ms === null ? null : iso(ms))
  return [
    org,
    c.id,
    id,
    c.kind,
    c.milestone,
    c.cycle,
    c.state,
    c.target,
    iso(c.startedAt),
    at(c.dueAt),
    at(c.internalDueAt),
    at(c.settledAt),
    at(c.breachedAt),
    c.cause,
    c.policy,
    c.calendar,
    c.provisional,
    c.pausable,
  ]
}

export const hashOf = (raw: Buffer): Buffer => hash('sha256', raw, 'buffer')
