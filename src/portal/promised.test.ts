import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ms, record, startWorld, type World } from '../../test/world/world.ts'
import { publicClocks } from './public-clocks.ts'

// What was promised on the telephone stands on the status page: each promise, and none that was agreed inside.

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

describe('promises on the status page', () => {
  it('are each there with their date, until they are kept; those agreed inside are not', async () => {
    const later = (days: number) => new Date(world.clock.now + days * ms.day).toISOString()
    const made = await record(world, { promise: { kind: 'callback', dueAt: later(1) } })
    const promise = (body: object) =>
      world.as('mei')('POST', `/api/v1/complaints/${made.id}/promises`, { kind: 'promise', text: '內部用語', ...body })
    await promise({ dueAt: later(2) })
    await promise({ dueAt: later(3) })
    await promise({ dueAt: later(4), public: false })
    const shown = () =>
      world.app.db.withScope({ org: world.home.org }, (tx) =>
        publicClocks(tx, world.home.org, made.id, world.clock.now),
      )
    const promises = (await shown()).filter((c) => ['promise', 'callback'].includes(c.kind))
    expect(promises.map((c) => [c.kind, new Date(c.dueAt).toISOString()])).toEqual([
      ['callback', later(1)],
      ['promise', later(2)],
      ['promise', later(3)],
    ])
    expect(JSON.stringify(promises)).not.toContain('內部用語')
    await world.as('mei')('POST', `/api/v1/complaints/${made.id}/calls`, { direction: 'out', outcome: 'reached' })
    expect((await shown()).some((c) => c.kind === 'callback')).toBe(false)
  })
})
