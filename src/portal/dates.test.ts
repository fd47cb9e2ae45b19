import { expect, test } from 'vitest'
import { deadlineText, momentText } from './dates.ts'

test.each([
  ['2026-12-03T16:00:00Z', 'Asia/Taipei', 'zh-Hant', '2026年12月3日（週四）'],
  ['2026-12-03T15:59:59.999Z', 'Asia/Taipei', 'zh-Hans', '2026年12月3日（周四）'],
  ['2026-11-22T10:00:00Z', 'Asia/Taipei', 'zh-Hant', '2026年11月22日（週日） 18:00'],
  ['2026-06-18T16:30:00Z', 'Europe/London', 'en', 'Thursday 18 June 2026, 17:30'],
] as const)('the deadline %s in %s reads %s as %s', (at, zone, locale, text) => {
  expect(deadlineText(Date.parse(at), zone, locale)).toBe(text)
})

test('midnight is written 00:00, never 24:00', () => {
  expect(momentText(Date.parse('2026-12-03T16:00:00Z'), 'Asia/Taipei', 'en')).toBe('Friday 4 December 2026, 00:00')
})
