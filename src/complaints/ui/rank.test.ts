import { expect, it } from 'vitest'
import { severityOf } from '../domain/severity.ts'
import type { ComplaintRow } from '../contract.ts'
import { rankOwners, recentFirst, scoresOf } from './rank.ts'
import { farPages, filledPage, isThin, pageOfRow } from './thin-pages.ts'

it('whoever reads comes first, then the team’s least burdened, then the others', () => {
  const of = (id: string, team: string, open: number) => ({ id, name: id, teamIds: [team], open })
  const all = [of('far', 'x', 0), of('busy', 't', 9), of('free', 't', 1), of('me', 'x', 30)]
  expect(rankOwners(all, ['t'], 'me').map((o) => o.id)).toEqual(['me', 'free', 'busy', 'far'])
})

it('types used last come first', () => {
  const all = ['a', 'b', 'c', 'd'].map((value) => ({ value }))
  expect(recentFirst(all, ['c', 'b']).map((x) => x.value)).toEqual(['c', 'b', 'a', 'd'])
})

it('a severity chosen by name is that severity', () => {
  for (const [name, { impact, likelihood }] of Object.entries(scoresOf))
    expect(severityOf(impact, likelihood, []).severity).toBe(name)
})

const row = (id: string) => ({ id, number: `R-${id}`, title: id }) as ComplaintRow
const pages = Array.from({ length: 40 }, (_, n) => ({ items: [row(`${n}a`), row(`${n}b`)], next: null }))

it('pages far from what is in sight keep only their places, and are filled again', () => {
  expect(pageOfRow(pages, 0)).toBe(0)
  expect(pageOfRow(pages, 41)).toBe(20)
  const thin = farPages(pages, 30, 31) ?? []
  expect(thin.filter((p) => p.items.every(isThin)).length).toBe(22)
  expect(thin[0]?.items.map((r) => r.id)).toEqual(['0a', '0b'])
  expect(farPages(thin, 30, 31)).toBeUndefined()
  const filled = filledPage(thin, 0, [row('0a'), row('new'), row('31a')])
  expect(filled[0]?.items.map((r) => [r.id, isThin(r)])).toEqual([
    ['0a', false],
    ['new', false],
  ])
  expect(farPages(pages.slice(0, 20), 0, 0)).toBeUndefined()
})
