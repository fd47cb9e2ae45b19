import { describe, expect, it } from 'vitest'
import { shippedCalendars } from '../../clocks/calendars/index.ts'
import { compileCalendar } from '../../clocks/domain/compile.ts'
import { valueOf } from '../../kit/pure/result.ts'
import { takeBack } from '../../replies/domain/undo.ts'
import { replyFailed } from '../../replies/domain/arrival.ts'
import type { Facts } from './decide/facts.ts'
import { heard, unheard } from './decide/wrote-again.ts'
import { event, type NewEvent } from './event.ts'
import { blank, type ComplaintState, fold, nextClock } from './state.ts'
import { isoWorkflow, nextState } from './workflow.ts'

const calendarOf = (key: string) => {
  const found = shippedCalendars.find((c) => c.key === key)
  if (!found) throw new Error(key)
  return valueOf(compileCalendar(found))
}
const calendars = { office: calendarOf('tw-office'), always: calendarOf('always') }
const monday = Date.UTC(2026, 2, 2, 2)
let ids = 0
const facts: Facts = {
  now: monday,
  actor: { kind: 'complainant', id: null },
  permissions: new Set(),
  newId: () => `id-${++ids}`,
  calendars,
}
const workflow = { key: 'iso-10002', version: 1 }
const ended = (state: string, more: Partial<ComplaintState> = {}): ComplaintState => ({
  id: 'c',
  ...blank,
  workflow,
  state,
  open: false,
  ownerId: 'mei',
  closedAt: monday - 1000,
  ...more,
})

describe('what may be done with what was written to after its end', () => {
  it.each([
    ['closed', 'reopen', 'investigating'],
    ['closed', 'request_review', 'review'],
    ['closed', 'external', 'external'],
    ['closed', 'reply', 'wrote_again'],
    ['closed', 'leave_ended', 'wrote_again'],
    ['closed', 'close', undefined],
    ['closed', 'withdraw', undefined],
    ['closed', 'merge', undefined],
    ['closed', 'assess', undefined],
    ['final', 'reopen', 'investigating'],
    ['final', 'request_review', undefined],
    ['final', 'start_remedy', 'wrote_again'],
    ['withdrawn', 'reopen', 'investigating'],
    ['withdrawn', 'request_review', undefined],
    ['redirected', 'external', undefined],
    ['merged', 'append', 'wrote_again'],
  ])('as %s: %s leads to %s', (endedAs, action, to) => {
    expect(nextState(isoWorkflow, action, { state: 'wrote_again', endedAs })).toBe(to)
  })

  it('nothing may be left ended that was never written to', () => {
    for (const { name } of isoWorkflow.states.filter((s) => !s.afterEnd))
      expect(nextState(isoWorkflow, 'leave_ended', { state: name })).toBeUndefined()
  })
})

describe('words after the end', () => {
  it.each(['closed', 'final', 'withdrawn', 'redirected'])(
    'open %s for one working day, nothing else changed',
    (state) => {
      const { set, clocks = [] } = heard(ended(state), facts)
      expect(set).toEqual({ state: 'wrote_again', open: true, endedAs: state })
      // Tuesday's close, in Taipei.
      expect(clocks).toMatchObject([{ kind: 'next_update', milestone: 'wrote_again', dueAt: Date.UTC(2026, 2, 3, 10) }])
    },
  )

  it.each([
    ['of one whose owner stays', false, undefined],
    ['of one whose owner has left', true, null],
  ])('%s', (_, ownerGone, ownerId) => {
    expect(heard(ended('closed'), { ...facts, ownerGone }).set?.ownerId).toBe(ownerId)
  })

  it('are owed once, and again after they were met', () => {
    const first = heard(ended('closed'), facts)
    const state = { ...ended('closed'), ...first.set, clocks: first.clocks ?? [] }
    expect(heard(state, facts).clocks).toBeUndefined()
    const met = state.clocks.map((c) => ({ ...c, state: 'met' as const, settledAt: monday }))
    expect(heard({ ...state, clocks: met }, facts).clocks).toMatchObject([{ cycle: 2 }])
  })

  it('are what comes next, not a date that had passed before the end', () => {
    const { set, clocks = [] } = heard(ended('withdrawn'), facts)
    const [clock] = clocks
    if (!clock) throw new Error('no clock')
    const old = { ...clock, id: 'old', kind: 'statutory' as const, startedAt: 0, dueAt: 1, state: 'breached' as const }
    expect(nextClock({ ...ended('withdrawn'), ...set, clocks: [old, clock] })?.kind).toBe('next_update')
  })

  it('move a merged complaint nowhere', () => {
    expect(heard(ended('merged'), facts).set).toEqual({})
    expect(unheard(ended('merged'), facts).set).toEqual({})
  })
})

