import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { record, startWorld, type World } from '../../test/world/world.ts'

// 併案: the authority's letter about what the person had told us that morning.

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

type Suggestion = { id: string; reasons: string[] }
/** Those suggested for who it is; the letters here are worded alike. */
async function suggested(id: string): Promise<Suggestion[]> {
  const { suggestions } = (await world.as('lead')('GET', `/api/v1/complaints/${id}`)).json()
  return (suggestions as Suggestion[]).filter((s) => s.reasons.some((r) => r !== 'text'))
}

const told = (complainant: object, more: object = {}) =>
  record(world, { text: `${Math.random()} 退款一直沒有下來`, complainant: { name: '陳怡安', ...complainant }, ...more })
const letter = (complainant: object, more: object = {}) =>
  record(world, {
    channel: 'letter',
    text: `主旨：請貴公司於期限內查明見復 ${Math.random()}`,
    authority: { body: '消保官' },
    complainant: { name: '陳怡安', ...complainant },
    ...more,
  })

describe('perhaps the same matter', () => {
  it('is suggested for the same number, however it was written, as maybe the same person', async () => {
    const first = await told({ phone: '0911-222-333' })
    const second = await letter({ phone: '+886 911 222 333' })
    expect(await suggested(second.id)).toMatchObject([{ id: first.id, reasons: ['contact'] }])
  })

  it('is said once of whoever is known to be the same person', async () => {
    const first = await told({ mail: 'an@customer.example', phone: '0922 333 444' })
    const second = await letter({ mail: 'AN@customer.example', phone: '0922 333 444' })
    expect(await suggested(second.id)).toMatchObject([{ id: first.id, reasons: ['identity'] }])
  })

  it('tells nothing of those who came in confidence or without a name, nor to them', async () => {
    const phone = '0933 444 555'
    await told({ phone }, { mode: 'confidential' })
    const named = await letter({ phone })
    expect(await suggested(named.id)).toEqual([])
    for (const mode of ['confidential', 'anonymous'])
      expect(await suggested((await letter({ phone }, { mode })).id)).toEqual([])
  })

  it('is not suggested after 30 days, nor for another number', async () => {
    const phone = '0944 555 666'
    await told({ phone })
    expect(await suggested((await letter({ phone: '0944 555 667' })).id)).toEqual([])
    world.clock.advance(31 * 86_400_000)
    expect(await suggested((await letter({ phone })).id)).toEqual([])
  })
})
