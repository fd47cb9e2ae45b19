import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from 'kysely'
import { ms, startWorld, type Who, type World } from '../../test/world/world.ts'
import { pruneAll } from '../jobs.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const put = async (who: Who, key: string, value: unknown, more: object = {}) =>
  world.as(who)('PUT', `/api/v1/drafts/${key}`, { value, ...more })
const get = async (who: Who, key: string, house: 'home' | 'neighbour' = 'home') =>
  (await world.as(who, house)('GET', `/api/v1/drafts/${key}`)).json().draft
const keysOf = async (who: Who, prefix: string) =>
  (await world.as(who)('GET', `/api/v1/drafts?prefix=${encodeURIComponent(prefix)}`))
    .json()
    .items.map((d: { key: string }) => d.key)

describe('unsent words', () => {
  it('are there again, on any machine, until they are dropped', async () => {
    const value = { text: '林小姐您好，\n關於第二點……', attachmentIds: [], n: 0.5, no: null }
    const saved = (await put('mei', 'complaint.1.reply', value)).json()
    expect(saved).toMatchObject({ key: 'complaint.1.reply', value, other: null })
    expect(await get('mei', 'complaint.1.reply')).toEqual(saved)
    expect((await world.as('mei')('DELETE', '/api/v1/drafts/complaint.1.reply')).statusCode).toBe(200)
    expect(await get('mei', 'complaint.1.reply')).toBeNull()
    expect((await world.as('mei')('DELETE', '/api/v1/drafts/complaint.1.reply')).statusCode).toBe(200)
  })

  it("are nobody else's: not a lead's, not an administrator's, not a neighbour's", async () => {
    await put('mei', 'complaint.2.note', '只有我看得到')
    for (const who of ['lead', 'admin', 'auditor', 'intake'] as const) {
      expect(await get(who, 'complaint.2.note'), who).toBeNull()
      expect(await keysOf(who, 'complaint.2.'), who).toEqual([])
    }
    expect(await get('mei', 'complaint.2.note', 'neighbour')).toBeNull()
    await put('lead', 'complaint.2.note', 'another')
    await world.as('admin')('DELETE', '/api/v1/drafts/complaint.2.note')
    expect((await get('mei', 'complaint.2.note')).value).toBe('只有我看得到')
  })

  it('are kept by the database from another person in scope, whatever is asked of it', async () => {
    await put('mei', 'wall', 'mine')
    const seen = (staff: string | undefined) =>
      world.app.db.withScope({ org: world.home.org, staff, scope: 'organisation' }, async (tx) => ({
        read: (await tx.rows(sql`select 1 from draft where key = 'wall'`)).length,
        wrote: await tx.run(sql`update draft set value = '"theirs"' where key = 'wall'`),
      }))
    expect(await seen(world.home.staff.admin)).toEqual({ read: 0, wrote: 0 })
    expect(await seen(undefined)).toEqual({ read: 0, wrote: 0 })
    expect((await get('mei', 'wall')).value).toBe('mine')
    const forged = world.app.db.withScope({ org: world.home.org, staff: world.home.staff.admin }, (tx) =>
      tx.run(
        sql`insert into draft (org_id, staff_id, key, value, version, updated_at) values (${world.home.org}, ${world.home.staff.mei}, 'forged', '1', 1, now())`,
      ),
    )
    await expect(forged).rejects.toMatchObject({ code: '42501' })
  })

  it('are listed by the beginning of their key, and only by it', async () => {
    for (const key of ['call.a', 'call.b', 'call%', 'callback']) await put('xiu', key, key).catch(() => undefined)
    expect((await keysOf('xiu', 'call.')).sort()).toEqual(['call.a', 'call.b'])
    expect(await keysOf('xiu', '%')).toEqual([])
  })

  it('of two windows: the newest wins, the other is offered until it is dropped', async () => {
    const first = (await put('mei', 'two', 'from the desk', { base: null })).json()
    const second = (await put('mei', 'two', 'from the telephone', { base: null })).json()
    expect(second).toMatchObject({
      value: 'from the telephone',
      other: { value: 'from the desk', version: first.version },
    })
    expect(second.version).toBeGreaterThan(first.version)
    const third = (await put('mei', 'two', 'from the telephone, on', { base: second.version })).json()
    expect(third.other?.value).toBe('from the desk')
    const fourth = (await put('mei', 'two', 'done', { base: third.version, dropOther: true })).json()
    expect(fourth).toMatchObject({ value: 'done', other: null })
  })

  it('have a version that rises over a removal, so that late words do not pass for new ones', async () => {
    const before = (await put('mei', 'again', 'a')).json().version
    await world.as('mei')('DELETE', '/api/v1/drafts/again')
    world.clock.advance(1)
    expect((await put('mei', 'again', 'b')).json().version).toBeGreaterThan(before)
  })

  it.each([
    ['a key with a slash', 'a%2Fb', 'x', 400],
    ['a key of 201 characters', 'k'.repeat(201), 'x', [400, 404, 414]],
    ['a key that begins with a dot', '.x', 'x', 400],
    ['more than 1 MB', 'big', 'x'.repeat(1_048_577), 400],
  ])('refuse %s', async (_name, key, value, status) => {
    const reply = await put('mei', key, value)
    expect([status].flat()).toContain(reply.statusCode)
    expect(reply.headers['content-type']).toContain('application/problem+json')
  })

  it('take 1 MB, NUL and lone surrogates, cleaned; what would change prototypes is refused', async () => {
    expect((await put('mei', 'big', '訴'.repeat(300_000))).statusCode).toBe(200)
    const reply = await put('mei', 'odd', { text: 'a\u0000b\ud800c' })
    expect(reply.statusCode).toBe(200)
    expect((await get('mei', 'odd')).value.text).not.toContain('\u0000')
    expect((await put('mei', 'odd', { constructor: { prototype: 1 } })).statusCode).toBe(400)
  })

  it('are refused when there are too many, never lost', async () => {
    await world.app.db.withScope({ org: world.home.org, staff: world.home.staff.store }, (tx) =>
      tx.run(sql`insert into draft (org_id, staff_id, key, value, version, updated_at)
        select ${world.home.org}, ${world.home.staff.store}, 'many.' || i, '1', 1, ${new Date(world.clock.now)} from generate_series(1, 500) i`),
    )
    const reply = await put('store', 'one-more', 'x')
    expect([reply.statusCode, reply.json().code]).toEqual([409, 'drafts.too-many'])
    expect((await put('store', 'many.7', 'y')).statusCode).toBe(200)
  })

  it('go after thirty days, and with the person who leaves', async () => {
    await put('mei', 'old', 'x')
    await put('qa', 'left', 'x')
    world.clock.advance(29 * ms.day)
    await pruneAll(world.app)
    expect(await get('mei', 'old')).not.toBeNull()
    world.clock.advance(2 * ms.day)
    await world.as('admin')('PATCH', `/api/v1/staff/${world.home.staff.qa}`, { version: 1, active: false })
    await put('mei', 'young', 'x')
    await pruneAll(world.app)
    expect(await get('mei', 'old')).toBeNull()
    expect(await get('mei', 'young')).not.toBeNull()
    const left = await world.app.systemDb.withoutScope((tx) =>
      tx.rows(sql`select 1 from draft where staff_id = ${world.home.staff.qa}`),
    )
    expect(left).toEqual([])
  })
})
