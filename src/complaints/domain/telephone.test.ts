import { describe, expect, it } from 'vitest'
import { Case, hour } from './case-world.ts'
import { nextClock } from './state.ts'

// Calls, promises and hand-overs by their rules alone.

const promise = (c: Case, kind: 'promise' | 'callback', inMs: number, told = true) => ({
  kind,
  words: c.written(),
  dueAt: c.now + inMs,
  owner: { id: 'mei', chain: ['mei'] },
  public: told,
})
const call = (c: Case, direction: 'in' | 'out', outcome: 'reached' | 'no_answer' | 'refused' | 'voicemail') => ({
  direction,
  outcome,
  startedAt: new Date(c.now).toISOString(),
  seconds: 60,
  consent: null,
  spoken: c.spoken(),
})
const clock = (c: Case, kind: string) => c.state.clocks.filter((k) => k.kind === kind).map((k) => k.state)

describe('a call', () => {
  it.each([
    ['out', 'reached', 0, true],
    ['out', 'no_answer', 1, false],
    ['out', 'voicemail', 1, false],
    ['out', 'refused', 0, false],
    ['in', 'reached', 0, false],
    ['in', 'voicemail', 0, false],
  ] as const)('%s, %s: %i failed tries, answered %s', (direction, outcome, tries, answered) => {
    const c = new Case()
    c.do('mei', 'call', call(c, direction, outcome))
    expect([c.state.attempts.length, c.state.firstReplyAt !== null]).toEqual([tries, answered])
  })

  it('that reaches them ends the row of failed tries and keeps what was agreed', () => {
    const c = new Case()
    c.do('mei', 'promise', promise(c, 'callback', hour))
    c.do('mei', 'call', call(c, 'out', 'no_answer')).do('mei', 'call', call(c, 'out', 'reached'))
    expect([c.state.attempts, clock(c, 'callback')]).toEqual([[], ['met']])
  })

  it('makes its promise in the same act, or none of both', () => {
    const c = new Case()
    const before = c.events.length
    const late = { ...call(c, 'out', 'reached'), promise: promise(c, 'callback', -hour) }
    expect(c.try('mei', 'call', late)).toBe('complaints.promise-in-past')
    expect(c.events.length).toBe(before)
    c.do('mei', 'call', { ...late, promise: promise(c, 'callback', hour) })
    expect(c.events.slice(before).map((e) => e.type)).toEqual(['called', 'promised'])
  })
})

describe('a promise', () => {
  it('is what happens next when it is due first', () => {
    const c = new Case()
    c.do('mei', 'promise', promise(c, 'promise', 60_000))
    expect(nextClock(c.state)).toMatchObject({ kind: 'promise', dueAt: c.now + 60_000 })
  })

  it.each([
    ['told to them', true],
    ['agreed inside', false],
  ])('%s gives news: %s', (_, told) => {
    const c = new Case({ impact: 4, likelihood: 4 })
    c.do('mei', 'promise', promise(c, 'promise', hour, told))
    expect(clock(c, 'next_update').includes('met')).toBe(told)
  })

  it.each([
    ['in time', 30 * 60_000, 'met'],
    ['late', 2 * hour, 'breached'],
  ])('kept %s', (_, wait, state) => {
    const c = new Case()
    c.do('mei', 'promise', promise(c, 'promise', hour)).later(wait)
    const { id } = c.state.clocks.find((k) => k.kind === 'promise') ?? { id: '' }
    c.do('mei', 'keep_promise', { clockId: id })
    expect([clock(c, 'promise'), c.try('mei', 'keep_promise', { clockId: id })]).toEqual([
      [state],
      'complaints.no-such-promise',
    ])
  })

  it('keeps the complaint open until it is kept or dropped', () => {
    const c = new Case()
    c.answer().do('mei', 'promise', promise(c, 'callback', hour))
    expect(c.may('mei', 'close')).toBe('complaints.promises-owed')
    const { id } = c.state.clocks.find((k) => k.kind === 'callback') ?? { id: '' }
    c.do('mei', 'drop_promise', { clockId: id, reason: c.spoken() })
    expect([c.may('mei', 'close'), clock(c, 'callback')]).not.toContain('complaints.promises-owed')
  })
})

describe('a hand-over', () => {
  const to = { to: { id: 'jun', chain: ['jun'] }, teamId: 't' }

  it('leaves the owner until it is taken', () => {
    const c = new Case()
    c.do('mei', 'hand_over', { ...to, summary: c.spoken() })
    expect(c.state).toMatchObject({ ownerId: 'mei', helpers: [{ staffId: 'jun' }] })
    expect([c.may('lead', 'accept_handover'), c.may('jun', 'accept_handover')]).toEqual([
      'complaints.handover-not-yours',
      true,
    ])
    c.do('jun', 'accept_handover', {})
    expect([c.state.ownerId, c.state.helpers, clock(c, 'handover')]).toEqual(['jun', [], ['met']])
  })

  it.each([
    ['nobody has it', (c: Case) => c, 'complaints.no-handover'],
    [
      'somebody else was given it',
      (c: Case) =>
        c
          .do('mei', 'hand_over', { ...to, summary: c.spoken() })
          .do('lead', 'assign', { owner: { id: 'mei', chain: ['mei'], teams: ['t'] }, why: {} }),
      'complaints.no-handover',
    ],
  ])('is not taken when %s', (_, before, why) => {
    expect(before(new Case()).may('jun', 'accept_handover')).toBe(why)
  })

  it('never goes to whom it is about', () => {
    const c = new Case({ subjects: ['jun'] })
    expect(c.try('mei', 'hand_over', { ...to, summary: c.spoken() })).toBe('complaints.owner-is-subject')
  })

  it('goes back by whoever got it, or whoever gave it', () => {
    for (const who of ['jun', 'mei'] as const) {
      const c = new Case()
      c.do('mei', 'hand_over', { ...to, summary: c.spoken() }).do(who, 'return_handover', { reason: c.spoken() })
      expect([c.state.ownerId, clock(c, 'handover')]).toEqual(['mei', ['cancelled']])
    }
  })
})
