import { describe, expect, it } from 'vitest'
import { calendars } from '../complaints/domain/case-world.ts'
import { publishedAt } from './published.ts'

// What is promised to the public can be kept by people who have opening hours (tw-office: weekdays, 09:00–18:00).

const taipei = (local: string) => Date.parse(`${local}:00+08:00`)
const quarter = (start: string) => publishedAt(taipei(start), taipei(start) + 15 * 60_000, 15, calendars)
const daily = (start: string) => publishedAt(taipei(start), taipei(start) + 24 * 3_600_000, 1440, calendars)

describe('a first reply within 15 minutes, day and night,', () => {
  it.each([
    ['in working time is promised as it is', '2026-03-03T10:00', '2026-03-03T10:15'],
    ['of the night is promised for the morning', '2026-03-03T23:30', '2026-03-04T09:15'],
    ['of Friday evening is promised for Monday', '2026-03-06T20:00', '2026-03-09T09:15'],
    ['of Sunday is promised for Monday', '2026-03-08T11:00', '2026-03-09T09:15'],
    [
      'that begins just before opening gives whoever comes in the whole quarter',
      '2026-03-04T08:50',
      '2026-03-04T09:15',
    ],
  ])('%s', (_, start, published) => expect(quarter(start)).toBe(taipei(published)))
})

it('news every 24 hours is promised for the end of the first open hour after a day when nobody is there', () => {
  expect(daily('2026-03-06T15:00')).toBe(taipei('2026-03-09T10:00'))
  expect(daily('2026-03-03T15:00')).toBe(taipei('2026-03-04T15:00'))
})

it('where the house is open day and night nothing changes', () => {
  const always = { always: calendars.always, office: calendars.always }
  const at = taipei('2026-03-08T03:00')
  expect(publishedAt(at, at + 15 * 60_000, 15, always)).toBe(at + 15 * 60_000)
})
