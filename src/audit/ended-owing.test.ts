import { afterAll, beforeAll, expect, it } from 'vitest'
import { commitEvents, lockVisible } from '../complaints/index.ts'
import { event } from '../complaints/domain/index.ts'
import { type AuditWorld, auditWorld } from './audit-world.ts'
import { verifyAll } from './index.ts'

let world: AuditWorld
beforeAll(async () => {
  world = await auditWorld()
})
afterAll(() => world.stop())

const findings = async () =>
  (await verifyAll(world.app)).findings.map((f) => `${f.code} ${f.complaint} ${f.what ?? ''}`)

it('a history that ends a complaint and leaves the law waiting is well formed, and told all the same', async () => {
  const { app, act } = world
  const { id, number } = await world.record('洗衣機漏水')
  expect(await findings()).toEqual([])
  const as = (set: object, clocks: 'left' | 'ended') =>
    act(async (ctx) => {
      const loaded = await lockVisible(ctx, id)
      const over = loaded.state.clocks
        .filter((c) => c.settledAt === null)
        .map((c) => ({ ...c, state: 'cancelled' as const, settledAt: ctx.now }))
      const changes = { set, ...(clocks === 'ended' ? { clocks: over } : {}) }
      await commitEvents(app, ctx, loaded, [event('withdrawn', { reasonHash: 'h' }, changes)])
    })
  await as({ state: 'withdrawn', open: false, closedAt: world.clock.now }, 'left')
  expect(await findings()).toEqual([`audit.ended-owing ${number} withdrawn: statutory`])
  await as({}, 'ended')
  expect(await findings()).toEqual([])
})
