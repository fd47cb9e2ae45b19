import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shippedCalendars } from '../../clocks/calendars/index.ts'
import { type CompiledCalendar, compileCalendar } from '../../clocks/domain/compile.ts'
import { lapse } from '../../clocks/domain/index.ts'
import { valueOf } from '../../kit/pure/result.ts'
import { takeBack } from '../../replies/domain/undo.ts'
import { absorb, release } from './decide/absorbing.ts'
import { heardFrom } from './decide/hearing.ts'
import { type ActionName, type CommandOf, decide, type Facts } from './decide/index.ts'
import { takeIn } from './decide/intake.ts'
import { asBeforeMerge, type BroughtPoint, hasEnded, running } from './decide/merging.ts'
import { event, type EventActor, type NewEvent } from './event.ts'
import { type ComplaintClock, type ComplaintState, fold } from './state.ts'

// What is owed to the law, to an authority or to whoever asked for a review is owed by an open complaint, whatever was done
// in whatever order. Commands that are refused change nothing.

const compiled = new Map(shippedCalendars.map((c) => [c.key, valueOf(compileCalendar(c))]))
function shipped(key: string): CompiledCalendar {
  const calendar = compiled.get(key)
  if (!calendar) throw new Error(key)
  return calendar
}
const calendars = { office: shipped('tw-office'), always: shipped('always') }
const hour = 3_600_000
const undoTime = 10_000

type Stored = NewEvent & { readonly seq: number; readonly at: number; readonly actor: EventActor }
type Answer = { readonly complaint: number; readonly messageId: string; readonly at: number }

/** Everybody may do everything: what is tried here is the order of things, not who may do them. */
const everything = { has: () => true } as unknown as ReadonlySet<string>

/** A few complaints of one person, driven as the commands drive them. */
class World {
  now = Date.UTC(2026, 2, 2, 1)
  ids = 0
  readonly histories: Stored[][] = []
  readonly answers: Answer[] = []
  /** What was done, for whoever reads a counterexample. */
  readonly log: string[] = []

  readonly newId = () => `id-${++this.ids}`
  state(i: number): ComplaintState {
    return fold(`c${i}`, this.histories[i] ?? [])
  }
  facts(staff: string): Facts {
    const { now, newId } = this
    return { now, newId, calendars, permissions: everything, actor: { kind: 'staff', id: staff } }
  }
  commit(i: number, events: readonly NewEvent[]): void {
    const history = this.histories[i] ?? []
    for (const e of events)
      history.push({ ...e, seq: history.length + 1, at: this.now, actor: { kind: 'staff', id: 'mei' } })
    this.histories[i] = history
  }
  /** Whether it was done. */
  command<N extends ActionName>(i: number, name: N, command: CommandOf<N>, staff = 'mei'): boolean {
    const decided = decide(name, this.state(i), command, this.facts(staff))
    if (!decided.ok) return false
    this.log.push(`${name} ${i}`)
    this.commit(i, decided.value)
    return true
  }
  spoken = () => ({ messageId: this.newId(), hash: 'h' })
  written = () => ({ wordsId: this.newId(), hash: 'h' })
  leaving = (...of: number[]) => this.answers.some((a) => of.includes(a.complaint) && this.now < a.at + undoTime)
  mergedInto = (i: number) => this.histories.flatMap((_, n) => (this.state(n).mergedInto === `c${i}` ? [n] : []))
}

function begin(w: World, i: number, authority: boolean): void {
  const given = {
    number: `R-${i}`,
    channel: authority ? 'letter' : 'phone',
    mode: 'named',
    confidentiality: 'normal',
    customerId: 'p',
    typeCode: null,
    productId: null,
    placeId: null,
    impact: 2 + (i % 3),
    likelihood: 3,
    flags: [],
    receivedAt: w.now,
    backdated: false,
    teamId: 't',
    teamWhy: {},
    inboundItemId: 'i',
    access: [],
    subjects: [],
    locale: 'en',
    jurisdiction: 'TW',
    acknowledgedBy: null,
    authorityDueAt: authority ? w.now + 100 * hour : null,
  }
  const points = [{ id: w.newId(), no: 1, hash: 'h' }]
  w.commit(i, takeIn({ ...given, points, message: w.spoken() }, { now: w.now, newId: w.newId, calendars }))
}

