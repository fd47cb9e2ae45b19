import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { record, startWorld, type Who, type World } from '../../test/world/world.ts'
import { verifyComplaint } from '../audit/index.ts'
import { publicActor } from '../people/index.ts'
import { complainantActs } from './index.ts'

// Whoever had a part in a decision does not look at it again; whoever is asked to look can see it.

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const step = async (who: Who, id: string, path: string, version: number, body: object = {}) =>
  (await world.as(who)('POST', `/api/v1/complaints/${id}/${path}`, { version, ...body })).json()
const page = async (who: Who, id: string) => (await world.as(who)('GET', `/api/v1/complaints/${id}`)).json()

const list = async (who: Who, query: string): Promise<{ id: string }[]> =>
  (await world.as(who)('GET', `/api/v1/complaints?limit=100&${query}`)).json().items
const verified = (id: string) =>
  world.app.db.withScope({ org: world.home.org, scope: 'organisation' }, (tx) =>
    verifyComplaint(tx, world.home.org, id),
  )

async function answered(id: string, who: Who, version: number): Promise<number> {
  const points = (await page(who, id)).points as { id: string }[]
  const findings = points.map((p) => ({ pointId: p.id, finding: 'upheld' }))
  const body = { text: '退款', told: 'phone', decision: true, outcomeCode: 'O1', findings }
  const done = await step(who, id, 'replies', version, body)
  if (!done.version) throw new Error(JSON.stringify(done))
  return done.version
}

/** As the complainant, with the receipt code as the only key. */
async function complainantAsks(id: string) {
  const told: (() => void)[] = []
  const asked = await world.app.db.withScope({ org: world.home.org, scope: 'none' }, (tx) => {
    const actor = publicActor({ id: world.home.org, slug: 'harbour', no: 1 }, 'portal')
    const ctx = { tx, actor, now: world.clock.now, afterCommit: (tell: () => void) => told.push(tell) }
    return complainantActs(world.app, ctx, id, { kind: 'request_review', text: '不同意' })
  })
  for (const tell of told) tell()
  return asked
}

describe('a review', () => {
  it('is done by nobody who decided or proposed before, however many did since', async () => {
    const { id } = await record(world)
    await step('mei', id, 'investigation', 1)
    // The reviewer decides, it is looked into again, and others decide after that.
    expect(await step('reviewer', id, 'proposal', 2, { remedyCode: 'A3', text: '退款' })).toMatchObject({ version: 3 })
    await step('mei', id, 'proposal', 3, { remedyCode: 'A3', text: '全額退款' })
    await step('mei', id, 'approval-request', 4)
    await step('approver', id, 'approval', 5, { approved: true })
    const version = await answered(id, 'mei', 6)
    const named = await step('mei', id, 'review', version, { reason: '不服', reviewerId: world.home.staff.reviewer })
    expect(named).toMatchObject({ code: 'complaints.own-decision' })
    const asked = await step('mei', id, 'review', version, { reason: '不服' })
    expect(asked).toMatchObject({ state: 'review' })
    const finals = await step('reviewer', id, 'final-decision', asked.version, {
      outcomeCode: 'O1',
      text: '維持',
      told: 'phone',
    })
    expect(finals).toMatchObject({ code: 'complaints.own-decision' })
  })

  it('of a restricted complaint, asked for from the portal, is seen by those who give it a reviewer', async () => {
    const { id } = await record(world)
    await step('mei', id, 'restriction', 1, {
      confidentiality: 'restricted',
      staffIds: [world.home.staff.auditor],
    })
    await answered(id, 'mei', 2)
    expect((await world.as('lead')('GET', `/api/v1/complaints/${id}`)).statusCode).toBe(404)
    expect(await complainantAsks(id)).toMatchObject({ state: 'review' })
    expect((await page('lead', id)).complaint).toMatchObject({ id, state: 'review', owner: null })
    expect((await world.as('intake')('GET', `/api/v1/complaints/${id}`)).statusCode).toBe(404)
  })

  it('asked for from the portal has a clock of its own, and is put before those who review and give out', async () => {
    const { id } = await record(world)
    await answered(id, 'mei', 1)
    const before = (await world.as('reviewer')('GET', '/api/v1/complaints/counts')).json().review
    await complainantAsks(id)
    world.clock.advance(2_000)
    const opened = await page('lead', id)
    const stage = opened.clocks.filter((c: { kind: string }) => c.kind === 'stage')
    expect(stage).toMatchObject([{ state: 'running', cause: { rule: 'review', requestedBy: 'complainant' } }])
    expect(opened.complaint).toMatchObject({ nextClock: 'stage', nextDueAt: stage[0].dueAt })
    // 20 working days of the place.
    expect(stage[0].target).toMatchObject({ basis: 'days', calendar: 'office', rule: { n: 20, unit: 'business_day' } })
    for (const view of ['review', 'unassigned', 'all'])
      expect((await list('reviewer', `view=${view}`)).map((r) => r.id)).toContain(id)
    const count = async () => (await world.as('reviewer')('GET', '/api/v1/complaints/counts')).json().review
    await expect.poll(count).toBe(before + 1)
    expect(await verified(id)).toMatchObject({ ok: true })
  })

  it('not done in time is overdue; the final decision meets the clock, and ends its waiting', async () => {
    const { id } = await record(world)
    const version = await answered(id, 'mei', 1)
    const asked = await step('mei', id, 'review', version, { reason: '不服' })
    world.clock.advance(60 * 86_400_000)
    expect((await list('reviewer', 'view=review&due=overdue')).map((r) => r.id)).toContain(id)
    await step('reviewer', id, 'final-decision', asked.version, { outcomeCode: 'O1', text: '維持', told: 'phone' })
    const { clocks } = await page('lead', id)
    expect(clocks.filter((c: { kind: string }) => c.kind === 'stage')).toMatchObject([
      { state: 'breached', overdue: false },
    ])
    expect((await list('reviewer', 'view=review')).map((r) => r.id)).not.toContain(id)
  })
})
