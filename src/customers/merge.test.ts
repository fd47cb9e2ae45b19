import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from 'kysely'
import { type cast, record, startWorld, type World } from '../../test/world/world.ts'
import { verifyAll } from '../audit/index.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

type Who = keyof typeof cast
const customerOf = async (id: string, who: Who = 'mei') =>
  (await world.as(who)('GET', `/api/v1/complaints/${id}`)).json().customer
const post = (who: Who, path: string, body: object = {}) => world.as(who)('POST', `/api/v1/customers/${path}`, body)
const said = (name: string, mail: string) => record(world, { complainant: { name, mail, phone: '0912 345 678' } })

describe('two entries of one person', () => {
  it('with the same number are suggested, merged into one, and taken apart again', async () => {
    const old = await said('林小姐', 'lin@example.test')
    const fresh = await said('林美美', 'lin2@example.test')
    const card = await customerOf(fresh.id)
    const other = (await customerOf(old.id)).id
    expect(card.samePeople).toEqual([{ id: other, name: '林小姐', by: 'phone' }])
    expect(card.others).toEqual([])
    expect((await post('mei', `${card.id}/merge`, { intoId: other })).statusCode).toBe(200)
    const one = await customerOf(fresh.id)
    expect(one).toMatchObject({ id: other, name: '林小姐', also: [{ id: card.id, name: '林美美' }], samePeople: [] })
    expect(one.others.map((o: { id: string }) => o.id)).toEqual([old.id])
    expect(one.identities.map((i: { value: string }) => i.value)).toContain('lin2@example.test')
    expect((await customerOf(old.id)).others.map((o: { id: string }) => o.id)).toEqual([fresh.id])
    expect((await post('mei', `${card.id}/unmerge`)).statusCode).toBe(200)
    expect(await customerOf(fresh.id)).toEqual(card)
    const log = await world.app.systemDb.withoutScope((tx) =>
      tx.rows<{ what: string }>(sql`select what from access_log where what like 'customer.%' order by id`),
    )
    expect(log.map((l) => l.what)).toEqual(['customer.merged', 'customer.unmerged'])
  })

  it('are refused where they make no sense, and unknown where one may not see them', async () => {
    const a = (await customerOf((await said('甲', 'a@example.test')).id)).id
    const b = (await customerOf((await said('乙', 'b@example.test')).id)).id
    const hidden = await record(world, {
      complainant: { name: '密', mail: 'm@example.test' },
      confidentiality: 'restricted',
    })
    const secret = (await customerOf(hidden.id, 'intake')).id
    const code = async (who: Who, path: string, body?: object) => {
      const reply = await post(who, path, body)
      return [reply.statusCode, reply.json().code]
    }
    expect(await code('mei', `${a}/merge`, { intoId: a })).toEqual([422, 'customers.merge-into-itself'])
    expect(await code('mei', `${a}/merge`, { intoId: secret })).toEqual([404, 'customers.not-found'])
    expect(await code('mei', `${a}/unmerge`)).toEqual([409, 'customers.not-merged'])
    await post('mei', `${a}/merge`, { intoId: b })
    expect(await code('mei', `${b}/merge`, { intoId: a })).toEqual([409, 'customers.merged-already'])
    expect(await code('auditor', `${a}/unmerge`)).toEqual([403, 'people.not-allowed'])
  })

  it('leave the history of both complaints as it is proven', async () => {
    expect((await verifyAll(world.app)).findings).toEqual([])
  })
})
