import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendars, Case, hour } from './case-world.ts'
import { starterPolicy, startClock } from '../../clocks/domain/index.ts'
import { nextClock } from './state.ts'

// A complaint that is open has a date: what runs next is never nothing, whatever was judged, stopped or answered.

const running = (c: Case) =>
  c.state.clocks.filter((k) => k.settledAt === null && k.state !== 'cancelled').map((k) => k.kind)
const critical = () => new Case({ impact: 5, likelihood: 5, flags: ['safety'] })

describe('a critical complaint', () => {
  it('owes containment, news and an answer, each for itself', () => {
    expect(running(critical()).sort()).toEqual(['acknowledge', 'containment', 'first_reply', 'next_update', 'resolve'])
  })

  it('still owes news and the answer once the harm is stopped', () => {
    const c = critical()
    c.do('mei', 'contain', { spoken: c.spoken() })
    c.do('mei', 'reply', { spoken: c.spoken(), decision: false, findings: [] })
    expect(running(c)).toEqual(expect.arrayContaining(['resolve', 'next_update']))
    expect(nextClock(c.state)).toBeDefined()
  })

  it('gets the next date for news with every word to them', () => {
    const c = critical().later(3 * hour)
    c.do('mei', 'reply', { spoken: c.spoken(), decision: false, findings: [] })
    const next = c.state.clocks.find((k) => k.kind === 'next_update' && k.settledAt === null)
    expect(next?.dueAt).toBe(c.now + 24 * hour)
  })

  it('keeps an answer date when it is judged less grave after the harm was stopped, and drops what only it asked for', () => {
    const c = critical()
    c.do('mei', 'contain', { spoken: c.spoken() })
    c.do('mei', 'assess', { impact: 2, likelihood: 2, flags: [] })
    expect(running(c).sort()).toEqual(['acknowledge', 'first_reply', 'resolve'])
    expect(c.state.clocks.find((k) => k.kind === 'containment')?.state).toBe('met')
  })

  it('asks for containment once it becomes critical, breached at the change when hours have passed', () => {
    const c = new Case().later(30 * hour)
    c.do('mei', 'assess', { impact: 5, likelihood: 5, flags: ['safety'] })
    const containment = c.state.clocks.find((k) => k.kind === 'containment')
    expect(containment).toMatchObject({ state: 'breached', breachedAt: c.now, settledAt: null })
    expect(c.may('mei', 'contain')).toBe(true)
  })

  it('asks for it again when severity goes down and up', () => {
    const c = critical()
    c.do('mei', 'assess', { impact: 2, likelihood: 2, flags: [] })
    expect(running(c)).not.toContain('containment')
    c.do('mei', 'assess', { impact: 5, likelihood: 5, flags: ['safety'] })
    expect(running(c).filter((k) => k === 'containment')).toHaveLength(1)
  })
})

describe('the starter policy', () => {
  it('never answers a critical complaint later than a high one, whenever it comes in', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * 24 * 60 }), (minutes) => {
        const startedAt = Date.UTC(2026, 0, 1) + minutes * 60_000
        const [grave, high] = (['critical', 'high'] as const).map((severity) => {
          const milestone = starterPolicy.targets[severity].find((m) => m.kind === 'resolve')
          if (!milestone) throw new Error(severity)
          const cause = { rule: 'severity', severity, receivedAt: startedAt, loggedAt: startedAt } as const
          return startClock(milestone, { startedAt, policy: starterPolicy, cause, calendars }).dueAt ?? Infinity
        })
        expect(grave).toBeLessThanOrEqual(high ?? 0)
      }),
    )
  })
})

type Step = (c: Case) => void

const step = (say: string, take: Step) => ({ say, take })
const score = fc.integer({ min: 1, max: 5 })
const steps = fc.oneof(
  fc
    .tuple(score, score, fc.subarray(['safety', 'minor', 'media']))
    .map(([impact, likelihood, flags]) =>
      step(`assess ${impact}×${likelihood}`, (c) => void c.try('mei', 'assess', { impact, likelihood, flags })),
    ),
  fc.integer({ min: 1, max: 400 }).map((h) => step(`wait ${h} h`, (c) => void c.later(h * hour))),
  ...[
    step('contain', (c) => void c.try('mei', 'contain', { spoken: c.spoken() })),
    step('reply', (c) => void c.try('mei', 'reply', { spoken: c.spoken(), decision: false, findings: [] })),
    step('answer', (c) => {
      const findings = c.findings()
      c.try('mei', 'reply', { spoken: c.spoken(), decision: true, outcomeCode: 'O1', findings })
    }),
    step('start', (c) => void c.try('mei', 'start_remedy', { remedyCode: 'A1' })),
    step('finish', (c) => void c.try('mei', 'finish_remedy', { evidence: c.spoken() })),
    step('confirm', (c) => void c.try('mei', 'confirm', { stance: 'accepted' })),
    step(
      'review',
      (c) => void c.try('complainant', 'request_review', { reasonHash: 'h', reviewer: null, keepers: [] }),
    ),
    step('finalise', (c) => {
      const findings = c.findings()
      c.try('rui', 'finalise', { outcomeCode: 'O2', findings, spoken: c.spoken(), remedyCode: 'A13' })
    }),
    step('withdraw', (c) => void c.try('complainant', 'withdraw', { reasonHash: 'h' })),
    step('end', (c) => void c.try('lead', 'withdraw', { reasonHash: 'h' })),
    step('close', (c) => void c.try('mei', 'close', { reasonCode: 'C2', summary: c.written() })),
    step('reopen', (c) => void c.try('mei', 'reopen', { reasonHash: 'h' })),
    step('leave', (c) => void c.try('mei', 'leave_ended', { reasonHash: 'h' })),
    step('append', (c) => void c.try('mei', 'append', { spoken: c.spoken(), channel: 'phone' })),
    step('external', (c) => void c.try('mei', 'external', { bodyHash: 'h' })),
  ].map((s) => fc.constant(s)),
)

describe('an open complaint', () => {
  it('always has a running date, and while it is unanswered one for the answer', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 3, 5), fc.array(steps, { maxLength: 25 }), (impact, taken) => {
        const c = new Case({ impact, likelihood: 5 })
        for (const { take } of taken) {
          take(c)
          const { open, respondedAt, finalAt, state } = c.state
          if (!open) {
            expect(nextClock(c.state)).toBeUndefined()
            continue
          }
          expect(nextClock(c.state), `${taken.map((s) => s.say).join(', ')} → ${state}`).toBeDefined()
          if (respondedAt === null && finalAt === null && state !== 'review' && state !== 'wrote_again')
            expect(running(c)).toContain('resolve')
        }
      }),
      { numRuns: 1500 },
    )
  })
})
