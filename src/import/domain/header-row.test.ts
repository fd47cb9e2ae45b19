import { expect, it } from 'vitest'
import { headerRow } from './header-row.ts'

const names = ['案號', '受理日', '狀態', '內容']
const row = ['A-1', '2024-03-01', '結案', '少一件']

it.each([
  ['names first', [names, row], 0],
  ['a merged title above', [['客訴紀錄表', null, null, null], names, row], 1],
  ['a title, and who made it', [['客訴紀錄表', '', '', ''], ['製表：王', '', '', ''], names, row], 2],
  ['rows with gaps', [names, ['A-1', null, null, null], row], 0],
  ['names without a few of them', [['案號', null, '狀態', '內容'], row], 0],
  ['a row beyond measure', [['a', 'b'], ['c', 'd'], Array.from({ length: 900 }, () => 'x')], 0],
  ['two columns', [['title'], ['a', 'b'], ['c', 'd']], 0],
  ['nothing', [], 0],
])('the names of the columns are found: %s', (_, rows, at) => {
  expect(headerRow(rows)).toBe(at)
})
