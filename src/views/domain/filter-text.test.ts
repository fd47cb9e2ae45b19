import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { filters } from '../../complaints/contract.ts'
import { isoWorkflow } from '../../complaints/domain/index.ts'
import { readFilterText, writeFilterText } from './filter-text.ts'
import {
  fieldWords,
  type FilterName,
  filterNames,
  type FilterValues,
  fixedWords,
  type ThreeWords,
} from './filter-words.ts'
import { lexiconOf, type Named } from './lexicon.ts'

const me = '01950000-0000-7000-8000-000000000001'
const mei = '01950000-0000-7000-8000-000000000002'
const gone = '01950000-0000-7000-8000-00000000dead'
const taipei = '01950000-0000-7000-8000-000000000003'
const xinyi = '01950000-0000-7000-8000-000000000004'
const same = (word: string): ThreeWords => [word, word, word]

const lexicon = lexiconOf(
  {
    ownerId: [
      { value: me, words: same('志豪') },
      { value: mei, words: same('Mei Ling "M" Chen') },
    ],
    teamId: [{ value: taipei, words: ['台北客服', '台北客服', 'Taipei care'] }],
    placeId: [{ value: xinyi, words: ['信義店', '信义店', 'Xinyi'] }],
    type: [{ value: 'refund', words: ['退款', '退款', 'Refund'] }],
    flag: [{ value: 'safety', words: ['人身安全', '人身安全', 'Safety or injury'] }],
    channel: [{ value: 'phone', words: ['電話', '电话', 'Phone'] }],
  },
  me,
)

describe('a line of filters', () => {
  const lines: [string, FilterValues][] = [
    ['狀態:調查中 負責:我 逾時', { state: 'investigating', ownerId: me, due: 'overdue' }],
    ['状态：调查中　负责：我　超时', { state: 'investigating', ownerId: me, due: 'overdue' }],
    ['state:investigating owner:me overdue', { state: 'investigating', ownerId: me, due: 'overdue' }],
    ['OWNER:"mei ling ""m"" chen"', { ownerId: mei }],
    ['主辦:志豪 團隊:台北客服', { ownerId: me, teamId: taipei }],
    ['team:"Taipei care" 信義店 退款', { teamId: taipei, placeId: xinyi, type: 'refund' }],
    ['標記:「Safety or injury」 ｓｅｖｅｒｉｔｙ：ＨＩＧＨ', { flag: 'safety', severity: 'high' }],
    ['等待:顧客 管道:電話', { waitingFor: 'customer', channel: 'phone' }],
    ['含已結束 匿名 限閱:是', { open: 'any', mode: 'anonymous', restricted: 'true' }],
    ['收件:2026-01-05..2026/1/31', { receivedFrom: '2026-01-05', receivedTo: '2026-01-31' }],
    ['收件:115/1/5..', { receivedFrom: '2026-01-05' }],
    ['received:..2026-01-31', { receivedTo: '2026-01-31' }],
    ['收件:2026-03-05', { receivedFrom: '2026-03-05', receivedTo: '2026-03-05' }],
    [`負責:${gone}`, { ownerId: gone }],
    ['', {}],
  ]
  test.each(lines)('%s', (line, filter) => {
    expect(readFilterText(line, lexicon)).toEqual({ filter, problems: [], rest: '' })
  })

  const wrong: [string, string, string, FilterValues][] = [
    ['逾時 水壺', 'unknown-word', '水壺', { due: 'overdue' }],
    ['顏色:紅 高', 'unknown-field', '顏色', { severity: 'high' }],
    ['負責:沒有這個人 未指派', 'unknown-value', '沒有這個人', { view: 'unassigned' }],
    ['狀態:調查中 狀態:已收件', 'said-twice', '狀態:已收件', { state: 'investigating' }],
    ['收件:2026-02-30', 'bad-date', '2026-02-30', {}],
    ['高 負責:"Mei', 'open-quote', '負責:"Mei', { severity: 'high' }],
    ['類型:', 'unknown-value', '', {}],
  ]
  test.each(wrong)('%s: %s at %s, and the rest counts', (line, code, word, filter) => {
    const read = readFilterText(line, lexicon)
    expect(read.problems.map((p) => [p.code, p.word])).toEqual([[code, word]])
    const [p] = read.problems
    expect(line.slice(p?.from, p?.to)).toBe(word)
    expect(read.filter).toEqual(filter)
    expect(read.rest).not.toBe('')
    expect(readFilterText(read.rest, lexicon).filter).toEqual(code === 'said-twice' ? { state: 'received' } : {})
  })
})

