import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { record, startWorld, type Who, type World } from '../../test/world/world.ts'
import { verifyAll } from '../audit/index.ts'
import { keyNames } from './jobs.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

type Item = { id: string; name: string; open: number; complaints: number }
const list = async (who: Who, q = '', more = ''): Promise<{ items: Item[]; next: string | null }> =>
  (await world.as(who)('GET', `/api/v1/customers/list?q=${encodeURIComponent(q)}${more}`)).json()
const names = async (who: Who, q: string) => (await list(who, q)).items.map((c) => c.name)
const customerOf = async (id: string) =>
  (await world.as('intake')('GET', `/api/v1/complaints/${id}`)).json().customer.id
const page = (who: Who, id: string) => world.as(who)('GET', `/api/v1/customers/${id}`)
const known = async (name: string, mail: string, more: object = {}) => {
  const complaint = await record(world, { complainant: { name, mail }, ...more })
  return { complaint, id: (await customerOf(complaint.id)) as string }
}

describe('the customers', () => {
  it.each([
    ['蘇國慶', 'its beginning'],
    ['國慶', 'any part'],
    ['苏国庆', 'the other script'],
    ['suguo', 'its sound'],
    ['sgq', 'its initials'],
    ['ㄙㄨ', 'its 注音'],
    ['7788', 'the end of the number'],
    ['SU@EXAMPLE.TEST', 'the address'],
    ['TW-88', 'an order'],
  ])('are found by %s (%s)', async (q) => {
    const asked = { complainant: { name: '蘇國慶', phone: '0912 345 7788', mail: 'su@example.test' }, orderNo: 'TW-88' }
    if ((await list('intake', '蘇國慶')).items.length === 0) await record(world, asked)
    expect(await names('mei', q)).toEqual(['蘇國慶'])
  })

  it('come a page at a time, the newest first, each once', async () => {
    for (let i = 0; i < 5; i += 1) await known(`分頁${i}`, `page${i}@example.test`)
    const met: string[] = []
    for (let next: string | null = ''; next !== null; ) {
      const one: Awaited<ReturnType<typeof list>> = await list('mei', '分頁', `&limit=2${next && `&cursor=${next}`}`)
      met.push(...one.items.map((c) => c.name))
      next = one.next
    }
    expect(met).toEqual(['分頁4', '分頁3', '分頁2', '分頁1', '分頁0'])
  })

  it('written down before names had keys get them once', async () => {
    const { id } = await known('早先生', 'zao@example.test')
    await world.app.systemDb.withoutScope(async (tx) => {
      await tx.run(sql`delete from identity_key where customer_id = ${id} and key like 'name:%'`)
      await tx.run(sql`update customer set keyed = false where id = ${id}`)
    })
    expect(await names('mei', '早先')).toEqual([])
    expect(await keyNames(world.app)).toBe(1)
    expect(await names('mei', '早先')).toEqual(['早先生'])
    expect(await keyNames(world.app)).toBe(0)
  })
})

describe('whoever may not see a complaint', () => {
  it('does not learn of it from the customer: not shown, not counted, and no customer where it is the only one', async () => {
    const { id, complaint } = await known('密小姐', 'secret@example.test')
    const other = await record(world, { complainant: { name: '密小姐', mail: 'secret@example.test' } })
    await world.as('lead')('POST', `/api/v1/complaints/${other.id}/restriction`, {
      version: 1,
      confidentiality: 'restricted',
      staffIds: [],
    })
    expect((await list('lead', '密小')).items[0]).toMatchObject({ complaints: 2, open: 2 })
    expect((await list('mei', '密小')).items[0]).toMatchObject({ complaints: 1, open: 1 })
    expect((await page('mei', id)).json().complaints.map((c: Item) => c.id)).toEqual([complaint.id])
    expect((await page('xiu', id)).statusCode).toBe(404)
    expect(await names('xiu', '密小')).toEqual([])
    expect((await page('admin', id)).statusCode).toBe(403)
  })

  it('in confidence: only those who may know who complains, and their reading is noted', async () => {
    const { id } = await known('暗先生', 'an@example.test', { mode: 'confidential' })
    expect([(await page('mei', id)).statusCode, await names('mei', '暗先')]).toEqual([404, []])
    expect((await page('auditor', id)).json()).toMatchObject({ name: '暗先生', mayChange: false })
    await expect
      .poll(() =>
        world.app.systemDb.withoutScope((tx) =>
          tx.first(
            sql`select facts from access_log where what = 'customer.read-protected' and staff_id = ${world.home.staff.auditor}`,
          ),
        ),
      )
      .toMatchObject({ facts: { customerId: id } })
  })

  it('nor from a merged entry of which they may not know', async () => {
    const open = await known('合一', 'one@example.test')
    const shut = await known('合二', 'two@example.test', { placeId: undefined })
    await world.as('lead')('POST', `/api/v1/customers/${shut.id}/merge`, { intoId: open.id })
    await world.as('lead')('POST', `/api/v1/complaints/${shut.complaint.id}/restriction`, {
      version: 1,
      confidentiality: 'restricted',
      staffIds: [],
    })
    expect(JSON.stringify((await page('mei', open.id)).json())).not.toContain('two@example.test')
    expect((await page('lead', open.id)).json()).toMatchObject({ also: [{ name: '合二' }] })
    expect(await names('mei', 'two@example.test')).toEqual([])
    expect(await names('lead', 'two@example.test')).toEqual(['合一'])
  })
})