type Step = (w: World, i: number, j: number) => void

const findings = (w: World, i: number) =>
  w
    .state(i)
    .points.filter((p) => !p.gone)
    .map((p) => ({ pointId: p.id, finding: 'upheld', answer: w.written() }))

const steps: Record<string, Step> = {
  merge(w, i, j) {
    const [from, into] = [w.state(i), w.state(j)]
    const owedBefore = owedKinds(from)
    const command = { into, hasOthers: w.mergedInto(i).length > 0, leaving: w.leaving(i, j) }
    if (i === j || !w.command(i, 'merge', command)) return
    const points = from.points.filter((p) => !p.gone).map((p): BroughtPoint => ({ id: w.newId(), hash: 'h', of: p.id }))
    w.commit(j, absorb(into, from, points, w.facts('mei')))
    w.log.push(`  into ${j}`)
    expect(hasEnded(w.state(j))).toBe(false)
    expect(owedKinds(w.state(j)), 'what the merged one owed').toEqual(expect.arrayContaining(owedBefore))
  },
  unmerge(w, i) {
    const { mergedInto, stateBeforeMerge } = w.state(i)
    const j = mergedInto === null ? -1 : Number(mergedInto.slice(1))
    const before = fold(
      `c${i}`,
      (w.histories[i] ?? []).slice(
        0,
        (w.histories[i] ?? []).findLastIndex((e) => e.type === 'merged'),
      ),
    )
    if (j < 0 || !w.command(i, 'unmerge', { leaving: w.leaving(j) })) return
    const others = w.mergedInto(j).map((n) => w.state(n))
    w.commit(j, [release(w.state(j), { from: `c${i}`, events: w.histories[j] ?? [], others }, w.facts('mei'))])
    expect(w.state(i).state).toBe(stateBeforeMerge)
    expect(owedKinds(w.state(i)), 'what it owed before').toEqual(owedKinds(before))
    for (const p of w.state(j).points.filter((x) => x.gone)) expect(p.finding).not.toBeNull()
  },
  append(w, i) {
    if (!w.command(i, 'append', { channel: 'portal', spoken: w.spoken() })) return
    const { mergedInto } = w.state(i)
    if (mergedInto === null) return
    const j = Number(mergedInto.slice(1))
    w.commit(j, valueOf(heardFrom(w.state(j), { from: `c${i}`, channel: 'portal' }, w.facts('mei'))))
  },
  answer(w, i) {
    const spoken = w.spoken()
    const reply = { spoken, decision: true, outcomeCode: 'O3', findings: findings(w, i) }
    if (w.command(i, 'reply', reply)) w.answers.push({ complaint: i, messageId: spoken.messageId, at: w.now })
  },
  reply(w, i) {
    const spoken = w.spoken()
    if (w.command(i, 'reply', { spoken, decision: false, findings: [] }))
      w.answers.push({ complaint: i, messageId: spoken.messageId, at: w.now })
  },
  /** Within the undo time, the last answer of anybody. */
  cancel(w) {
    const last = w.answers.at(-1)
    if (!last || w.now >= last.at + undoTime) return
    w.answers.pop()
    const history = w.histories[last.complaint] ?? []
    const at = history.findIndex((e) => e.payload.facts.messageId === last.messageId)
    w.log.push(`cancel ${last.complaint}`)
    const { changes } = takeBack(`c${last.complaint}`, history, at, w.now)
    w.commit(last.complaint, [event('reply_cancelled', { messageId: last.messageId }, changes)])
  },
  authority(w, i) {
    w.command(i, 'answer_authority', { spoken: w.spoken(), told: 'letter' })
  },
  close(w, i) {
    w.command(i, 'close', { reasonCode: 'C2', summary: w.written() })
  },
  withdraw(w, i) {
    w.command(i, 'withdraw', { reasonHash: 'h' })
  },
  redirect(w, i) {
    w.command(i, 'redirect', { reasonHash: 'h', spoken: w.spoken(), told: 'phone' })
  },
  reopen(w, i) {
    w.command(i, 'reopen', { reasonHash: 'h' })
  },
  leave(w, i) {
    w.command(i, 'leave_ended', { reasonHash: 'h' })
  },
  review(w, i) {
    w.command(i, 'request_review', { reasonHash: 'h', reviewer: null, keepers: [] })
  },
  finalise(w, i) {
    w.command(i, 'finalise', { outcomeCode: 'O3', findings: findings(w, i), spoken: w.spoken() }, 'ruolan')
  },
  external(w, i) {
    w.command(i, 'external', { bodyHash: 'h' })
  },
  assess(w, i, j) {
    w.command(i, 'assess', { impact: 1 + j, likelihood: 4, flags: [] })
  },
  moment(w) {
    w.now += 5_000
  },
  day(w) {
    w.now += 24 * hour
  },
  month(w) {
    w.now += 31 * 24 * hour
  },
  /** The job that notices what ran over. */
  lapse(w, i) {
    const late = w.state(i).clocks.flatMap((c): ComplaintClock[] => {
      const over = { ...c, ...lapse(c, w.now) }
      return c.settledAt === null && over.state !== c.state ? [over] : []
    })
    if (late.length > 0 && w.state(i).open) w.commit(i, [event('clock_breached', {}, { clocks: late })])
  },
}

