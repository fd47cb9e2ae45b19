import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type House, ms, startWorld, type Who, type World } from '../../test/world/world.ts'
import { dimensions } from '../complaints/contract.ts'
import { newId } from '../kit/ids.ts'
import type { ReplyOf } from '../kit/contract/endpoint.ts'
import type { readDurations, readFigures } from './contract.ts'
import { difference, type Figure, listOf, measures } from './domain/index.ts'
import { answering, ending, lay, opening, type Story, timesOf, truth, type Turn } from './insights-world.ts'

// Every number is the number of rows its list gives, for whoever reads it: over random organisations.

type Figures = ReplyOf<typeof readFigures>
type Durations = ReplyOf<typeof readDurations>
const start = Date.parse('2026-01-01T00:00:00Z')
const now = Date.parse('2026-03-31T04:30:00Z')
const flaws = ['closed-before-received', 'answered-before-received', 'closed-and-answered-before-received'] as const
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
      repliedAt: fc.option(instant, { freq: 3 }),
      flaw: fc.constantFrom(...flaws, ...Array<null>(12).fill(null)),
    })
    .map((s) => {
      const after = (x: { readonly at: number }) => x.at >= s.receivedAt
      const turns = possible(s.turns.filter(after).sort((a, b) => a.at - b.at))
      const breaches = s.breaches.filter(after)
      const repliedAt = s.repliedAt !== null && s.repliedAt >= s.receivedAt ? s.repliedAt : null
      return { ...s, id: newId(s.receivedAt), turns, breaches, repliedAt, named: s.restricted ? s.named : [] }
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

  it('times are those a plain reading of the histories gives, in all and by type; a time that a flaw spoils is left out and said, the other one is not', async () => {
    const seen = all.filter((s) => !s.merged && !s.restricted)
    const word = { close: 'closed', reply: 'answered' }
    const types: Record<string, string[]> = { retail_ecommerce: ['retail_ecommerce', 'R1', 'R2', 'R3'] }
    for (const period of periods) {
      const reply = await world.as('auditor', house)('GET', `/api/v1/figures/durations?by=type&${period}`)
      expect(reply.statusCode, reply.body).toBe(200)
      const d: Durations = reply.json()
      const told = (p: { from: string; to: string }, stories: readonly Story[]) => {
        const span = { from: Date.parse(p.from), to: Date.parse(p.to) }
        const of = (what: 'close' | 'reply') => {
          const timed = stories.flatMap((s) => timesOf(s, span)[what] ?? [])
          const kept = stories.filter((s) => !s.flaw?.includes(word[what])).flatMap((s) => timesOf(s, span)[what] ?? [])
          return { count: kept.length, leftOut: timed.length - kept.length, median: at(kept, 0.5), p90: at(kept, 0.9) }
        }
        return { close: of('close'), reply: of('reply') }
      }
      expect(d.total, period).toEqual({ now: told(d.period, seen), before: told(d.before ?? d.period, seen) })
      for (const row of d.rows) {
        const under = types[row.key ?? ''] ?? [row.key]
        const own = seen.filter((s) => under.includes(s.type))
        expect(row.now, `${period} ${row.key}`).toEqual(told(d.period, own))
      }
      const f = await read('auditor', house, `by=type&${period}`)
      expect(d.total.now.close.count + d.total.now.close.leftOut).toBe(f.total.now.closed)
      const { count, leftOut } = d.total.now.reply
      expect(await listed('auditor', house, listOf('replied', d.period))).toBe(count + leftOut)
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

/** A share of sorted numbers as spreadsheets have it: PERCENTILE.INC. */
function at(numbers: readonly number[], share: number): number | null {
  const sorted = numbers.toSorted((a, b) => a - b)
  const place = share * (sorted.length - 1)
  const [low = 0, high = low] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  return sorted.length === 0 ? null : Math.round(low + (high - low) * (place - Math.floor(place)))
}
