import { afterAll, describe, expect, it } from 'vitest'
import { record, startWorld, type Who } from '../../test/world/world.ts'

const world = await startWorld()
afterAll(() => world.stop())

type Item = { key: string; code: string; version: number; archived: boolean; used: number; parent: string | null }
const path = '/api/v1/settings/lists'
const items = async (list: string, who: Who = 'admin'): Promise<(Item & { changed: { by: string } | null })[]> =>
  (await world.as(who)('GET', `${path}?list=${list}`)).json().items
const named = (name: string) => ({ zhHant: name, zhHans: name, en: name })
const add = (list: string, code: string, more: object = {}) =>
  world.as('admin')('POST', path, { list, code, labels: named(code), ...more })
const change = (list: string, key: string, version: number, more: object) =>
  world.as('admin')('PATCH', path, { list, key, version, ...more })
const codeOf = (reply: { json(): { code?: string } }) => reply.json().code

describe('the lists an organisation keeps', () => {
  it('a new type is in the menus at once, and found by its sound', async () => {
    expect(
      (await add('issue', 'W9', { parent: 'finance', labels: { ...named('W'), zhHant: '保固爭議' } })).statusCode,
    ).toBe(201)
    const { codes } = (await world.as('mei')('GET', '/api/v1/catalogue')).json()
    const made = codes.issue.find((c: { code: string }) => c.code === 'W9')
    expect(made.parent).toBe('finance')
    expect(made.keys).toContain('ㄅㄍㄓㄧ')
    expect((await record(world, { typeCode: 'W9' })).number).toMatch(/^R-/)
  })

  it('what is used goes to the archive, out of the menus, and keeps its name; what is not can be removed', async () => {
    const made = (await items('issue')).find((i) => i.code === 'W9')
    expect(made?.used).toBe(1)
    const gone = { list: 'issue', key: 'W9', version: made?.version }
    expect(codeOf(await world.as('admin')('POST', `${path}/removals`, gone))).toBe('catalogue.in-use')
    const archived = await change('issue', 'W9', made?.version ?? 0, { archived: true })
    expect(archived.json()).toMatchObject({ archived: true, version: 2, changed: { by: '阿明', what: 'archived' } })
    const menus = (await world.as('mei')('GET', '/api/v1/catalogue')).json()
    expect(menus.codes.issue.some((c: { code: string }) => c.code === 'W9')).toBe(false)
    expect(menus.archived.codes).toContainEqual({
      list: 'issue',
      code: 'W9',
      labels: { ...named('W'), zhHant: '保固爭議' },
    })
    await add('products', 'KETTLE')
    const kettle = (await items('products')).find((i) => i.code === 'KETTLE')
    const removal = { list: 'products', key: kettle?.key, version: kettle?.version }
    expect((await world.as('admin')('POST', `${path}/removals`, removal)).statusCode).toBe(200)
  })

  it('what is restricted is in no count, and keeps its value from being removed all the same', async () => {
    const { key, version } = (await add('products', 'SAFE')).json()
    await record(world, { productId: key, confidentiality: 'restricted' })
    expect((await items('products')).find((i) => i.key === key)?.used).toBe(0)
    const removal = await world.as('admin')('POST', `${path}/removals`, { list: 'products', key, version })
    expect([removal.statusCode, codeOf(removal)]).toEqual([409, 'catalogue.in-use'])
    await record(world, { productId: key })
    const renamed = await change('products', key, version, { labels: named('Safe') })
    expect(renamed.json()).toMatchObject({ used: 1, version: 2 })
    expect((await items('products')).find((i) => i.key === key)?.used).toBe(1)
  })

  it('a code is taken once, in whatever case; a stale write is told which version there is', async () => {
    expect((await add('products', 'TV')).statusCode).toBe(201)
    expect(codeOf(await add('products', 'tv'))).toBe('catalogue.code-taken')
    const tv = (await items('products')).find((i) => i.code === 'TV')
    expect((await change('products', tv?.key ?? '', 1, { labels: named('Television') })).statusCode).toBe(200)
    const late = await change('products', tv?.key ?? '', 1, { labels: named('Telly') })
    expect([late.statusCode, codeOf(late), late.json().facts.version]).toEqual([409, 'catalogue.stale', 2])
  })

  it('nothing lies under itself, under what is not there, or in use under the archive', async () => {
    const region = (await add('places', 'NORTH')).json()
    const shop = (await add('places', 'SHILIN', { parent: region.key })).json()
    expect(codeOf(await change('places', region.key, 1, { parent: shop.key }))).toBe('catalogue.circle')
    expect(codeOf(await change('places', region.key, 1, { archived: true }))).toBe('catalogue.has-children')
    expect(codeOf(await add('places', 'X', { parent: 'nothing' }))).toBe('catalogue.no-such-parent')
    const far = { jurisdiction: 'TW', zone: 'Mars/Base', calendarKey: 'tw-office' }
    expect(codeOf(await add('places', 'Y', { place: far }))).toBe('catalogue.no-such-zone')
  })

  it('the order is the organisation’s own', async () => {
    for (const code of ['A', 'B', 'C']) await add('root_cause', `Z${code}`)
    const own = async () => (await items('root_cause')).map((i) => i.code).filter((c) => c.startsWith('Z'))
    const last = (await items('root_cause')).find((i) => i.code === 'ZC')
    await change('root_cause', 'ZC', last?.version ?? 0, { move: 'up' })
    expect(await own()).toEqual(['ZA', 'ZC', 'ZB'])
  })

  it('is written by administrators, read by leads and auditors, and by nobody else', async () => {
    for (const who of ['lead', 'auditor'] as const) expect((await items('issue', who)).length).toBeGreaterThan(60)
    expect((await world.as('mei')('GET', `${path}?list=issue`)).statusCode).toBe(403)
    const written = await world.as('lead')('POST', path, { list: 'products', code: 'NO', labels: named('no') })
    expect(written.statusCode).toBe(403)
  })

  it('a calendar says who counts by it, and that the holidays of the next year are not in', async () => {
    const { year, items: all } = (await world.as('lead')('GET', '/api/v1/settings/calendars')).json()
    const office = all.find((c: { key: string }) => c.key === 'tw-office')
    expect(office.places.length).toBeGreaterThan(0)
    expect(office.years.includes(year + 1)).toBe(false)
  })
})