const outside = new Set(['statutory', 'authority', 'stage'])
const owedClocks = (s: ComplaintState) => s.clocks.filter((c) => outside.has(c.kind) && running(c))
const owedKinds = (s: ComplaintState) => [...new Set(owedClocks(s).map((c) => c.kind))].sort()

function check(w: World): void {
  for (const [i] of w.histories.entries()) {
    const state = w.state(i)
    const { state: is } = state
    if (hasEnded(state))
      expect({ complaint: i, is, owes: owedClocks(state).map((c) => `${c.kind} ${c.state}`) }).toEqual({
        complaint: i,
        is,
        owes: [],
      })
    if (is === 'merged') checkSurvivor(state, w.state(Number(state.mergedInto?.slice(1))))
  }
}

/** What it owed when it was merged is owed by its survivor, was met there since, or ended with it. */
function checkSurvivor(merged: ComplaintState, survivor: ComplaintState): void {
  const since = (c: ComplaintClock) =>
    c.settledAt !== null && merged.closedAt !== null && c.settledAt >= merged.closedAt
  for (const { kind } of asBeforeMerge(merged).filter((c) => outside.has(c.kind)))
    expect(
      survivor.clocks.some((c) => c.kind === kind && (running(c) || since(c))),
      `${merged.id}: ${kind}`,
    ).toBe(true)
}

const names = Object.keys(steps)

describe('obligations to the law, to authorities and of reviews', () => {
  it('no ended complaint has one, and what a merged one owed its survivor owes, whatever was done before', () => {
    const step = fc.record({
      name: fc.constantFrom(...names, 'merge', 'unmerge', 'answer'),
      i: fc.nat({ max: 3 }),
      j: fc.nat({ max: 3 }),
    })
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 4 }), fc.array(step, { maxLength: 30 }), (count, done) => {
        const w = new World()
        for (let i = 0; i < count; i++) {
          begin(w, i, i === 1)
          w.now += hour
        }
        for (const { name, i, j } of done) {
          w.now += 1
          try {
            steps[name]?.(w, i % count, j % count)
            check(w)
          } catch (error) {
            throw new Error(`${w.log.join('\n')}\n${name} ${i % count} ${j % count}`, { cause: error })
          }
        }
      }),
      { numRuns: Number(process.env.OBLIGATION_RUNS ?? 400) },
    )
  })
})