describe('an answer that did not arrive', () => {
  type Stored = NewEvent & { seq: number; at: number; actor: { kind: 'staff'; id: string } }
  const told = (...events: NewEvent[]): Stored[] =>
    events.map((e, i) => ({ ...e, seq: i + 1, at: monday + i, actor: { kind: 'staff', id: 'mei' } }))
  const received = event('received', {}, { set: { state: 'investigating', open: true, workflow } })
  const responded = event(
    'responded',
    { messageId: 'm' },
    { set: { state: 'responded', respondedAt: monday, firstReplyAt: monday } },
  )
  const closed = event('closed', {}, { set: { state: 'closed', open: false, closedAt: monday, closureCode: 'C8' } })
  const done = event('remedy_done', {}, { set: { state: 'follow_up', remedyDoneAt: monday } })
  const wrote = event('message_received', {}, { set: { state: 'wrote_again', open: true, endedAs: 'closed' } })
  const left = event('left_ended', {}, { set: { state: 'closed', open: false, endedAs: null } })
  const reopened = event('reopened', {}, { set: { state: 'investigating', open: true, respondedAt: null } })
  const answeredAgain = event('responded', { messageId: 'n' }, { set: { state: 'responded', respondedAt: monday + 9 } })
  const accepted = event('followed_up', { stance: 'accepted' }, { set: { stance: 'accepted' } })
  const loss = { outboxId: 'o', messageId: 'm', cause: 'refused', codeClass: '5xx' } as const
  const after = (...events: NewEvent[]) => {
    const history = told(...events)
    const failed = replyFailed('c', history, loss, facts).event
    return fold('c', told(...events, failed))
  }

  it.each<[string, NewEvent[], Partial<ComplaintState>]>([
    ['unanswered again', [], { state: 'investigating', respondedAt: null, firstReplyAt: null }],
    ['what stood closed on it is open', [closed], { state: 'investigating', open: true, closedAt: null }],
    ['what was done stays done', [done], { state: 'investigating', remedyDoneAt: monday }],
    ['also when they wrote after', [closed, wrote], { state: 'investigating', open: true, endedAs: null }],
    ['also when that was left', [closed, wrote, left], { state: 'investigating', open: true, endedAs: null }],
    ['taken up since, it stays so', [closed, reopened], { state: 'investigating', respondedAt: null }],
    [
      'answered again since, it stays answered',
      [reopened, answeredAgain],
      { state: 'responded', respondedAt: monday + 9 },
    ],
    ['known to them, it did arrive', [accepted], { state: 'responded', respondedAt: monday, stance: 'accepted' }],
    ['known to them, it stays closed', [accepted, closed], { state: 'closed', open: false }],
  ])('%s', (_, events, state) => {
    expect(after(received, responded, ...events)).toMatchObject(state)
  })

  it('is a try to reach them', () => {
    expect(after(received, responded).attempts).toEqual([{ at: monday, channel: 'email' }])
  })

  it('taken back within seconds, what was done on it goes back as well', () => {
    const { changes } = takeBack('c', told(received, responded, done), 1, monday)
    expect(changes.set).toMatchObject({ state: 'investigating', remedyDoneAt: null })
  })
})
