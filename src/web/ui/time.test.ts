import { expect, test } from 'vitest'
import { dueWords, instantOf, localOf, pastWords, urgency } from './time.ts'

const t = ((key: string, values: object = {}) => `${key} ${Object.values(values).join(' ')}`.trim()) as never
const taipei = { locale: 'zh-Hant', zone: 'Asia/Taipei' }
const at = (text: string) => Date.parse(text)
const now = at('2026-11-20T06:00:00Z')

test.each([
  ['2026-11-20T05:48:00Z', 'time.late time.span-m 12'],
  ['2026-11-20T07:40:00Z', 'time.left time.span-hm 1 40'],
  ['2026-11-20T15:00:00Z', 'time.today 23:00'],
  ['2026-11-20T17:00:00Z', 'time.tomorrow 01:00'],
  ['2026-11-27T04:00:00Z', 'time.date 11月27日 五'],
  ['2027-01-04T04:00:00Z', 'time.date 2027年1月4日 一'],
])('due at %s reads "%s" in Taipei', (due, words) => {
  expect(dueWords(at(due), now, taipei, t)).toBe(words)
})

test('today and yesterday are those of the reader, not of the machine', () => {
  expect(pastWords(at('2026-11-19T17:00:00Z'), now, taipei, t)).toBe('time.today 01:00')
  expect(pastWords(at('2026-11-19T17:00:00Z'), now, { ...taipei, zone: 'Europe/London' }, t)).toBe(
    'time.yesterday 17:00',
  )
})

test('within four hours is soon', () => {
  expect([urgency(now - 1, now), urgency(now + 4 * 3_600_000, now), urgency(now + 5 * 3_600_000, now)]).toEqual([
    'late',
    'soon',
    'calm',
  ])
})

test.each(['Asia/Taipei', 'Europe/London', 'America/New_York'])(
  'a wall-clock time in %s goes there and back',
  (zone) => {
    for (const local of ['2026-11-20T09:12', '2026-06-01T00:00', '2026-03-29T12:00']) {
      expect(localOf(at(instantOf(local, zone)), zone)).toBe(local)
    }
  },
)
