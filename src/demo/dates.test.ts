import { expect, test } from 'vitest'
import { fillDates, promisedInstant } from './dates.ts'

const friday = Date.parse('2026-11-20T10:00:00+08:00')

test.each([
  ['zh-Hant', 'Asia/Taipei', '11月18日（三）'],
  ['zh-Hans', 'Asia/Shanghai', '11月18日（周三）'],
  ['en', 'Europe/London', 'Wednesday 18 November'],
] as const)('a date mark reads naturally in %s', (locale, zone, words) => {
  expect(fillDates('{{date:48}}', friday, zone, locale)).toBe(words)
})

test('a promise that would fall on a weekend moves to Monday, a past one stays', () => {
  expect(fillDates('{{day:-24}}', friday, 'Asia/Taipei', 'zh-Hant')).toBe('11月23日（一）')
  expect(promisedInstant(friday, 120, 'Asia/Taipei')).toBe(friday - 120 * 3_600_000)
})

test('spaces round a mark stay in English and go in Chinese', () => {
  expect(fillDates('by {{date:0}} at noon', friday, 'Asia/Taipei', 'en')).toBe('by Friday 20 November at noon')
  expect(fillDates('最晚 {{date:0}} 前回覆', friday, 'Asia/Taipei', 'zh-Hant')).toBe('最晚11月20日（五）前回覆')
})
