import { createHash } from 'node:crypto'
import { stateColumns } from '../src/complaints/store.ts'
import { makeReference } from '../src/kit/pure/base32.ts'
import { places } from '../src/search/index-rows.ts'
import type { Chance } from './chance.ts'
import type { Value } from './copy.ts'
import { type Birth, closingWords, type Life } from './life.ts'
import { type Sinks, tables } from './tables.ts'

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())

/** One spoken text: which body it is, in how many search rows, and the lexemes of what stands behind it. */
export type Spoken = { readonly text: string; readonly body: number; readonly parts: number; readonly more: string }

export type Written = Birth & {
  readonly orgNo: number
  readonly customerName: string
  readonly ownerName: string
  readonly headTsv: string
  readonly orderNo: string | null
  readonly bands: readonly number[]
  readonly spoken: (n: number) => Spoken
}

/** The rows of one complaint, as intake and the commands would have written them. */
export function writeComplaint(sinks: Sinks, c: Written, life: Life, chance: Chance): void {
  const { org, id } = c
  const { state, events, said } = life
  const last = events.at(-1)
  const ref = makeReference(chance.bytes(9))
  const secret = createHash('sha256')
    .update(makeReference(chance.bytes(9)))
    .digest()
  const columns: Record<string, unknown> = {
    ...stateColumns(state),
    org_id: org,
    id,
    version: state.version,
    head: last?.hash,
    updated_at: iso(last?.at ?? 0),
    order_no: c.orderNo,
    authority: null,
    public_ref: ref,
    secret_hash: secret,
  }
  sinks.complaint.row(tables.complaint.map((name) => (columns[name] ?? null) as Value))
  sinks.complaint_text.row([org, id, c.title, '', '', state.open ? '' : closingWords, chance.bytes(16)])
  if (!state.open)
    sinks.complaint_words.row([org, id, life.closing.id, 'summary', null, closingWords, life.closing.salt])
  sinks.point.row([org, id, life.point.id, 1, c.title, state.points[0]?.finding ?? null, life.point.salt])
  for (const e of events)
    sinks.complaint_event.row([
      org,
      id,
      e.seq,
      e.type,
      e.v,
      iso(e.at),
      JSON.stringify(e.actor),
      JSON.stringify(e.payload),
      e.prev,
      e.hash,
    ])
  for (const staff of state.access) sinks.complaint_access.row([org, id, staff])
  for (const k of state.clocks) {
    const { id: clockId, kind, milestone, cycle, target, cause, policy, calendar, provisional, pausable } = k
    sinks.clock.row([
      org,
      clockId,
      id,
      kind,
      milestone,
      cycle,
      k.state,
      JSON.stringify(target),
      iso(k.startedAt),
      iso(k.dueAt),
      iso(k.internalDueAt),
      iso(k.settledAt),
      iso(k.breachedAt),
      JSON.stringify(cause),
      JSON.stringify(policy),
      JSON.stringify(calendar),
      provisional,
      pausable,
    ])
  }
  const raw = Buffer.from(JSON.stringify({ channel: c.channel, text: c.text, orderNo: c.orderNo }))
  sinks.inbound_item.row([
    org,
    life.itemId,
    c.channel,
    life.itemId,
    iso(c.receivedAt),
    iso(c.receivedAt),
    raw,
    createHash('sha256').update(raw).digest(),
    'recorded',
    id,
  ])
  for (const band of c.bands) sinks.text_band.row([org, band, id, iso(c.receivedAt)])
  const searchRow = (
    messageId: string | null,
    part: number,
    seen: string,
    at: number,
    body: number | null,
    tsv: string,
  ) =>
    sinks.bench_search_row.row([
      org,
      chance.id(at),
      id,
      messageId,
      part,
      seen,
      iso(at),
      body,
      tsv + places(c.orgNo, at),
    ])
  searchRow(null, 0, 'public', c.receivedAt, null, `${c.headTsv} '${ref.toLowerCase()}'`)
  for (const [n, m] of said.entries()) {
    const words = c.spoken(n)
    const visibility = m.direction === 'note' ? 'internal' : 'public'
    const inward = m.direction === 'in'
    sinks.message.row([
      org,
      id,
      m.id,
      m.direction,
      m.direction === 'note' ? 'note' : c.channel,
      visibility,
      inward ? null : c.owner.id,
      inward ? c.customerName : c.ownerName,
      words.text,
      m.salt,
      iso(m.at),
    ])
    for (let part = 0; part < words.parts; part += 1)
      searchRow(m.id, part, visibility, m.at, words.body, part === words.parts - 1 ? words.more : '')
  }
}
