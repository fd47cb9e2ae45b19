import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Clock } from '../contract.ts'
import { placeMarks } from './clock-marks.ts'

const from = Date.parse('2026-11-01T00:00:00Z')
const clock = (hours: number, i: number) =>
  ({
    id: String(i),
    state: 'running',
    startedAt: new Date(from).toISOString(),
    dueAt: new Date(from + hours * 3_600_000).toISOString(),
    endedAt: null,
  }) as Clock

test('marks keep the order of time, stay on the line and readable, with now on its true side', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 800 }), { minLength: 1, maxLength: 7 }),
      fc.integer({ min: 0, max: 900 }),
      (hours, nowHours) => {
        const now = from + nowHours * 3_600_000
        const { marks, nowAt } = placeMarks(hours.map(clock), from, now)
        const gap = Math.min(17, hours.length > 1 ? 100 / (hours.length - 1) : 17)
        marks.forEach((mark, i) => {
          expect(mark.at).toBeGreaterThanOrEqual(0)
          expect(mark.at).toBeLessThanOrEqual(100.001)
          const before = marks[i - 1]
          if (before) expect(mark.at - before.at).toBeGreaterThanOrEqual(gap - 0.001)
          const due = Date.parse(mark.clock.dueAt ?? '')
          if (due <= now) expect(nowAt).toBeGreaterThanOrEqual(mark.at - 0.001)
          else expect(nowAt).toBeLessThanOrEqual(mark.at + 0.001)
        })
      },
    ),
  )
})
