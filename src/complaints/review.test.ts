import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { record, startWorld, type Who, type World } from '../../test/world/world.ts'
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

async function answered(id: string, who: Who, version: number): Promise<number> {
  const points = (await page(who, id)).points as { id: string }[]
  const findings = points.map((p) => ({ pointId: p.id, finding: 'upheld' }))
  const body = { text: '退款', decision: true, outcomeCode: 'O1', findings }
  return (await step(who, id, 'replies', version, body)).version
}

/** As the complainant, with the receipt code as the only key. */
const complainantAsks = (id: string) =>
  world.app.db.withScope({ org: world.home.org, scope: 'none' }, (tx) => {
    const actor = publicActor({ id: world.home.org, slug: 'harbour', no: 1 }, 'portal')
    const ctx = { tx, actor, now: world.clock.now, afterCommit: () => undefined }
    return complainantActs(world.app, ctx, id, { kind: 'request_review', text: '不同意' })
  })

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
    const finals = await step('reviewer', id, 'final-decision', asked.version, { outcomeCode: 'O1', text: '維持' })
    expect(finals).toMatchObject({ code: 'complaints.own-decision' })
  })

  it('of a restricted complaint, asked for from the portal, is seen by those who give it a reviewer', async () => {
    const { id } = await record(world)
    await step('mei', id, 'restriction', 1, { confidentiality: 'restricted', staffIds: [] })
    await answered(id, 'mei', 2)
    expect((await world.as('lead')('GET', `/api/v1/complaints/${id}`)).statusCode).toBe(404)
    expect(await complainantAsks(id)).toMatchObject({ state: 'review' })
    expect((await page('lead', id)).complaint).toMatchObject({ id, state: 'review', owner: null })
    expect((await world.as('intake')('GET', `/api/v1/complaints/${id}`)).statusCode).toBe(404)
  })
})
