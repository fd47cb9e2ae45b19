import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { valueOf } from '../../kit/pure/result.ts'
import { type Asked, isoWeek, moved, periodBefore, periodKinds, periodOf, rocName, span } from './index.ts'

const taipei = 'Asia/Taipei'
const at = (text: string) => Date.parse(text)
const hours = (p: { from: number; to: number }) => (p.to - p.from) / 3_600_000
const of = (asked: Asked, now: string, zone = taipei) => valueOf(periodOf(asked, at(now), zone))

describe('a period is whole days of the zone, half-open', () => {
  it.each([
    // Sunday 23:59 in Taipei is still that week, a minute later the next.
    ['week', '2026-03-08T15:59:00Z', '2026-03-02', '2026-03-08'],
    ['week', '2026-03-08T16:00:00Z', '2026-03-09', '2026-03-15'],
    ['week', '2026-12-31T20:00:00Z', '2026-12-28', '2027-01-03'],
    ['month', '2026-02-28T16:00:00Z', '2026-03-01', '2026-03-31'],
    ['month', '2028-02-10T00:00:00Z', '2028-02-01', '2028-02-29'],
    ['quarter', '2026-05-31T00:00:00Z', '2026-04-01', '2026-06-30'],
    ['quarter', '2026-12-31T15:59:59Z', '2026-10-01', '2026-12-31'],
    ['year', '2026-12-31T16:00:00Z', '2027-01-01', '2027-12-31'],
  ] as const)('%s at %s is %s to %s', (kind, now, first, last) => {
    expect(of({ kind }, now)).toMatchObject({ first, last, cut: false })
  })

  it('begins at midnight of the zone and ends before the next', () => {
    const { from, to } = of({ kind: 'month', on: '2026-03-15' }, '2026-01-01T00:00:00Z')
    expect([from, to]).toEqual([at('2026-02-28T16:00:00Z'), at('2026-03-31T16:00:00Z')])
  })

  it.each([
    ['Europe/London', '2026-03-23', 167],
    ['Europe/London', '2026-10-19', 169],
    ['America/New_York', '2026-03-02', 167],
    ['America/New_York', '2026-10-26', 169],
    ['Australia/Lord_Howe', '2026-03-30', 168.5],
    [taipei, '2026-03-23', 168],
  ])('a week of %s from %s has %d hours', (zone, on, expected) => {
    expect(hours(of({ kind: 'week', on }, '2026-01-01T00:00:00Z', zone))).toBe(expected)
  })

  it('begins with the first instant there is where the clocks skip midnight', () => {
    const day = { kind: 'custom', first: '2026-04-24', last: '2026-04-24' } as const
    const p = of(day, '2026-01-01T00:00:00Z', 'Africa/Cairo')
    expect([new Date(p.from).toISOString(), hours(p)]).toEqual(['2026-04-23T22:00:00.000Z', 23])
  })

  it.each([
    [{ kind: 'custom' }],
    [{ kind: 'custom', first: '2026-03-02' }],
    [{ kind: 'custom', first: '2026-03-02', last: '2026-03-01' }],
    [{ kind: 'custom', first: '2026-02-30', last: '2026-03-01' }],
    [{ kind: 'custom', first: '2006-01-01', last: '2026-01-01' }],
    [{ kind: 'week', on: '1066-10-14' }],
    [{ kind: 'week', on: '115-03-02' }],
  ] as const)('%j is refused', (asked) => {
    expect(periodOf(asked, 0, taipei)).toEqual({
      ok: false,
      refusal: { code: 'insights.bad-period', status: 400, facts: {} },
    })
  })
})

describe('the period before', () => {
  it.each([
    [{ kind: 'week', on: '2026-01-01' }, '2025-12-22', '2025-12-28'],
    [{ kind: 'month', on: '2026-03-31' }, '2026-02-01', '2026-02-28'],
    [{ kind: 'quarter', on: '2026-02-01' }, '2025-10-01', '2025-12-31'],
    [{ kind: 'year', on: '2026-02-01' }, '2025-01-01', '2025-12-31'],
    [{ kind: 'custom', first: '2026-03-01', last: '2026-03-10' }, '2026-02-19', '2026-02-28'],
  ] as const)('of %j is %s to %s', (asked, first, last) => {
    const before = periodBefore(of(asked, '2026-06-01T00:00:00Z'), at('2027-06-01T00:00:00Z'))
    expect(before).toMatchObject({ first, last, cut: false })
  })

  it.each([
    // Wednesday 10:00 in Taipei is compared with the Wednesday before, 10:00.
    ['week', '2026-03-04T02:00:00Z', '2026-02-25T02:00:00.000Z', '2026-02-25', true],
    // The 31st of March has no like in February: all of it.
    ['month', '2026-03-31T02:00:00Z', '2026-02-28T16:00:00.000Z', '2026-02-28', false],
    ['month', '2026-03-10T02:00:00Z', '2026-02-10T02:00:00.000Z', '2026-02-10', true],
  ] as const)('of a %s that runs at %s ends at %s', (kind, now, to, last, cut) => {
    const before = periodBefore(of({ kind }, now), at(now))
    expect([new Date(before.to).toISOString(), before.last, before.cut]).toEqual([to, last, cut])
  })

  it('ends where the later one begins, and moving there and back is no move', () => {
    const kinds = fc.constantFrom(...periodKinds)
    const day = fc.integer({ min: at('2000-01-01T00:00:00Z'), max: at('2100-01-01T00:00:00Z') })
    const zone = fc.constantFrom(taipei, 'Europe/London', 'America/New_York', 'Africa/Cairo', 'Pacific/Apia')
    fc.assert(
      fc.property(kinds, day, fc.integer({ min: 0, max: 800 }), zone, (kind, ms, length, name) => {
        const iso = (t: number) => new Date(t).toISOString().slice(0, 10)
        const asked =
          kind === 'custom' ? { kind, first: iso(ms), last: iso(ms + length * 86_400_000) } : { kind, on: iso(ms) }
        const p = valueOf(periodOf(asked, 0, name))
        expect(p.from < p.to).toBe(true)
        expect(periodBefore(p, 0).to).toBe(p.from)
        const there = valueOf(periodOf(moved(p, 1), 0, name))
        expect(there.from).toBe(p.to)
        const back = valueOf(periodOf(moved(there, -1), 0, name))
        expect([back.first, back.last]).toEqual([p.first, p.last])
      }),
    )
  })
})

describe('names', () => {
  it.each([
    ['2026-01-01', 2026, 1],
    ['2027-01-03', 2026, 53],
    ['2027-01-04', 2027, 1],
    ['2024-12-30', 2025, 1],
    ['2021-01-01', 2020, 53],
  ])('%s is in week %d-%d', (date, year, week) => {
    expect(isoWeek(date)).toEqual({ year, week })
  })

  it('years of the Republic', () => {
    const days = { first: '2026-03-01', last: '2026-03-31' }
    expect([rocName(days), span(days)]).toEqual(['115.03.01 – 115.03.31', '2026-03-01 – 2026-03-31'])
  })
})
