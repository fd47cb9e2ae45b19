import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chainOf, fewestOpen, type Line, lint, winner } from './index.ts'

const line = (id: string, placeId: string | null, typeCode: string | null, teamId = id): Line => ({
  id,
  placeId,
  typeCode,
  teamId,
})
const table = [
  line('shop', 'xinyi', null),
  line('region', 'taipei', null),
  line('type', null, 'R1'),
  line('branch', null, 'retail'),
  line('both', 'xinyi', 'R1'),
  line('both-far', 'taipei', 'retail'),
]

describe('the most specific line wins', () => {
  it.each([
    ['place and type', ['xinyi', 'taipei'], ['R1', 'retail'], 'both'],
    ['a region and a branch before a type alone', ['neihu', 'taipei'], ['R2', 'retail'], 'both-far'],
    ['type before place', ['kaohsiung'], ['R1', 'retail'], 'type'],
    ['the branch above a type that has no line', ['kaohsiung'], ['R2', 'retail'], 'branch'],
    ['the place where nobody said the type', ['xinyi', 'taipei'], [], 'shop'],
    ['the region above a place that has no line', ['neihu', 'taipei'], [], 'region'],
    ['none: the default team', ['kaohsiung'], ['F1'], undefined],
    ['nothing known: the default team', [], [], undefined],
  ])('%s', (_name, placeChain, typeChain, id) => {
    expect(winner(table, { placeChain, typeChain })?.id).toBe(id)
  })

  it('the same complaint goes by the same line, whatever the order of the table', () => {
    const key = fc.option(fc.constantFrom('a', 'b', 'c'), { nil: null })
    const lines = fc.uniqueArray(fc.record({ placeId: key, typeCode: key }), {
      selector: (l) => `${l.placeId} ${l.typeCode}`,
    })
    const chain = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'))
    fc.assert(
      fc.property(lines, chain, chain, fc.infiniteStream(fc.nat()), (some, placeChain, typeChain, salt) => {
        const all = some.filter((l) => l.placeId ?? l.typeCode).map((l, i) => ({ ...l, id: String(i), teamId: 't' }))
        const mixed = all.map((l) => ({ l, n: salt.next().value })).sort((a, b) => a.n - b.n)
        const where = { placeChain, typeChain }
        expect(
          winner(
            mixed.map(({ l }) => l),
            where,
          ),
        ).toEqual(winner(all, where))
      }),
    )
  })

  it('a circle in a tree ends', () => {
    expect(chainOf('a', (key) => (key === 'a' ? 'b' : 'a'))).toEqual(['a', 'b'])
  })
})

describe('whose turn it is', () => {
  it('goes to the fewest open ones, among equals to whose turn was longest ago', () => {
    const present = [
      { staffId: 'a', open: 3, turn: 1 },
      { staffId: 'b', open: 2, turn: 9 },
      { staffId: 'c', open: 2, turn: 4 },
    ]
    expect(fewestOpen(present)?.staffId).toBe('c')
    expect(fewestOpen([])).toBeUndefined()
  })
})

describe('what is wrong with a table', () => {
  const node = (key: string, parent: string | null = null, archived = false) => ({ key, parent, archived })
  const team = (id: string, present = 1, archived = false) => ({ id, present, archived, automatic: true })
  const places = [node('xinyi', 'taipei'), node('taipei'), node('old', null, true)]
  const types = [node('R1', 'retail'), node('retail'), node('gone', null, true)]

  it('says which lines can never win, and which lead where nobody is', () => {
    const lines = [
      line('fine', 'xinyi', null, 'care'),
      line('closed', 'old', null, 'care'),
      line('dropped', null, 'gone', 'care'),
      line('nobody', null, 'R1', 'empty'),
      line('away', 'taipei', null, 'left'),
    ]
    const teams = [team('care'), team('empty', 0), team('left', 1, true)]
    expect(lint({ lines, places, types, teams })).toEqual([
      { lineId: 'closed', flaw: 'place-archived' },
      { lineId: 'dropped', flaw: 'type-archived' },
      { lineId: 'nobody', flaw: 'nobody-present' },
      { lineId: 'away', flaw: 'team-archived' },
    ])
  })

  it('a line behind others everywhere never wins', () => {
    const archivedRegion = [node('xinyi', 'taipei'), node('taipei', null, true)]
    const lines = [line('behind', 'taipei', null, 'care'), line('before', 'xinyi', null, 'care')]
    expect(lint({ lines, places: archivedRegion, types, teams: [team('care')] })).toEqual([
      { lineId: 'behind', flaw: 'never-wins' },
    ])
  })
})
