import { expect, it } from 'vitest'
import { readingsOf } from '../../../language/index.ts'
import { fit, numberMeant, ranked } from './match.ts'

it.each([
  ['My team’s', 'my', true],
  ['My team’s', 'mt', true],
  ['Roles and sight', 'sight', true],
  ['Roles and sight', 'ＲＯＬＥＳ', true],
  ['Roles and sight', 'xyz', false],
  ['新客訴', '客訴', true],
  ['新客訴', 'xinkesu', true],
  ['新客訴', 'xks', true],
  ['新客訴', 'ㄒㄎㄙ', true],
  ['新客訴', 'ㄒㄧㄣ ㄎㄜˋ ㄙㄨˋ', true],
  ['新客訴', 'kes', true],
  ['新客訴', 'zzz', false],
  ['深色', 'ss', true],
  ['退出登录', 'tcdl', true],
])('%s is found by %s: %s', (label, typed, found) => {
  expect(fit(label, readingsOf(label), typed) !== undefined).toBe(found)
})

it('what begins so comes before what merely has it, and a name before a sound', () => {
  const item = (label: string) => ({ id: label, label, group: 'go' as const, run: () => undefined })
  const all = ['Outbox', 'My team’s', 'Teams', 'Search'].map(item)
  expect(ranked(all, 'team', () => []).map((i) => i.label)).toEqual(['Teams', 'My team’s'])
})

it.each([
  ['123', 'R-2026-000123'],
  ['#123', 'R-2026-000123'],
  ['r-2025-7', 'R-2025-000007'],
  ['2025-7', 'R-2025-000007'],
  ['R123', 'R-2026-000123'],
  ['kettle 5', undefined],
  ['', undefined],
])('%s means the number %s', (typed, number) => {
  expect(numberMeant(typed, 2026)).toBe(number)
})
