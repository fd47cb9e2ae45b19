import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { valueOf } from '../../kit/pure/result.ts'
import { shippedCalendars } from '../calendars/index.ts'
import { lapse, replan, replanForSeverity, settle } from './clock-life.ts'
import { type CompiledCalendar, compileCalendar } from './compile.ts'
import { type ClockKind, type Severity, type Target, starterPolicy } from './policy.ts'
import { type Calendars, type PlanFacts, type PlannedClock, planClocks, startClock } from './targets.ts'

const compiled = new Map(shippedCalendars.map((definition) => [definition.key, valueOf(compileCalendar(definition))]))

function shipped(key: string): CompiledCalendar {
  const calendar = compiled.get(key)
  if (!calendar) throw new Error(`no calendar ${key}`)
  return calendar
}

const calendars: Calendars = { office: shipped('tw-office'), always: shipped('always') }
const taipei = (text: string) => Date.parse(`2026-${text}+08:00`)
const received = taipei('03-03T10:00')

function plan(facts: Partial<PlanFacts> = {}): PlannedClock[] {
  const plain = { severity: 'medium', receivedAt: received, loggedAt: received, jurisdiction: 'TW', calendars } as const
  return planClocks({ ...plain, ...facts })
}

function clockOf(clocks: readonly PlannedClock[], kind: ClockKind): PlannedClock {
  const clock = clocks.find((each) => each.kind === kind)
  if (!clock) throw new Error(`no ${kind} clock`)
  return clock
}

const officeMinutes = (minutes: number): Target => ({ basis: 'minutes', calendar: 'office', minutes })

function resolveIn(minutes: number, startedAt: number): PlannedClock {
  const cause = { rule: 'severity', severity: 'low', receivedAt: startedAt, loggedAt: startedAt } as const
  const milestone = { kind: 'resolve', target: officeMinutes(minutes), pausable: true } as const
  return startClock(milestone, { startedAt, policy: starterPolicy, cause, calendars })
}

describe('the clocks of a new complaint', () => {
  // Received Friday 2026-03-06 17:30, half an hour before the weekend.
  const rows: [Severity, string, string][] = [
    ['critical', '03-06T17:45', '03-09T18:00'],
    ['high', '03-09T09:30', '03-09T18:00'],
    ['medium', '03-09T13:30', '03-11T18:00'],
    ['low', '03-09T18:00', '03-13T18:00'],
  ]
  test.each(rows)('%s: first reply by %s, resolved by %s', (severity, firstReply, resolve) => {
    const clocks = plan({ severity, receivedAt: taipei('03-06T17:30') })
    expect(clockOf(clocks, 'acknowledge').dueAt).toBe(taipei(firstReply))
    expect(clockOf(clocks, 'first_reply').dueAt).toBe(taipei(firstReply))
    expect(clockOf(clocks, 'resolve').dueAt).toBe(taipei(resolve))
  })

  test('a critical one also wants the harm stopped within four hours, and news within a day', () => {
    const clocks = plan({ severity: 'critical', receivedAt: taipei('03-06T17:30') })
    expect(clockOf(clocks, 'containment').dueAt).toBe(taipei('03-06T21:30'))
    expect(clockOf(clocks, 'next_update').dueAt).toBe(taipei('03-07T17:30'))
  })

  test('run from receipt, however late it was logged, and say why', () => {
    const loggedAt = received + 3 * 86_400_000
    for (const clock of plan({ loggedAt })) {
      expect(clock.startedAt).toBe(received)
      expect(clock.cause).toMatchObject({ receivedAt: received, loggedAt })
      expect(clock.state).toBe('running')
    }
  })

  test('name the policy and calendar versions they were counted with', () => {
    const [first] = plan({ severity: 'critical' })
    expect(first).toMatchObject({ policy: { key: 'starter', version: 2 }, calendar: { key: 'always', version: 1 } })
    expect(clockOf(plan(), 'resolve').calendar).toEqual({ key: 'tw-office', version: 1 })
  })

  test('survive storing as JSON', () => {
    const clocks = plan({ authority: { dueAt: taipei('03-20T12:00') } })
    expect(JSON.parse(JSON.stringify(clocks))).toEqual(clocks)
  })

  test('are provisional when counted through a year without holiday data', () => {
    const clocks = plan({ severity: 'low', receivedAt: taipei('12-30T10:00') })
    expect(clocks.map(({ kind, provisional }) => [kind, provisional])).toEqual([
      ['acknowledge', false],
      ['first_reply', false],
      ['resolve', true],
      ['statutory', true],
    ])
  })

  test('a graver severity is never due later', () => {
    const instant = fc.integer({ min: Date.parse('2020-01-01T00:00Z'), max: Date.parse('2027-01-01T00:00Z') })
    fc.assert(
      fc.property(instant, (receivedAt) => {
        const order: Severity[] = ['critical', 'high', 'medium', 'low']
        const due = order.map((severity) => plan({ severity, receivedAt }))
        for (const kind of ['acknowledge', 'first_reply', 'resolve'] satisfies ClockKind[]) {
          const dates = due.map((clocks) => clockOf(clocks, kind).dueAt ?? Number.NaN)
          expect(dates).toEqual([...dates].sort((a, b) => a - b))
        }
      }),
    )
  })
})

