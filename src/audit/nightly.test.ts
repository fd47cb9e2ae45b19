import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AuditWorld, auditWorld } from './audit-world.ts'
import { verifyAll, verifyNightly, writeCheckpoints } from './index.ts'

const day = 86_400_000
let world: AuditWorld
const made: { id: string; number: string }[] = []
beforeAll(async () => {
  world = await auditWorld()
  for (let i = 0; i < 45; i += 1) made.push(await world.record(`投訴 ${i}`))
  world.clock.advance(day)
})
afterAll(() => world.stop())

const body = async () => (await world.app.binding.server.inject('/metrics')).body
const shout = (id: string | undefined, how: string) =>
  world.meddle(`update message set body = ${how} where complaint_id = '${id}'`)

describe('the verification of a night', () => {
  it('looks at all that changed and goes on with the others where it stopped, in bounded time', async () => {
    expect(await body()).toMatch(/redress_audit_ok -1[^]*redress_audit_age_seconds -1/)
    expect(await verifyNightly(world.app, { forMs: 0 })).toMatchObject({ ok: true, complaints: 45 + 20 })
    world.clock.advance(day)
    const late = await world.record('昨天的投訴')
    // Of those unchanged the next twenty, then the rest, then from the beginning again.
    expect(await verifyNightly(world.app, { forMs: 0 })).toMatchObject({ ok: true, complaints: 1 + 20 })
    world.clock.advance(day)
    await writeCheckpoints(world.app)
    expect(await verifyNightly(world.app, { forMs: 0 })).toMatchObject({ complaints: 1 + 6 })
    world.clock.advance(day)
    expect(await verifyNightly(world.app)).toMatchObject({ ok: true, complaints: 46 })
    expect(await body()).toMatch(/redress_audit_ok 1/)
    expect(late.number).toBeTruthy()
  })

  it('turns the gauge red at once, and only a whole verification that finds nothing turns it back', async () => {
    await shout(made[3]?.id, `body || '!'`)
    expect((await verifyNightly(world.app, { forMs: 0 })).findings).toMatchObject([
      { code: 'audit.text-mismatch', complaint: made[3]?.number },
    ])
    expect(await body()).toContain('redress_audit_ok 0')
    await verifyNightly(world.app, { forMs: 0 })
    expect(await body()).toContain('redress_audit_ok 0')
    await shout(made[3]?.id, `left(body, -1)`)
    expect((await verifyNightly(world.app)).ok).toBe(false)
    expect((await verifyAll(world.app)).ok).toBe(true)
    expect(await body()).toContain('redress_audit_ok 1')
    expect((await verifyNightly(world.app)).ok).toBe(true)
  })
})