describe('what is known of a customer', () => {
  it('has mail addresses that are some, in one line, each once; of another customer none is touched', async () => {
    const { id } = await known('簡先生', 'jian@example.test')
    const other = await known('別人', 'bie@example.test')
    const theirs = (await page('mei', other.id)).json().identities[0]
    const {
      identities: [mail],
      ...before
    } = (await page('mei', id)).json()
    const wanted = (...more: object[]) => {
      const { version, name, locale } = before
      const identities = [{ id: mail.id, kind: 'mail', value: mail.value }, ...more]
      return world.as('mei')('POST', `/api/v1/customers/${id}/details`, {
        version,
        name,
        locale,
        preferredChannel: null,
        identities,
      })
    }
    for (const value of ['no mail', 'a@'])
      expect((await wanted({ kind: 'mail', value })).json().code).toBe('customers.no-mail')
    expect((await wanted({ kind: 'mail', value: 'a@b.test\nBcc: c@d.test' })).statusCode).toBe(400)
    const twice = await wanted(
      { kind: 'mail', value: 'JIAN@example.test' },
      { kind: 'phone', value: '0911 222 333' },
      { id: theirs.id, kind: 'phone', value: '0911222333' },
    )
    expect(twice.statusCode).toBe(200)
    expect((await page('mei', other.id)).json().identities).toEqual([theirs])
    const values = (await page('mei', id)).json().identities.map((i: { value: string }) => i.value)
    expect(values.toSorted()).toEqual(['0911222333', 'jian@example.test'])
  })

  it('a note of an entry that was merged is taken away on the page of the person', async () => {
    const [one, two] = [await known('註一', 'zhu1@example.test'), await known('註二', 'zhu2@example.test')]
    const { id: noteId } = (await world.as('mei')('POST', `/api/v1/customers/${two.id}/notes`, { text: '常來' })).json()
    await world.as('lead')('POST', `/api/v1/customers/${two.id}/merge`, { intoId: one.id })
    const drop = () => world.as('mei')('POST', `/api/v1/customers/${one.id}/note-removals`, { noteId })
    expect([(await drop()).statusCode, (await drop()).statusCode]).toEqual([200, 404])
    expect((await page('mei', one.id)).json().notes).toEqual([])
  })

  it('is changed with a trail, found as it is now, and not over a change of somebody else', async () => {
    const { id, complaint } = await known('陳舊名', 'old@example.test')
    const before = (await page('mei', id)).json()
    const [mail] = before.identities
    const wanted = {
      version: before.version,
      name: '陳新名',
      locale: 'zh-Hans',
      preferredChannel: 'phone',
      identities: [
        { id: mail.id, kind: 'mail', value: 'old@example.test', notUsed: 'wrong' },
        { kind: 'phone', value: '0933 111 2222' },
      ],
    }
    expect((await world.as('mei')('POST', `/api/v1/customers/${id}/details`, wanted)).statusCode).toBe(200)
    const stale = await world.as('lead')('POST', `/api/v1/customers/${id}/details`, wanted)
    expect([stale.statusCode, stale.json().code]).toEqual([409, 'customers.changed-meanwhile'])
    const after = (await page('lead', id)).json()
    expect(after).toMatchObject({ name: '陳新名', locale: 'zh-Hans', preferredChannel: 'phone' })
    expect(after.identities.map((i: { notUsed: string | null }) => i.notUsed)).toEqual(['wrong', null])
    expect(after.changes).toContainEqual(
      expect.objectContaining({ field: 'name', before: '陳舊名', after: '陳新名', by: '美琳' }),
    )
    expect([await names('mei', '舊名'), await names('mei', '新名'), await names('mei', '2222')]).toEqual([
      [],
      ['陳新名'],
      ['陳新名'],
    ])
    const found = (await world.as('mei')('GET', `/api/v1/search?q=${encodeURIComponent('陳新名')}`)).json().items
    expect(found.map((r: { complaint: { id: string } }) => r.complaint.id)).toEqual([complaint.id])
    expect((await world.as('auditor')('POST', `/api/v1/customers/${id}/details`, wanted)).statusCode).toBe(403)
  })

  it('keeps notes of colleagues, taken away by who wrote them', async () => {
    const { id } = await known('便條', 'note@example.test')
    const note = (await world.as('mei')('POST', `/api/v1/customers/${id}/notes`, { text: '下午三點後再打' })).json()
    expect((await page('lead', id)).json().notes).toMatchObject([{ by: '美琳', mine: false, text: '下午三點後再打' }])
    const drop = (who: Who) => world.as(who)('POST', `/api/v1/customers/${id}/note-removals`, { noteId: note.id })
    expect([(await drop('lead')).statusCode, (await drop('mei')).statusCode]).toEqual([404, 200])
    expect((await page('lead', id)).json().notes).toEqual([])
  })

  it('leaves every history as it is proven', async () => {
    expect((await verifyAll(world.app)).findings).toEqual([])
  })
})
