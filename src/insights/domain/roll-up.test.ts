import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { turning } from '../../complaints/period-filters.ts'
import { isoWorkflow } from '../../complaints/domain/index.ts'
import { inOrder, nothing, rollUp } from './index.ts'

const one = (key: string | null, received: number) => ({ key, now: { ...nothing, received }, before: null })

describe('a tree of types', () => {
  const parents = new Map([
    ['retail', null],
    ['R1', 'retail'],
    ['R2', 'retail'],
    ['bank', null],
    ['B1', 'bank'],
  ])

  it('counts those under a type with it, and those without a type last', () => {
    const rows = rollUp([one('R1', 3), one(null, 9), one('retail', 1), one('R2', 5), one('B1', 2)], parents)
    expect(inOrder(rows, 'received').map((r) => [r.key, r.depth, r.now.received])).toEqual([
      ['retail', 0, 9],
      ['R2', 1, 5],
      ['R1', 1, 3],
      ['bank', 0, 2],
      ['B1', 1, 2],
      [null, 0, 9],
    ])
  })

  it('loses and doubles nobody at the top, also with a circle among parents', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(key, fc.integer({ min: 0, max: 50 })), { selector: ([k]) => k }),
        fc.dictionary(key, fc.option(key)),
        (counted, above) => {
          const tree = new Map(Object.entries(above))
          const rows = rollUp(
            counted.map(([k, n]) => one(k, n)),
            tree,
          )
          for (const row of rows) expect(row.now.received).toBeGreaterThanOrEqual(0)
          const circular = [...tree.keys()].some((k) => {
            const seen = new Set<string>()
            for (let at: string | null | undefined = k; at; at = tree.get(at)) {
              if (seen.has(at)) return true
              seen.add(at)
            }
            return false
          })
          if (circular) return
          const top = rows.filter((r) => r.depth === 0).reduce((all, r) => all + r.now.received, 0)
          expect(top).toBe(counted.reduce((all, [, n]) => all + n, 0))
          expect(inOrder(rows, 'received')).toHaveLength(rows.length)
        },
      ),
    )
  })

  it('people keep the order of their names', () => {
    const rows = rollUp([one('Ann', 1), one('Zoe', 9)], new Map())
    expect(inOrder(rows, 'received', true).map((r) => r.key)).toEqual(['Ann', 'Zoe'])
  })
})

describe('what ends a complaint and what opens it again', () => {
  const open = new Map(isoWorkflow.states.map((s) => [s.name, s.open && !('afterEnd' in s)]))
  /** Actions that lead over the edge between open and ended, by their event. */
  const events: Record<string, string> = {
    close: 'closed',
    conclude: 'closed',
    finalise: 'finalised',
    withdraw: 'withdrawn',
    redirect: 'redirected',
    reopen: 'reopened',
    request_review: 'review_requested',
    external: 'went_outside',
  }
  // Merging is no end: one that was merged is counted as the other.
  const aside = new Set(['merge', 'unmerge'])

  function crossing(from: boolean): string[] {
    return Object.entries(isoWorkflow.transitions)
      .filter(([name]) => !aside.has(name))
      .filter(([, { from: starts, to }]) => {
        const all = [...open.keys()]
        const at = starts === 'any' ? all : starts === 'open' ? all.filter((s) => open.get(s)) : starts
        const next = (s: string) => (typeof to === 'string' ? to : (to?.[s] ?? s))
        return at.some((s) => open.get(s) === from && open.get(next(s)) === !from)
      })
      .map(([name]) => events[name] ?? name)
  }

  it('are all the ways the process has', () => {
    const known = (all: string[]) => [...new Set(all)].sort()
    expect(known(crossing(true))).toEqual([...turning.ends].sort())
    expect(known(crossing(false))).toEqual([...turning.opens].sort())
  })
})