it('has words in three languages for every filter, every state and every fixed value', () => {
  // What figures add for the numbers they open is theirs to say.
  expect(filterNames.filter((name) => !(name in filters.shape))).toEqual([])
  expect(isoWorkflow.states.map((s) => s.name).filter((name) => !fixedWords.state?.[name])).toEqual([])
  for (const name of filterNames)
    for (const value of Object.keys(fixedWords[name] ?? {}))
      expect(filters.shape[name].safeParse(value).success, `${name} ${value}`).toBe(true)
  const all = Object.values(fieldWords).flatMap((words) => [...new Set(words)])
  expect(all.filter((word, i) => all.indexOf(word) !== i)).toEqual([])
})

const anyWord = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    '我',
    'me',
    '逾時',
    'overdue',
    '',
    ' ',
    '"',
    '""',
    '「',
    ':',
    'a b',
    '高',
    '全部',
    'mine',
    'received',
  ),
)
const own = fc
  .uniqueArray(fc.record({ value: fc.oneof(fc.uuid(), anyWord), words: fc.tuple(anyWord, anyWord, anyWord) }), {
    selector: (n) => n.value,
    maxLength: 6,
  })
  .map((all): Named[] => all)
const ownNames = ['ownerId', 'teamId', 'placeId', 'productId', 'type', 'flag', 'channel', 'outcome', 'remedy'] as const
const day = fc
  .integer({ min: Date.parse('2000-01-01') / 86_400_000, max: Date.parse('2099-12-31') / 86_400_000 })
  .map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10))

const world = fc.record(Object.fromEntries(ownNames.map((n) => [n, own]))).chain((named) => {
  const values = (name: FilterName) => [
    ...Object.keys(fixedWords[name] ?? {}),
    ...((named as Record<string, Named[]>)[name] ?? []).map((n) => n.value),
    ...(name === 'ownerId' ? [me, gone] : name === 'customerId' ? [gone] : []),
  ]
  const pick = (name: FilterName) => {
    const all = values(name)
    return all.length === 0 ? fc.constant(undefined) : fc.option(fc.constantFrom(...all), { nil: undefined, freq: 2 })
  }
  const days = { receivedFrom: fc.option(day, { nil: undefined }), receivedTo: fc.option(day, { nil: undefined }) }
  const shape = Object.fromEntries(filterNames.map((name) => [name, pick(name)]))
  return fc.record({ named: fc.constant(named), filter: fc.record({ ...shape, ...days }) })
})

it('reads back what it writes, in each language, whatever things are called', () => {
  fc.assert(
    fc.property(world, fc.constantFrom(0 as const, 1 as const, 2 as const), ({ named, filter }, language) => {
      const words = lexiconOf(named as { [N in FilterName]?: Named[] }, me)
      const said = Object.fromEntries(Object.entries(filter).filter(([, v]) => v !== undefined))
      const line = writeFilterText(said, words, language)
      const read = readFilterText(line, words)
      expect(read.problems, line).toEqual([])
      expect(read.filter, line).toEqual(said)
    }),
    { numRuns: 500 },
  )
})

it('reads any line without failing, and every piece of it is either understood or told', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (line) => {
      const { filter, problems, rest } = readFilterText(line, lexicon)
      expect(rest === '').toBe(problems.length === 0)
      for (const { from, to, word } of problems) expect(line.slice(from, to)).toBe(word)
      // Written out and read again it says the same, with the same complaints.
      const again = readFilterText(writeFilterText(filter, lexicon, 0, rest), lexicon)
      expect(again.filter).toEqual(filter)
    }),
    { numRuns: 500 },
  )
})
