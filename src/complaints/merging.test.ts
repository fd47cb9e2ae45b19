import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ms, record, startWorld, type World } from '../../test/world/world.ts'
import { verifyComplaint } from '../audit/index.ts'

// A merge taken back leaves both as they would stand without it.

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

type Page = {
  complaint: { version: number; receivedAt: string; state: string }
  clocks: { id: string; kind: string; state: string; dueAt: string; startedAt: string }[]
}
const open = async (id: string): Promise<Page> => (await world.as('lead')('GET', `/api/v1/complaints/${id}`)).json()
const post = async (id: string, path: string, body: object = {}) => {
  const { version } = (await open(id)).complaint
  const reply = await world.as('mei')('POST', `/api/v1/complaints/${id}/${path}`, { version, ...body })
  if (reply.statusCode !== 200) throw new Error(`${path}: ${reply.body}`)
  return reply.json()
}
const dates = (p: Page) => p.clocks.map((c) => `${c.kind} ${c.startedAt} ${c.dueAt} ${c.state}`).sort()
const standing = (p: Page) => ({ receivedAt: p.complaint.receivedAt, clocks: dates(p) })

/** An older one and a younger one; the older one's dates are tighter. */
async function two() {
  const older = await record(world, { impact: 3, likelihood: 3 })
  world.clock.advance(2 * ms.hour)
  const younger = await record(world, { impact: 2, likelihood: 2 })
  return { older: older.id, younger: younger.id }
}
const verified = async (id: string) =>
  world.app.db.withScope({ org: world.home.org, scope: 'organisation' }, (tx) =>
    verifyComplaint(tx, world.home.org, id),
  )

describe('a merge taken back', () => {
  it('gives the survivor its own receipt and dates again', async () => {
    const { older, younger } = await two()
    const before = await open(younger)
    await post(older, 'merge', { intoId: younger })
    const merged = await open(younger)
    expect(Date.parse(merged.complaint.receivedAt)).toBeLessThan(Date.parse(before.complaint.receivedAt))
    expect(dates(merged)).not.toEqual(dates(before))
    await post(older, 'unmerge')
    expect(standing(await open(younger))).toEqual(standing(before))
    expect(await verified(younger)).toMatchObject({ ok: true })
    expect(await verified(older)).toMatchObject({ ok: true })
  })

  it('keeps what happened since: another severity counts from the own receipt, an answer stays an answer', async () => {
    const { older, younger } = await two()
    const twin = await record(world, { impact: 2, likelihood: 2 })
    const same = { impact: 4, likelihood: 3, flags: [] }
    await post(older, 'merge', { intoId: younger })
    for (const id of [younger, twin.id]) await post(id, 'assessment', same)
    for (const id of [younger, twin.id]) await post(id, 'replies', { text: '您好，我們正在查。' })
    await post(older, 'unmerge')
    expect(standing(await open(younger))).toEqual(standing(await open(twin.id)))
    expect(await verified(younger)).toMatchObject({ ok: true })
  })

  it('leaves the dates of what is still merged, in whatever order merges are taken back', async () => {
    const { older, younger } = await two()
    const third = await record(world, { impact: 4, likelihood: 3 })
    const before = await open(younger)
    await post(older, 'merge', { intoId: younger })
    const withOlder = await open(younger)
    await post(third.id, 'merge', { intoId: younger })
    const withBoth = await open(younger)
    await post(third.id, 'unmerge')
    expect(standing(await open(younger))).toEqual(standing(withOlder))
    await post(third.id, 'merge', { intoId: younger })
    expect(standing(await open(younger))).toEqual(standing(withBoth))
    await post(older, 'unmerge')
    await post(third.id, 'unmerge')
    expect(standing(await open(younger))).toEqual(standing(before))
    expect(await verified(younger)).toMatchObject({ ok: true })
  })

  it('withdrawn with the other date over, then taken up again: the survivor runs under its own', async () => {
    const { older, younger } = await two()
    const before = await open(younger)
    await post(older, 'merge', { intoId: younger })
    await post(younger, 'withdrawal', { reason: '誤按' })
    await post(older, 'unmerge')
    await post(younger, 'reopening', { reason: '繼續' })
    const law = (p: Page) => dates(p).filter((c) => c.startsWith('statutory') || c.startsWith('first_reply'))
    expect(law(await open(younger))).toEqual(law(before))
  })
})
