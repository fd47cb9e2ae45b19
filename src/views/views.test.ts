import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { record, startWorld, type Who, type World } from '../../test/world/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

type View = { id: string; name: string; shared: boolean; mine: boolean; mayChange: boolean; filter: object }

const list = async (who: Who, house: 'home' | 'neighbour' = 'home'): Promise<View[]> =>
  (await world.as(who, house)('GET', '/api/v1/views')).json().items
const names = async (who: Who) => (await list(who)).map((v) => v.name)
const add = async (who: Who, name: string, filter: object = {}, shared = false): Promise<View> => {
  const reply = await world.as(who)('POST', '/api/v1/views', { name, filter, shared })
  expect(reply.statusCode, reply.body).toBe(201)
  return reply.json()
}
const change = (who: Who, id: string, body: object) => world.as(who)('PATCH', `/api/v1/views/${id}`, body)
const counts = async (who: Who): Promise<Record<string, { count: number; exact: boolean }>> => {
  const { items } = (await world.as(who)('GET', '/api/v1/views/counts')).json()
  return Object.fromEntries(items.map((i: { id: string; count: number; exact: boolean }) => [i.id, i]))
}
const clear = () =>
  world.app.db.withScope({ org: world.home.org }, (tx) =>
    tx.run(sql`delete from saved_view where org_id = ${world.home.org}`),
  )

describe('a saved view', () => {
  it('is its maker’s alone, kept as it was said', async () => {
    await clear()
    const filter = { state: 'investigating', due: 'overdue', ownerId: world.home.staff.mei, sort: 'received' }
    const view = await add('mei', '我的逾時調查', filter)
    expect(view).toMatchObject({ name: '我的逾時調查', filter, shared: false, mine: true, mayChange: true })
    expect(await names('mei')).toEqual(['我的逾時調查'])
    expect(await names('lead')).toEqual([])
    for (const [method, path] of [
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/restoration'],
    ] as const) {
      const body = method === 'PATCH' ? { name: 'x' } : undefined
      const reply = await world.as('lead')(method, `/api/v1/views/${view.id}${path}`, body)
      expect([reply.statusCode, reply.json().code]).toEqual([404, 'views.not-found'])
    }
  })

  it('is shared by leads and administrators only, and changed by them only', async () => {
    await clear()
    const refused = await world.as('mei')('POST', '/api/v1/views', { name: '大家的', filter: {}, shared: true })
    expect([refused.statusCode, refused.json().facts]).toEqual([403, { permission: 'view.share' }])
    const view = await add('lead', '大家的', { view: 'unassigned' }, true)
    expect((await list('mei')).map((v) => [v.name, v.mine, v.mayChange])).toEqual([['大家的', false, false]])
    expect((await list('admin')).map((v) => [v.mine, v.mayChange])).toEqual([[false, true]])
    expect((await change('mei', view.id, { name: 'x' })).statusCode).toBe(403)
    expect((await world.as('mei')('DELETE', `/api/v1/views/${view.id}`)).statusCode).toBe(403)
    expect((await change('admin', view.id, { name: '全體' })).json().name).toBe('全體')
    // Who takes it back from everybody has it.
    expect((await change('admin', view.id, { shared: false })).json()).toMatchObject({ mine: true, shared: false })
    expect([await names('mei'), await names('lead'), await names('admin')]).toEqual([[], [], ['全體']])
  })

  it('stands where it is put, the shared ones before one’s own', async () => {
    await clear()
    const made: View[] = []
    for (const name of ['a', 'b', 'c', 'd']) made.push(await add('mei', name))
    await add('lead', 'S', {}, true)
    expect(await names('mei')).toEqual(['S', 'a', 'b', 'c', 'd'])
    for (const [from, to, order] of [
      [3, 0, 'dabc'],
      [3, 2, 'abdc'],
      [0, 1, 'badc'],
      [1, 99, 'adcb'],
      [0, 0, 'adcb'],
    ] as const) {
      const id = made[from]?.id ?? ''
      expect((await change('mei', id, { position: to })).statusCode).toBe(200)
      expect((await names('mei')).slice(1).join('')).toBe(order)
    }
  })

  it('is removed and taken back to its place', async () => {
    await clear()
    await add('mei', 'a')
    const b = await add('mei', 'b')
    await add('mei', 'c')
    expect((await world.as('mei')('DELETE', `/api/v1/views/${b.id}`)).statusCode).toBe(200)
    expect(await names('mei')).toEqual(['a', 'c'])
    expect((await change('mei', b.id, { name: 'x' })).statusCode).toBe(404)
    expect((await world.as('mei')('POST', `/api/v1/views/${b.id}/restoration`)).json().name).toBe('b')
    expect(await names('mei')).toEqual(['a', 'b', 'c'])
  })

  it('is refused with a filter that says nothing known, without a name, and after fifty', async () => {
    await clear()
    for (const body of [
      { name: '', filter: {} },
      { name: 'x', filter: { state: 7 } },
      { name: 'x', filter: { view: 'everything' } },
    ])
      expect((await world.as('mei')('POST', '/api/v1/views', body)).statusCode, JSON.stringify(body)).toBe(400)
    for (let n = 0; n < 50; n++) await add('mei', String(n))
    const reply = await world.as('mei')('POST', '/api/v1/views', { name: 'one more', filter: {} })
    expect([reply.statusCode, reply.json().code]).toEqual([409, 'views.too-many'])
    // The neighbour knows of none of them.
    expect(await list('mei', 'neighbour')).toEqual([])
  })
})

