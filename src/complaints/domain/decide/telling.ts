import { refuse, type Refusal } from '../../../kit/pure/result.ts'
import type { NewEvent } from '../event.ts'
import { lateTelling } from '../late.ts'
import type { ComplaintState } from '../state.ts'
import { given, type Rule, type Spoken } from './facts.ts'

export type Telling = {
  /** The channel it was told in, when it is not sent by us: a call, a letter, a talk at the counter. */
  readonly told?: string | undefined
  /** When they were told, where that was before it is written down. Epoch ms. */
  readonly toldAt?: number | undefined
  /** Why it is written down so much later. */
  readonly backdating?: Spoken | undefined
}

type Telled = (state: ComplaintState, telling: Telling, now: number, ends: readonly string[]) => Refusal | undefined

/** Why it cannot have been told then. `ends`: the kinds of clocks that this answer ends for good. */
const untold: Telled = (state, { toldAt, backdating }, now, ends) => {
  if (toldAt === undefined) return undefined
  const no = (code: string, facts: Refusal['facts'] = {}) => ({ code, status: 422, facts })
  if (toldAt > now) return no('complaints.told-in-future')
  if (toldAt < state.receivedAt)
    return no('complaints.told-before-received', { receivedAt: new Date(state.receivedAt).toISOString() })
  // Taken up again since: what was said before is no answer to that.
  const since = state.clocks.filter((c) => c.settledAt === null && c.startedAt > toldAt && ends.includes(c.kind))
  const [begun] = since
  if (begun) return no('complaints.told-before-taken-up', { since: new Date(begun.startedAt).toISOString() })
  return now - toldAt > lateTelling && !backdating
    ? no('complaints.told-late', { days: lateTelling / 86_400_000 })
    : undefined
}

/**
 * Words that somebody told them, written down later: they count from when they were told. The event is of now, and keeps
 * both moments.
 */
export function whenTold<C extends { readonly told?: string | undefined }>(
  rule: Rule<C>,
  ends: (command: C) => readonly string[] = () => [],
): Rule<C & Telling> {
  return {
    ...rule,
    decide: (state, command, facts) => {
      const no = untold(state, command, facts.now, ends(command))
      if (no) return refuse(no.code, no.facts, no.status)
      const { toldAt, backdating } = command
      if (toldAt === undefined) return rule.decide(state, command, facts)
      const done = rule.decide(state, command, { ...facts, now: toldAt })
      return done.ok ? { ...done, value: dated(done.value, { toldAt, backdating }) } : done
    },
  }
}

function dated(events: readonly NewEvent[], { toldAt, backdating }: Telling & { toldAt: number }): NewEvent[] {
  const said = { toldAt: new Date(toldAt).toISOString(), ...given({ backdating }) }
  return events.map((e, i) =>
    i === events.length - 1 ? { ...e, payload: { ...e.payload, facts: { ...e.payload.facts, ...said } } } : e,
  )
}

type Told = Pick<NewEvent, 'type' | 'payload'> & { readonly at: number }

/** When what an event says to them was said: what was told counts from then, a call of ours from its end; else at `at`. */
export function saidAt({ type, at, payload: { facts } }: Told): number {
  if (typeof facts.toldAt === 'string') return Date.parse(facts.toldAt)
  const spoke = type === 'called' && facts.direction === 'out' && facts.outcome === 'reached'
  return spoke ? callEnded(facts as CallTimes, at) : at
}

type CallTimes = { readonly startedAt?: string; readonly seconds?: number }

/** The end of a call, at the latest now; calls of before may not say when they began. */
export const callEnded = ({ startedAt, seconds = 0 }: CallTimes, now: number): number =>
  startedAt === undefined ? now : Math.min(now, Date.parse(startedAt) + seconds * 1000)

/** Of these events the moment something was told before it was written down. */
export const toldIn = (events: readonly NewEvent[], now: number): number =>
  events.reduce((at, e) => Math.min(at, saidAt({ ...e, at: now })), now)