describe('the routing table', () => {
  const routing = '/api/v1/settings/routing'
  it('a line is added, says what is wrong with it, and where the last hundred would go', async () => {
    const { shanghai } = world.home.teams
    const line = { placeId: null, typeCode: 'R1', teamId: shanghai }
    expect((await world.as('admin')('POST', `${routing}/lines`, line)).statusCode).toBe(201)
    expect(codeOf(await world.as('admin')('POST', `${routing}/lines`, line))).toBe('routing.line-taken')
    expect(codeOf(await world.as('admin')('POST', `${routing}/lines`, { ...line, typeCode: null }))).toBe(
      'routing.any-any',
    )
    await record(world, { typeCode: 'R1', placeId: undefined, teamId: world.home.teams.taipei })
    const trial = (await world.as('lead')('GET', `${routing}/trial`)).json()
    expect(trial).toMatchObject({ count: 3, elsewhere: 1 })
    const read = (await world.as('lead')('GET', routing)).json()
    const mine = read.lines.find((l: { typeCode: string }) => l.typeCode === 'R1')
    expect(mine).toMatchObject({ flaw: null, changed: { by: '阿明', what: 'added' } })
    for (const hidden of [
      { confidentiality: 'restricted', typeCode: 'F1' },
      { subjectStaffIds: [world.home.staff.lead], typeCode: 'F1' },
    ])
      await record(world, hidden)
    expect((await world.as('lead')('GET', `${routing}/trial`)).json()).toEqual(trial)
    const gone = await world.as('admin')('POST', `${routing}/lines/${mine.id}/removal`, { version: mine.version })
    expect(gone.statusCode).toBe(200)
  })
})
