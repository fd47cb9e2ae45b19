import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { record, startWorld, type Who, type World } from '../../test/world/world.ts'
import { verifyAll } from '../audit/index.ts'

// What is known the moment a complaint is written down: why late, how bad, and that nobody has judged it yet.

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const page = async (id: string, who: Who = 'lead') => (await world.as(who)('GET', `/api/v1/complaints/${id}`)).json()
const listed = async (query: string) =>
  (await world.as('lead')('GET', `/api/v1/complaints?${query}`)).json().items as Record<string, unknown>[]

describe('a complaint written down later than received', () => {
  it.each<Who>(['lead', 'auditor'])('tells %s why, in the words given, and the history proves them', async (who) => {
    const made = await record(world, {
      receivedAt: '2026-03-01T02:00:00Z',
      backdatingReason: '信被放在舊收發室，週二才找到',
    })
    const { timeline, complaint } = await page(made.id, who)
    const note = timeline.find((i: { direction?: string }) => i.direction === 'note')
    expect(note).toMatchObject({
      body: '信被放在舊收發室，週二才找到',
      visibility: 'internal',
      authorName: '小芬',
      flags: ['backdating'],
    })
    expect([complaint.receivedAt, complaint.loggedAt]).toEqual(['2026-03-01T02:00:00.000Z', '2026-03-03T02:00:00.000Z'])
    const received = timeline.find((i: { type?: string }) => i.type === 'received')
    expect(received.facts).toMatchObject({ backdated: true, backdating: { messageId: note.id } })
    expect(received.actor.name).toBe('小芬')
    expect((await verifyAll(world.app)).findings).toEqual([])
  })
})

describe('a complaint nobody has judged', () => {
  it('is listed as not assessed, and can be asked for', async () => {
    const fresh = await record(world)
    const judged = await record(world, { impact: 1, likelihood: 1 })
    const ids = (await listed('severity=unassessed')).map((r) => r.id)
    expect(ids).toContain(fresh.id)
    expect(ids).not.toContain(judged.id)
    expect((await listed('severity=low')).find((r) => r.id === judged.id)).toMatchObject({ assessed: true })
    expect((await page(fresh.id)).complaint).toMatchObject({
      severity: 'low',
      assessed: false,
      severityWhy: { assumed: true },
    })
  })
})

describe('severity lifted at intake', () => {
  it.each(['regulator_referral', '1950', '12315', 'ombudsman'])('by an authority (%s): high', async (channel) => {
    const made = await record(world, { channel })
    const { complaint } = await page(made.id)
    expect(complaint).toMatchObject({ severity: 'high', severityWhy: { lifted: ['authority'] } })
    const body = { version: 1, impact: 1, likelihood: 1, flags: [] }
    await world.as('lead')('POST', `/api/v1/complaints/${made.id}/assessment`, body)
    expect((await page(made.id)).complaint).toMatchObject({ severity: 'high', severityWhy: { lifted: ['authority'] } })
  })

  it('by somebody hurt or in danger: critical, and safety is owed before the answer', async () => {
    const made = await record(world, { flags: ['safety'] })
    const { complaint, clocks } = await page(made.id)
    expect(complaint).toMatchObject({ severity: 'critical', severityWhy: { lifted: ['hurt-or-danger'] } })
    expect(clocks).toContainEqual(expect.objectContaining({ kind: 'containment', milestone: 'containment' }))
    await world.as('lead')('POST', `/api/v1/complaints/${made.id}/replies`, {
      version: 1,
      text: '馬上聯絡您',
      told: 'phone',
    })
    expect((await listed('severity=critical')).find((r) => r.id === made.id)).toMatchObject({
      nextClock: 'containment',
    })
  })
})

describe('what a complaint is found by', () => {
  const found = async (q: string) =>
    (
      (await world.as('lead')('GET', `/api/v1/search?q=${encodeURIComponent(q)}`)).json().items as {
        complaint: { id: string }
      }[]
    ).map((r) => r.complaint.id)

  it.each([
    ['the digits of an order number given with letters', '778812'],
    ['the order number as given', 'TW-778812'],
    ['the officer who wrote for the authority', '王科長'],
    ['the authority', '臺北市政府法務局'],
    ['the person it is for', '陳阿嬤'],
  ])('%s', async (_title, q) => {
    const made = await record(world, {
      channel: 'regulator_referral',
      orderNo: 'TW-778812',
      onBehalfOf: '陳阿嬤',
      complainant: { name: '陳小明' },
      authority: { body: '臺北市政府法務局', number: '北市法字第1號', sender: '王科長' },
    })
    expect(await found(q)).toContain(made.id)
    const body = { version: 1, impact: 2, likelihood: 2, flags: [], title: '另一個標題', orderNo: 'TW-778812' }
    await world.as('lead')('POST', `/api/v1/complaints/${made.id}/assessment`, body)
    expect(await found(q)).toContain(made.id)
    expect((await page(made.id)).complaint.orderNo).toBe('TW-778812')
  })

  it('its public reference, typed with the dash it is shown with', async () => {
    const made = await record(world)
    const ref = String(made.publicRef)
    expect(await found(`${ref.slice(0, 5)}-${ref.slice(5)}`)).toContain(made.id)
  })

  it('not by the person a confidential one is for', async () => {
    const made = await record(world, { mode: 'confidential', onBehalfOf: '林阿嬤', complainant: { name: '林小明' } })
    expect(await found('林阿嬤')).not.toContain(made.id)
  })
})
