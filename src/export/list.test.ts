import { parse } from 'csv-parse/sync'
import readWorkbook from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everyone, ms, record, startWorld, type Who, type World } from '../../test/world/world.ts'

// The list and the search as files, through HTTP: the same rows in the same order, with nobody else's eyes.

let world: World
beforeAll(async () => {
  world = await startWorld()
  for (let i = 0; i < 12; i++) {
    await record(world, {
      text: `第 ${i} 件：熱水壺漏水`,
      complainant: { name: `顧客${i}` },
      orderNo: `A-100${i}`,
      flags: ['safety'],
    })
    world.clock.advance(ms.minute)
  }
  await record(world, { mode: 'confidential', complainant: { name: '保密者' }, text: '保密的申訴' })
  await record(world, { text: '只有指名的人', confidentiality: 'restricted', placeId: undefined })
  await record(world, { text: '關於美琳的客訴', subjectStaffIds: [world.home.staff.mei] }, 'intake')
})
afterAll(() => world.stop())

const csv = async (who: Who, query = '', of = 'list') => {
  const reply = await world.as(who)('GET', `/api/v1/exports/${of}.csv${query}`)
  expect(reply.statusCode, reply.body).toBe(200)
  expect(reply.rawPayload.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
  const [head = [], ...rows] = parse(reply.body, { bom: true }) as string[][]
  return { head, rows, reply, column: (name: string) => rows.map((r) => r[head.indexOf(name)]) }
}
type Row = { number: string; title: string; customerName: string | null; receivedAt: string }
const listed = async (who: Who, query = ''): Promise<Row[]> => {
  const items: Row[] = []
  let cursor = ''
  do {
    const at = `/api/v1/complaints?limit=7${query.replace('?', '&')}${cursor && `&cursor=${cursor}`}`
    const page = (await world.as(who)('GET', at)).json()
    items.push(...page.items)
    cursor = page.next ?? ''
  } while (cursor)
  return items
}

describe('a list as CSV', () => {
  it.each([
    ['intake', ''],
    ['intake', '?view=all&open=any&sort=received'],
    ['mei', '?view=team'],
    ['lead', '?mode=confidential'],
    ['xiu', ''],
    ['auditor', '?open=any&receivedFrom=2026-03-03'],
  ] as const)('of %s%s parsed back is the list, in its order', async (who, query) => {
    const { column, rows } = await csv(who, query)
    const list = await listed(who, query)
    expect(column('案號')).toEqual(list.map((r) => r.number))
    expect(rows.every((r) => r.length === rows[0]?.length)).toBe(true)
  })

  it('holds nothing that its reader may not see: restricted ones, ones about the reader, names', async () => {
    const all = (await csv('intake')).reply.body
    expect(all).toContain('只有指名的人')
    const mei = (await csv('mei')).reply.body
    expect(mei).not.toContain('只有指名的人')
    expect(mei).not.toContain('關於美琳')
    expect(mei).toContain('顧客3')
    for (const who of ['intake', 'mei', 'auditor'] as const) expect((await csv(who)).reply.body).not.toContain('保密者')
    expect((await csv('qa')).reply.body).not.toContain('顧客3')
  })

  it('says codes by their names and times in the language and zone of its reader', async () => {
    const { rows, head, reply } = await csv('lead', '?language=en&sort=received&open=any')
    expect(head.slice(0, 3)).toEqual(['Number', 'Title', 'State'])
    const row = Object.fromEntries(head.map((name, i) => [name, rows.at(-1)?.[i]]))
    expect(row).toMatchObject({ Channel: 'Telephone', Place: 'Xinyi', Received: '2026-03-03 10:00', Open: 'yes' })
    expect(row.Flags).toBeTruthy()
    expect(reply.headers['content-disposition']).toContain('complaints-2026-03-03.csv')
    expect(decodeURIComponent(String((await csv('lead')).reply.headers['content-disposition']))).toContain(
      '案件清單-2026-03-03',
    )
  })

  it('opens no formula, whoever wrote it', async () => {
    const bad = ['=1+1', '+886', '-2', '@SUM(A1)', '＝1+1', '＋1', '－1', '＠x', ' =1', '​=1', '"=1"']
    for (const title of bad) await record(world, { text: '公式', title })
    const { column, reply } = await csv('intake')
    const titles = column('標題')
    for (const title of bad.slice(0, -1))
      expect(
        titles.some((t) => t?.startsWith("'") && t.endsWith(title.trim())),
        title,
      ).toBe(true)
    expect(reply.body).not.toMatch(/(^|,|\n)"?[=+\-@＝＋－＠]/)
  })

  it('of a search holds what the search finds', async () => {
    const found = (await world.as('mei')('GET', `/api/v1/search?q=${encodeURIComponent('熱水壺')}`)).json()
    const { column } = await csv('mei', `?q=${encodeURIComponent('熱水壺')}`, 'search')
    expect(found.items.length).toBe(12)
    expect(column('案號')).toEqual(found.items.map((i: { complaint: Row }) => i.complaint.number))
  })
})

describe('a list as a workbook', () => {
  it('holds the same rows, with dates that are dates', async () => {
    const reply = await world.as('lead')('GET', '/api/v1/exports/list.xlsx?sort=received')
    expect(reply.statusCode).toBe(200)
    const sheets = await readWorkbook(reply.rawPayload)
    const rows = sheets[0]?.data ?? []
    const { head, rows: lines } = await csv('lead', '?sort=received')
    expect(rows[0]).toEqual(head)
    expect(rows.length).toBe(lines.length + 1)
    const at = head.indexOf('收到')
    expect(rows.at(-1)?.[at]).toEqual(new Date('2026-03-03T10:00:00.000Z'))
    // In a cell of its own a text is a text.
    expect(rows.map((r) => r[1])).toContain('=1+1')
  })
})

describe('who takes a list away', () => {
  it('may read complaints', async () => {
    for (const who of everyone) {
      const may = !['admin', 'executive'].includes(who)
      expect((await world.as(who)('GET', '/api/v1/exports/list.csv')).statusCode, who).toBe(may ? 200 : 403)
    }
    const stranger = await world.app.server.inject('/api/v1/exports/list.xlsx')
    expect(stranger.statusCode).toBe(401)
  })

  it('is noted with the filter, never with the words of a search', async () => {
    await csv('mei', '?view=team&severity=high')
    await csv('mei', `?q=${encodeURIComponent('王小明')}`, 'search')
    const log = (await world.as('auditor')('GET', `/api/v1/access-log?staffId=${world.home.staff.mei}`)).json()
    const noted = log.items.filter((i: { what: string }) => i.what === 'export.list')
    expect(noted[1].facts).toMatchObject({ of: 'list', format: 'csv', view: 'team', severity: 'high' })
    expect(JSON.stringify(noted)).not.toContain('王小明')
  })

  it('is told what is wrong with the question', async () => {
    for (const query of ['?severety=high', '?open=maybe', '?constructor[prototype][x]=1', '?ownerId=1'])
      expect((await world.as('lead')('GET', `/api/v1/exports/list.csv${query}`)).statusCode, query).toBe(400)
  })

  it('takes one at a time', async () => {
    const two = await Promise.all([1, 2].map(() => world.as('lead')('GET', '/api/v1/exports/list.csv')))
    expect(two.map((r) => r.statusCode).sort()).toEqual([200, 429])
    expect((await world.as('lead')('GET', '/api/v1/exports/list.csv')).statusCode).toBe(200)
  })

  it('does not wait for those of another organisation', async () => {
    const others = (['intake', 'mei'] as const).map((who) => world.as(who)('GET', '/api/v1/exports/list.csv'))
    const neighbour = await world.as('lead', 'neighbour')('GET', '/api/v1/exports/list.csv')
    expect(neighbour.statusCode).toBe(200)
    await Promise.all(others)
  })
})
