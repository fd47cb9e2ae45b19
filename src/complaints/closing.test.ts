import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ms, record, startWorld, type World } from '../../test/world/world.ts'
import { verifyComplaint } from '../audit/index.ts'

// A complaint is closed as what the record says it is.

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

/** A complaint answered by 美琳 in its favour. */
async function answered(body: object = {}, before: readonly (readonly [path: string, body: object])[] = []) {
  const { id } = await record(world, body)
  let version = 1
  const step = async (path: string, given: object = {}) => {
    const reply = await world.as('mei')('POST', `/api/v1/complaints/${id}/${path}`, { version, ...given })
    if (reply.statusCode === 200) version = reply.json().version
    return reply.json()
  }
  const page = async () => (await world.as('mei')('GET', `/api/v1/complaints/${id}`)).json()
  for (const [path, given] of before) await step(path, given)
  const findings = ((await page()).points as { id: string }[]).map((p) => ({ pointId: p.id, finding: 'upheld' }))
  await step('replies', { text: '成立', told: 'phone', decision: true, outcomeCode: 'O1', findings })
  const close = (reasonCode: string) => step('closure', { reasonCode, summary: '結案說明' })
  const tried = (channel: string) => step('confirmation', { stance: 'unreachable', channel })
  return { id, step, page, close, tried }
}

describe('closing', () => {
  it('as accepted is refused after the complainant said they do not accept it, unless they say so later', async () => {
    const it = await answered()
    await it.step('confirmation', { stance: 'not_accepted', text: '要賠償' })
    expect(await it.close('C1')).toMatchObject({ code: 'complaints.not-accepted' })
    await it.tried('phone')
    expect(await it.close('C1')).toMatchObject({ code: 'complaints.not-accepted' })
    await it.step('confirmation', { stance: 'accepted', text: '好' })
    expect(await it.close('C1')).toMatchObject({ state: 'closed' })
    const other = await answered()
    await other.step('confirmation', { stance: 'not_accepted' })
    expect(await other.close('C2')).toMatchObject({ state: 'closed' })
  })

  it('as unreachable takes three recorded attempts, on two channels and two days', async () => {
    const it = await answered()
    const refused = async (tried: object) =>
      expect(await it.close('C5')).toMatchObject({ code: 'complaints.too-few-attempts', facts: { tried } })
    await refused({ tries: 0, channels: 0, days: 0 })
    expect(await it.step('confirmation', { stance: 'unreachable' })).toMatchObject({ code: 'request.invalid' })
    expect(await it.step('confirmation', { stance: 'unreachable', channel: 'pigeon' })).toMatchObject({
      code: 'intake.unknown-channel',
    })
    await it.tried('phone')
    world.clock.advance(ms.minute)
    await it.tried('email')
    await it.tried('phone')
    await refused({ tries: 3, channels: 2, days: 1 })
    world.clock.advance(ms.day)
    await it.tried('phone')
    expect(await it.close('C5')).toMatchObject({ state: 'closed' })
    const verified = await world.app.db.withScope({ org: world.home.org, scope: 'organisation' }, (tx) =>
      verifyComplaint(tx, world.home.org, it.id),
    )
    expect(verified).toMatchObject({ ok: true })
  })

  it('counts attempts made before the answer was written, and nothing said of an answer before there is one', async () => {
    const it = await answered({}, [
      ['confirmation', { stance: 'unreachable', channel: 'phone' }],
      ['confirmation', { stance: 'accepted' }],
      ['confirmation', { stance: 'unreachable', channel: 'sms' }],
    ])
    expect((await it.page()).timeline.filter((i: { type?: string }) => i.type === 'followed_up')).toHaveLength(2)
    world.clock.advance(ms.day)
    await it.tried('phone')
    expect(await it.close('C5')).toMatchObject({ state: 'closed' })
  })

  it('as solved waits for the remedy that was promised, and its proof', async () => {
    const it = await answered({}, [
      ['investigation', {}],
      ['proposal', { remedyCode: 'A13', text: '改流程' }],
    ])
    expect(await it.close('C1')).toMatchObject({ code: 'complaints.remedy-not-done' })
    await it.step('remedy')
    expect(await it.step('remedy-completion')).toMatchObject({ code: 'complaints.evidence-missing' })
    expect(await it.step('remedy-completion', { evidence: '  ' })).toMatchObject({
      code: 'complaints.evidence-missing',
    })
    await it.step('remedy-completion', { evidence: '公告 0042' })
    expect(await it.close('C1')).toMatchObject({ code: 'complaints.acceptance-missing' })
    await it.step('confirmation', { stance: 'accepted' })
    expect(await it.close('C1')).toMatchObject({ state: 'closed' })
  })

  it('after an apology that stands in the answer itself waits for nothing', async () => {
    const it = await answered({}, [
      ['investigation', {}],
      ['proposal', { remedyCode: 'A1', text: '致歉' }],
    ])
    await it.step('confirmation', { stance: 'accepted' })
    expect(await it.close('C1')).toMatchObject({ state: 'closed' })
  })
})