describe('the count of a view', () => {
  it('is exact for open work, new at most two seconds after a change, and never counts what the reader may not see', async () => {
    await clear()
    const view = await add('lead', '電話', { channel: 'phone' }, true)
    const own = await add('mei', '我的', { view: 'mine' })
    const before = await counts('mei')
    expect(before[view.id]).toEqual({ id: view.id, count: 0, exact: true })
    const first = await record(world)
    await record(world, { confidentiality: 'restricted' })
    await record(world, { subjectStaffIds: [world.home.staff.mei] })
    await record(world, { channel: 'letter' })
    await new Promise((wait) => setTimeout(wait, 500))
    world.clock.advance(2_000)
    expect((await counts('mei'))[view.id]?.count).toBe(1)
    expect((await counts('lead'))[view.id]?.count).toBe(3)
    expect((await counts('xiu'))[view.id]?.count).toBe(0)
    await world.as('lead')('POST', `/api/v1/complaints/${first.id}/assignment`, {
      version: first.version,
      ownerId: world.home.staff.mei,
    })
    await new Promise((wait) => setTimeout(wait, 500))
    world.clock.advance(2_000)
    expect((await counts('mei'))[own.id]?.count).toBe(1)
  })

  it('with ended ones stops at a thousand, and is exact when asked for itself', async () => {
    await clear()
    const view = await add('lead', '全部', { open: 'any' }, true)
    const { org } = world.home
    const { rows } = await world.app.db.withScope({ org, scope: 'organisation' }, async (tx) => ({
      rows: await tx.rows<{ cols: string }>(
        sql`select string_agg(quote_ident(attname::text), ', ') as cols from pg_attribute
          where attrelid = 'complaint'::regclass and attnum > 0 and not attisdropped and attname not in ('id', 'number', 'public_ref', 'open', 'state')`,
      ),
    }))
    const cols = sql.raw(rows[0]?.cols ?? '')
    await world.app.db.withScope({ org }, (tx) =>
      tx.run(sql`insert into complaint (id, number, public_ref, open, state, ${cols})
        select gen_random_uuid(), 'X-' || n, 'X' || n, false, 'closed', ${cols} from generate_series(1, 1100) n,
          (select * from complaint where org_id = ${org} and not restricted and channel = 'letter' limit 1) one`),
    )
    world.clock.advance(5_000)
    expect((await counts('mei'))[view.id]).toMatchObject({ count: 1000, exact: false })
    const exact = (await world.as('mei')('GET', '/api/v1/complaints/count?open=any')).json()
    expect(exact).toMatchObject({ exact: true })
    expect(exact.count).toBeGreaterThan(1100)
  })
})
