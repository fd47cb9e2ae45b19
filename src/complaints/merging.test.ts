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
    await post(older, 'merge', { intoId: younger, sameComplainant: true })
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
    await post(older, 'merge', { intoId: younger, sameComplainant: true })
    for (const id of [younger, twin.id]) await post(id, 'assessment', same)
    for (const id of [younger, twin.id]) await post(id, 'replies', { text: '您好，我們正在查。', told: 'phone' })
    await post(older, 'unmerge')
    expect(standing(await open(younger))).toEqual(standing(await open(twin.id)))
    expect(await verified(younger)).toMatchObject({ ok: true })
  })

  it('leaves the dates of what is still merged, in whatever order merges are taken back', async () => {
    const { older, younger } = await two()
    const third = await record(world, { impact: 4, likelihood: 3 })
    const before = await open(younger)
    await post(older, 'merge', { intoId: younger, sameComplainant: true })
    const withOlder = await open(younger)
    await post(third.id, 'merge', { intoId: younger, sameComplainant: true })
    const withBoth = await open(younger)
    await post(third.id, 'unmerge')
    expect(standing(await open(younger))).toEqual(standing(withOlder))
    await post(third.id, 'merge', { intoId: younger, sameComplainant: true })
    expect(standing(await open(younger))).toEqual(standing(withBoth))
    await post(older, 'unmerge')
    await post(third.id, 'unmerge')
    expect(standing(await open(younger))).toEqual(standing(before))
    expect(await verified(younger)).toMatchObject({ ok: true })
  })

  it('withdrawn with the other date over, then taken up again: the survivor runs under its own', async () => {
    const { older, younger } = await two()
    const before = await open(younger)
    await post(older, 'merge', { intoId: younger, sameComplainant: true })
    await post(younger, 'withdrawal', { reason: '誤按' })
    await post(older, 'unmerge')
    await post(younger, 'reopening', { reason: '繼續' })
    const law = (p: Page) => dates(p).filter((c) => c.startsWith('statutory') || c.startsWith('first_reply'))
    expect(law(await open(younger))).toEqual(law(before))
  })
})

describe('an authority’s letter merged into a complaint that was answered', () => {
  const asked = Date.UTC(2026, 11, 1, 9)
  const letter = {
    body: '消費者保護官',
    number: '消保 115-88',
    sender: '王專員',
    askedFor: new Date(asked).toISOString(),
  }
  const full = async (id: string) => (await world.as('lead')('GET', `/api/v1/complaints/${id}`)).json()
  const findings = async (id: string) =>
    (await full(id)).points
      .filter((p: { finding: string | null }) => !p.finding)
      .map((p: { id: string }) => ({ pointId: p.id, finding: 'upheld' }))
  const answer = async (id: string) =>
    post(id, 'replies', {
      text: '退款給您。',
      told: 'phone',
      decision: true,
      outcomeCode: 'O1',
      findings: await findings(id),
    })
  const unmet = (p: Page) =>
    p.clocks.filter((c) => ['statutory', 'authority'].includes(c.kind) && c.state === 'running').map((c) => c.kind)

  async function merged() {
    const survivor = await record(world, { impact: 2, likelihood: 2, points: ['水壺跳電'] })
    await answer(survivor.id)
    const other = await record(world, {
      channel: 'letter',
      externalId: `letter-${survivor.number}`,
      impact: 4,
      likelihood: 3,
      flags: ['legal'],
      points: ['客服沒有回電', '退款太慢'],
      authority: letter,
    })
    const before = await full(survivor.id)
    await post(other.id, 'merge', { intoId: survivor.id, sameComplainant: true })
    return { survivor: survivor.id, other: other.id, before }
  }

  it('opens it again, so that the dates can be met; it takes over letter, severity and points', async () => {
    const { survivor } = await merged()
    const now = await full(survivor)
    expect(now.complaint).toMatchObject({ state: 'investigating', open: true, respondedAt: null, authority: letter })
    expect(now.complaint).toMatchObject({ severity: 'high', flags: ['legal'] })
    expect(now.points.map((p: { no: number; text: string }) => [p.no, p.text])).toEqual([
      [1, '水壺跳電'],
      [2, '客服沒有回電'],
      [3, '退款太慢'],
    ])
    expect(unmet(now).sort()).toEqual(['authority', 'statutory'])
    expect(now.timeline).toContainEqual(
      expect.objectContaining({ type: 'reopened', facts: expect.objectContaining({ cause: 'merged' }) }),
    )
    await answer(survivor)
    expect((await full(survivor)).complaint.state).toBe('responded')
    expect(unmet(await full(survivor))).not.toContain('statutory')
    expect(await verified(survivor)).toMatchObject({ ok: true })
  })

  it('taken back, it is answered as before, without the letter, its points and its severity', async () => {
    const { survivor, other, before } = await merged()
    await post(other, 'unmerge')
    const now = await full(survivor)
    for (const name of ['state', 'respondedAt', 'authority', 'severity', 'impact', 'flags', 'receivedAt'])
      expect([name, now.complaint[name]]).toEqual([name, before.complaint[name]])
    expect(now.points).toEqual(before.points)
    expect(unmet(now)).toEqual([])
    expect(unmet(await full(other)).sort()).toEqual(['authority', 'statutory'])
    for (const id of [survivor, other]) expect(await verified(id)).toMatchObject({ ok: true })
  })

  it('is not closed away before the law and the authority have their answer', async () => {
    const { survivor } = await merged()
    await world.as('mei')('POST', `/api/v1/complaints/${survivor}/external`, {
      version: (await full(survivor)).complaint.version,
      body: '調解委員會',
    })
    const { actions } = await full(survivor)
    expect(actions.find((a: { name: string }) => a.name === 'close').allowed).toBe(false)
  })
})
