import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cast, record } from '../../test/world/world.ts'
import { type LiveWorld, startLiveWorld } from '../complaints/live-world.ts'
import { openPresence } from './book.ts'
import type { Present } from './contract.ts'

let world: LiveWorld
beforeAll(async () => {
  world = await startLiveWorld()
})
afterAll(() => world.stop())

const here = (who: keyof typeof cast, id: string, doing = 'reading') =>
  world.as(who)('POST', `/api/v1/complaints/${id}/presence`, { doing })

describe('who is at a complaint', () => {
  it('is told to each other: reading, typing, gone', async () => {
    const { id } = await record(world)
    const mei = await world.follow(await world.cookie(cast.mei.mail))
    expect((await here('mei', id)).json().others).toEqual([])
    expect((await here('lead', id)).json().others).toMatchObject([{ name: cast.mei.name, typing: false }])
    const of = (test: (who: Present[]) => boolean) =>
      mei.until((e) => e.name === 'presence' && e.data.complaintId === id && test(e.data.who as Present[]))
    await of((who) => who.some((p) => p.name === cast.lead.name && !p.typing))
    await here('lead', id, 'typing')
    await of((who) => who.some((p) => p.name === cast.lead.name && p.typing))
    const before = mei.events.length
    await here('lead', id, 'gone')
    await mei.until(
      (e) => mei.events.indexOf(e) >= before && e.name === 'presence' && (e.data.who as Present[]).length === 1,
    )
    mei.stop()
  })

  it('is forgotten after fifteen seconds without a sign', async () => {
    const { id } = await record(world)
    await here('lead', id)
    world.clock.advance(14_000)
    expect((await here('mei', id)).json().others.length).toBe(1)
    world.clock.advance(2_000)
    expect((await here('mei', id)).json().others).toEqual([])
  })

  it('of a restricted complaint is told to nobody else, nor heard by whoever lost sight of it', async () => {
    const { id, version } = await record(world)
    const mei = await world.follow(await world.cookie(cast.mei.mail))
    await here('mei', id)
    await here('lead', id)
    await mei.until((e) => e.name === 'presence' && e.data.complaintId === id)
    await world.as('lead')('POST', `/api/v1/complaints/${id}/restriction`, {
      version,
      confidentiality: 'restricted',
      staffIds: [],
    })
    // Who lost sight of it hears no more within 5 s, as of everything else; what was said before may still be on its way.
    const heard = async () => {
      const before = mei.events.length
      await here('lead', id, 'typing')
      await here('intake', id)
      await new Promise((wake) => setTimeout(wake, 600))
      return mei.events.slice(before).filter((e) => e.name === 'presence')
    }
    await expect.poll(heard, { timeout: 5_000 }).toEqual([])
    const refused = await here('mei', id)
    expect([refused.statusCode, refused.json().code]).toEqual([404, 'complaints.not-found'])
    mei.stop()
  })

  it('is heard by every process', () => {
    const hearers = new Set<(text: string) => void>()
    const wakes = {
      say: (text: string) => hearers.forEach((hear) => hear(text)),
      onSaid: (hear: (text: string) => void) => {
        hearers.add(hear)
        return () => hearers.delete(hear)
      },
    }
    const [one, two] = [openPresence(wakes, () => 1_000), openPresence(wakes, () => 1_000)]
    one.note('o', 'c', { id: 's', name: '美琳', typing: true }, 'here', 1_000)
    expect(two.of('o', 'c', 1_000)).toEqual([{ id: 's', name: '美琳', typing: true }])
    expect(two.of('other', 'c', 1_000)).toEqual([])
    one.note('o', 'c', { id: 's', name: '美琳', typing: true }, 'gone', 1_000)
    expect(two.of('o', 'c', 1_000)).toEqual([])
    one.close()
    two.close()
  })
})