describe('the statutory clock of Taiwan', () => {
  test('shows the legal date, and works towards the stricter reading of it', () => {
    const clock = clockOf(plan(), 'statutory')
    expect(clock.dueAt).toBe(taipei('03-18T23:59:59.999'))
    expect(clock.internalDueAt).toBe(taipei('03-17T18:00'))
    expect(clock).toMatchObject({ pausable: false, policy: { key: 'tw-cpa-43' }, cause: { rule: 'law' } })
  })

  test('ending in the New Year closure is worked towards before it', () => {
    const clock = clockOf(plan({ receivedAt: taipei('02-05T10:00') }), 'statutory')
    expect(clock.dueAt).toBe(taipei('02-20T23:59:59.999'))
    expect(clock.internalDueAt).toBe(taipei('02-13T18:00'))
  })

  test.each(['GB', 'CN', 'US'])('does not run in %s', (jurisdiction) => {
    expect(plan({ jurisdiction }).some(({ kind }) => kind === 'statutory')).toBe(false)
  })
})

describe('a date asked for by an authority', () => {
  test.each([
    ['on a working day stands for itself', '03-20T12:00', null],
    ['at the end of a working day means its close', '03-20T23:59', '03-20T18:00'],
    ['on a Sunday is worked towards on Friday', '03-22T17:00', '03-20T18:00'],
    ['before anyone is at work again cannot be pulled back', '03-03T10:30', null],
  ])('%s', (_, dueAt, internal) => {
    const clock = clockOf(plan({ authority: { dueAt: taipei(dueAt), reference: 'A-17' } }), 'authority')
    expect(clock.dueAt).toBe(taipei(dueAt))
    expect(clock.internalDueAt).toBe(internal === null ? null : taipei(internal))
    expect(clock.cause).toMatchObject({ rule: 'authority', reference: 'A-17' })
  })
})

describe('a clock is met or breached', () => {
  const clock = resolveIn(480, taipei('03-03T09:00'))
  const due = taipei('03-03T18:00')

  test('met on the due instant itself, breached a millisecond later', () => {
    expect(settle(clock, due)).toMatchObject({ state: 'met', settledAt: due, breachedAt: null })
    expect(settle(clock, due + 1)).toMatchObject({ state: 'breached', settledAt: due + 1, breachedAt: due })
  })

  test('a breach noticed late carries its true time, once', () => {
    const late = lapse(clock, due + 3_600_000)
    expect(late).toMatchObject({ state: 'breached', breachedAt: due, settledAt: null })
    expect(lapse(late, due + 7_200_000)).toBe(late)
    expect(lapse(clock, due)).toBe(clock)
  })

  test('an answer after the breach is noted, and does not make it met', () => {
    const answered = settle(lapse(clock, due + 1), due + 5)
    expect(answered).toMatchObject({ state: 'breached', breachedAt: due, settledAt: due + 5 })
    expect(settle(answered, due - 1)).toBe(answered)
  })
})

describe('a changed target', () => {
  const clock = resolveIn(24 * 60, taipei('03-03T09:00'))
  const change = { at: taipei('03-03T16:00'), changed: 'severity', value: 'high', calendars }

  test('counts from the original start', () => {
    expect(replan(clock, officeMinutes(480), change)).toMatchObject({ state: 'running', dueAt: taipei('03-03T18:00') })
  })

  test('or from the change, where the organisation prefers it', () => {
    const replanned = replan(clock, officeMinutes(480), { ...change, from: 'change' })
    expect(replanned).toMatchObject({ dueAt: taipei('03-04T16:00'), startedAt: clock.startedAt })
  })

  test('already over is breached at the change, with that cause', () => {
    const replanned = replan(clock, officeMinutes(240), change)
    expect(replanned).toMatchObject({
      state: 'breached',
      breachedAt: change.at,
      cause: { rule: 'target_changed', changed: 'severity', value: 'high', before: { dueAt: clock.dueAt } },
    })
  })

  test('never frees a clock that is met or over, noticed or not', () => {
    const met = settle(clock, change.at)
    const breached = lapse(resolveIn(60, taipei('03-03T09:00')), change.at)
    const unnoticed = resolveIn(60, taipei('03-03T09:00'))
    for (const frozen of [met, breached]) expect(replan(frozen, officeMinutes(4_800), change)).toBe(frozen)
    expect(replan(unnoticed, officeMinutes(4_800), change)).toMatchObject({
      state: 'breached',
      breachedAt: taipei('03-03T10:00'),
      target: unnoticed.target,
    })
  })

  test('of severity moves the internal clocks and leaves law and authority alone', () => {
    const clocks = plan({ severity: 'low', authority: { dueAt: taipei('03-20T12:00') } })
    const at = received + 60_000
    const raised = replanForSeverity(clocks, { severity: 'critical', at, policy: starterPolicy, calendars })
    const direct = plan({ severity: 'critical' })
    for (const kind of ['acknowledge', 'first_reply', 'resolve'] satisfies ClockKind[]) {
      expect({ ...clockOf(raised, kind), cause: null }).toEqual({ ...clockOf(direct, kind), cause: null })
    }
    for (const kind of ['statutory', 'authority'] satisfies ClockKind[]) {
      expect(clockOf(raised, kind)).toBe(clockOf(clocks, kind))
    }
  })
})
