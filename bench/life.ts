import { lapse } from '../src/clocks/domain/index.ts'
import type { Calendars } from '../src/clocks/domain/targets.ts'
import { chain, genesis, type StoredEvent, textHash } from '../src/complaints/chain.ts'
import { type ActionName, type CommandOf, decide } from '../src/complaints/domain/decide/index.ts'
import { takeIn } from '../src/complaints/domain/decide/intake.ts'
import { event, type EventActor, type NewEvent } from '../src/complaints/domain/event.ts'
import { apply, type ComplaintState, fold } from '../src/complaints/domain/state.ts'
import { valueOf } from '../src/kit/pure/result.ts'
import { permissions } from '../src/people/index.ts'
import type { Chance } from './chance.ts'

/** What a complaint's life is told from; the words come from outside, `say` only learns that something was said. */
export type Birth = {
  readonly org: string
  readonly id: string
  readonly number: string
  readonly receivedAt: number
  readonly open: boolean
  readonly restricted: boolean
  readonly mode: 'named' | 'anonymous' | 'confidential'
  readonly channel: string
  readonly locale: string
  readonly customerId: string | null
  readonly placeId: string
  readonly typeCode: string
  readonly teamId: string
  readonly leadId: string
  readonly owner: { readonly id: string; readonly chain: readonly string[]; readonly teams: readonly string[] }
  readonly jurisdiction: string
  readonly calendars: Calendars
  readonly title: string
  readonly text: string
}

export type Utterance = {
  readonly id: string
  readonly at: number
  readonly direction: 'in' | 'out' | 'note'
  readonly salt: Buffer
}
export type Life = {
  readonly state: ComplaintState
  readonly events: readonly StoredEvent[]
  readonly said: readonly Utterance[]
  readonly point: { readonly id: string; readonly salt: Buffer }
  /** The row of the words it was closed with. */
  readonly closing: { readonly id: string; readonly salt: Buffer }
  readonly itemId: string
}

export const closingWords = 'ok'
const everything = new Set<string>(Object.keys(permissions))
const hour = 3_600_000

/** Runs one complaint through the real decisions up to `now`: taken in, assigned, talked about, mostly answered and closed. */
export function live(birth: Birth, words: (n: number) => string, chance: Chance, now: number): Life {
  const { org, id, receivedAt } = birth
  const point = { id: chance.id(receivedAt), salt: chance.bytes(16) }
  const first: Utterance = { id: chance.id(receivedAt), at: receivedAt, direction: 'in', salt: chance.bytes(16) }
  const itemId = chance.id(receivedAt)
  const said = [first]
  const born = takeIn(
    {
      number: birth.number,
      channel: birth.channel,
      mode: birth.mode,
      confidentiality: birth.restricted ? 'restricted' : 'normal',
      customerId: birth.customerId,
      typeCode: birth.typeCode,
      productId: null,
      placeId: birth.placeId,
      impact: 1 + chance.below(4),
      likelihood: 1 + chance.below(3),
      flags: [],
      receivedAt,
      backdated: false,
      teamId: birth.teamId,
      teamWhy: { rule: 'place', placeId: birth.placeId },
      points: [{ id: point.id, no: 1, hash: textHash(point.salt, birth.title) }],
      message: { messageId: first.id, hash: textHash(first.salt, birth.text) },
      inboundItemId: itemId,
      access: birth.restricted ? [birth.leadId] : [],
      subjects: [],
      locale: birth.locale,
      jurisdiction: birth.jurisdiction,
      authorityDueAt: null,
      acknowledgedBy: birth.channel === 'portal' ? 'receipt-page' : null,
    },
    { now: receivedAt, newId: () => chance.id(receivedAt), calendars: birth.calendars },
  )
  const system: EventActor = { kind: 'system', id: null }
  const owner: EventActor = { kind: 'staff', id: birth.owner.id }
  const events: StoredEvent[] = chain(org, id, { seq: 0, hash: genesis }, born, receivedAt, {
    kind: 'complainant',
    id: null,
  })
  let state = fold(id, events)
  const append = (more: readonly NewEvent[], at: number, actor: EventActor) => {
    const last = events.at(-1)
    for (const e of chain(org, id, { seq: last?.seq ?? 0, hash: last?.hash ?? genesis }, more, at, actor)) {
      events.push(e)
      state = apply(state, e.seq, e.payload.changes)
    }
  }
  const act = <N extends ActionName>(name: N, at: number, actor: EventActor, command: CommandOf<N>) =>
    append(
      valueOf(
        decide(name, state, command, {
          now: at,
          actor,
          permissions: everything,
          newId: () => chance.id(at),
          calendars: birth.calendars,
        }),
      ),
      at,
      actor,
    )
  const speak = (direction: Utterance['direction'], at: number) => {
    const message: Utterance = { id: chance.id(at), at, direction, salt: chance.bytes(16) }
    said.push(message)
    return { messageId: message.id, hash: textHash(message.salt, words(said.length - 1)) }
  }
  const closing = { id: chance.id(now), salt: chance.bytes(16) }
  const span = birth.open
    ? Math.max(now - receivedAt, hour)
    : Math.min(now - receivedAt, (24 + chance.below(200)) * hour)
  const at = (share: number) => receivedAt + Math.round(span * share)
  if (!birth.open || chance.next() < 0.75)
    act('assign', at(0.05), { kind: 'staff', id: birth.leadId }, { owner: birth.owner, why: { rule: 'by-hand' } })
  act('note', at(0.1), owner, { spoken: speak('note', at(0.1)) })
  if (!birth.open) {
    const findings = [{ pointId: point.id, finding: 'upheld' }]
    act('reply', at(0.6), owner, { spoken: speak('out', at(0.6)), decision: true, outcomeCode: 'upheld', findings })
    const summary = { wordsId: closing.id, hash: textHash(closing.salt, closingWords) }
    act('close', at(1), owner, { reasonCode: 'C2', summary })
  } else {
    if (chance.next() < 0.5)
      act('reply', at(0.3), owner, { spoken: speak('out', at(0.3)), decision: false, findings: [] })
    if (said.length === 3 || chance.next() < 0.8)
      act(
        'append',
        at(0.5),
        { kind: 'complainant', id: null },
        { spoken: speak('in', at(0.5)), channel: birth.channel },
      )
    const clocks = state.clocks.flatMap((c) =>
      c.settledAt === null && lapse(c, now) !== c ? [{ ...c, ...lapse(c, now) }] : [],
    )
    if (clocks.length > 0)
      append([event('clocks_lapsed', { clocks: clocks.map(({ kind }) => kind) }, { clocks })], now, system)
  }
  return { state, events, said, point, closing, itemId }
}
