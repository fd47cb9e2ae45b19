import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type House, ms, startWorld, type Who, type World } from '../../test/world/world.ts'
import { dimensions } from '../complaints/contract.ts'
import { newId } from '../kit/ids.ts'
import type { ReplyOf } from '../kit/contract/endpoint.ts'
import type { readFigures } from './contract.ts'
import { difference, type Figure, listOf, measures } from './domain/index.ts'
import { answering, ending, lay, opening, type Story, truth, type Turn } from './insights-world.ts'

// Every number is the number of rows its list gives, for whoever reads it: over random organisations.

type Figures = ReplyOf<typeof readFigures>
const start = Date.parse('2026-01-01T00:00:00Z')
const now = Date.parse('2026-03-31T04:30:00Z')
const periods = [
  'period=month&on=2026-02-11',
  'period=week',
  'period=custom&first=2026-01-20&last=2026-03-02',
  'period=year',
] as const

let world: World
beforeAll(async () => {
  world = await startWorld({ now })
})
afterAll(() => world.stop())

/** A story in whole hours, so that many things fall on the edges of days. */
function stories(house: House): fc.Arbitrary<Story[]> {
  const hours = Math.floor((now - start) / ms.hour)
  const people = [house.staff.mei, house.staff.xiu, house.staff.lead]
  const instant = fc.integer({ min: 0, max: hours - 1 }).map((h) => start + h * ms.hour)
  const turn = fc.record({
    at: instant,
    type: fc.constantFrom(...new Set([...ending, ...opening, ...answering, 'noted'])),
    undone: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  })
  const one = fc
    .record({
      receivedAt: instant,
      turns: fc.array(turn, { maxLength: 6 }),
      breaches: fc.array(fc.record({ at: instant, noticed: fc.boolean() }), { maxLength: 2 }),
      merged: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      restricted: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
      named: fc.subarray(people),
      subject: fc.option(fc.constantFrom(...people), { freq: 5 }),
      team: fc.constantFrom(house.teams.taipei ?? '', house.teams.shanghai ?? ''),
      owner: fc.option(fc.constantFrom(...people)),
      type: fc.option(fc.constantFrom('retail_ecommerce', 'R1', 'R2', 'R3')),
      place: fc.option(fc.constant(house.place)),
      channel: fc.constantFrom('phone', 'email', 'portal'),
      severity: fc.option(fc.constantFrom('low', 'high', 'critical')),
    })
    .map((s) => {
      const after = (x: { readonly at: number }) => x.at >= s.receivedAt
      const turns = possible(s.turns.filter(after).sort((a, b) => a.at - b.at))
      const breaches = s.breaches.filter(after)
      return { ...s, id: newId(s.receivedAt), turns, breaches, named: s.restricted ? s.named : [] }
    })
  return fc.array(one, { minLength: 90, maxLength: 90 })
}

/** What has ended does not end again. */
function possible(turns: readonly Turn[]): Turn[] {
  let open = true
  return turns.filter(({ type, undone }) => {
    if (!open && ending.includes(type)) return false
    if (!undone && ending.includes(type)) open = false
    if (!undone && opening.includes(type)) open = true
    return true
  })
}

const read = async (who: Who, house: 'home' | 'neighbour', query: string): Promise<Figures> => {
  const reply = await world.as(who, house)('GET', `/api/v1/figures?${query}`)
  expect(reply.statusCode, reply.body).toBe(200)
  return reply.json()
}

async function listed(who: Who, house: 'home' | 'neighbour', filters: Record<string, string>): Promise<number> {
  let found = 0
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = new URLSearchParams({ ...filters, sort: 'received', limit: '100', ...(cursor ? { cursor } : {}) })
    const reply = await world.as(who, house)('GET', `/api/v1/complaints?${query}`)
    expect(reply.statusCode, reply.body).toBe(200)
    found += reply.json().items.length
    cursor = reply.json().next
  }
  return found
}

describe.each([
  ['home', 11],
  ['neighbour', 12],
] as const)('in the random organisation %s', (house, seed) => {
  let all: Story[]
  beforeAll(async () => {
    all = fc.sample(stories(world[house]), { numRuns: 1, seed })[0] ?? []
    await lay(world, world[house], all)
  })

  it.each(['lead', 'mei', 'xiu', 'auditor'] as const)(
    'every number %s reads is the number of rows in its list',
    async (who) => {
      const wrong: string[] = []
      for (const period of periods)
        for (const by of dimensions) {
          if (by === 'owner' && !['lead', 'auditor'].includes(who)) continue
          const f = await read(who, house, `by=${by}&${period}`)
          expect(f.listed).toBe(true)
          const asked = f.rows.flatMap((row) => [
            ...measures.map((m) => [row.now[m], listOf(m, f.period, { by, key: row.key })] as const),
            ...measures.map(
              (m) => [row.before?.[m] ?? 0, listOf(m, f.before ?? f.period, { by, key: row.key })] as const,
            ),
          ])
          if (by === 'type') {
            for (const m of measures) asked.push([f.total.now[m], listOf(m, f.period)])
            for (const m of Object.keys(f.balance) as (keyof Figures['balance'])[])
              asked.push([f.balance[m], listOf(m as Figure, f.period)])
          }
          // Each list is a request: every number of one dimension for one reader, of the others some.
          const some =
            who === 'mei' && by === 'type' ? asked : asked.filter((_, i) => i % 13 === periods.indexOf(period))
          for (const [number, filters] of some) {
            const rows = await listed(who, house, filters)
            if (rows !== number) wrong.push(`${period} ${JSON.stringify(filters)}: ${number}, but ${rows} in the list`)
          }
        }
      expect(wrong).toEqual([])
    },
  )

  it('the numbers are those told from the histories, and reconcile', async () => {
    for (const period of periods) {
      const f = await read('auditor', house, `by=channel&${period}`)
      const seen = all.filter((s) => !s.merged && !s.restricted)
      const span = (p: { from: string; to: string }) => ({ from: Date.parse(p.from), to: Date.parse(p.to) })
      const sums = (p: { from: string; to: string }) => {
        const told = seen.map((s) => truth(s, span(p), now))
        return Object.fromEntries(
          (['opening', 'received', 'reopened', 'closed', 'open', 'answered', 'overdue'] as const).map((name) => [
            name,
            told.filter((one) => one[name]).length,
          ]),
        )
      }
      expect({ ...f.total.now, ...f.balance }, period).toEqual(sums(f.period))
      expect({ ...f.total.before, ...f.balanceBefore }, period).toEqual(sums(f.before ?? f.period))
      expect([difference(f.balance), f.balanceBefore && difference(f.balanceBefore)]).toEqual([0, 0])
    }
  })

  it('an executive counts the whole organisation without its restricted ones, and opens no list', async () => {
    const [mine, theirs] = [await read('executive', house, 'period=year'), await read('auditor', house, 'period=year')]
    expect(mine.total).toEqual(theirs.total)
    expect([mine.reach, mine.listed]).toEqual(['organisation', false])
    const open = await world.as('executive', house)('GET', '/api/v1/complaints')
    expect(open.statusCode).toBe(403)
  })
})
