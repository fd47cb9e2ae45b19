import { describe, expect, it } from 'vitest'
import { fairTurns, type Waiter } from './turns.ts'

/** Everybody asks at once; gives who was served in which order, and who was turned away. */
async function served(asking: readonly Waiter[], limits: { atOnce: number; longest: number }) {
  const turns = fairTurns(limits)
  const order: string[] = []
  const away: string[] = []
  await Promise.all(
    asking.map(async (who, i) => {
      const end = await turns.take(who)
      const name = `${who.from}${i}`
      if (!end) return void away.push(name)
      order.push(name)
      await Promise.resolve()
      end()
    }),
  )
  return { order, away }
}
const many = (from: string, n: number): Waiter[] => Array.from({ length: n }, () => ({ from }))

describe('turns', () => {
  it('networks take turns, however often one of them asks', async () => {
    const { order } = await served([...many('a', 5), { from: 'b' }, { from: 'c' }], { atOnce: 1, longest: 20 })
    expect(order.slice(0, 4)).toEqual(['a0', 'a1', 'b5', 'c6'])
    expect(order).toHaveLength(7)
  })

  it('who was here before goes first', async () => {
    const { order } = await served([...many('a', 4), { from: 'z', first: true }], { atOnce: 1, longest: 20 })
    expect(order.indexOf('z4')).toBe(1)
  })

  it('who waits most gives up a place to a newcomer, and nobody else does', async () => {
    const { away, order } = await served([...many('a', 6), { from: 'b' }], { atOnce: 1, longest: 4 })
    expect(away).toEqual(['a5', 'a4'])
    expect(order).toContain('b6')
    const full = await served([{ from: 'x' }, ...['a', 'b', 'c', 'd', 'e'].map((from) => ({ from }))], {
      atOnce: 1,
      longest: 4,
    })
    expect(full.away).toEqual(['e5'])
  })

  it('goes on after any number of them', async () => {
    const turns = fairTurns({ atOnce: 2, longest: 3 })
    for (let i = 0; i < 10; i++) (await turns.take({ from: 'a' }))?.()
    const [one, two] = await Promise.all([turns.take({ from: 'a' }), turns.take({ from: 'b' })])
    expect([one, two]).toEqual([expect.any(Function), expect.any(Function)])
  })
})
