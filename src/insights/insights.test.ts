import { inflateRawSync } from 'node:zlib'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everyone, ms, record, startWorld, type World } from '../../test/world/world.ts'

// Figures through the real commands, and as a workbook.

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const week = async (query = '') => {
  const reply = await world.as('auditor')('GET', `/api/v1/figures?period=week${query}`)
  expect(reply.statusCode, reply.body).toBe(200)
  const { total, balance } = reply.json()
  return { ...total.now, opening: balance.opening, reopened: balance.reopened }
}
const post = async (id: string, path: string, body: object) => {
  const page = (await world.as('mei')('GET', `/api/v1/complaints/${id}`)).json()
  const version: number = page.complaint.version
  const reply = await world.as('mei')('POST', `/api/v1/complaints/${id}/${path}`, { version, ...body })
  expect(reply.statusCode, reply.body).toBe(200)
}
const answer = async (id: string, told = 'phone') => {
  const page = (await world.as('mei')('GET', `/api/v1/complaints/${id}`)).json()
  const findings = (page.points as { id: string }[]).map((p) => ({ pointId: p.id, finding: 'upheld' }))
  await post(id, 'replies', { text: '成立', told, decision: true, outcomeCode: 'O1', findings })
}

describe('a life in figures', () => {
  it('is received, answered, closed, and in a later week reopened and open', async () => {
    const { id } = await record(world)
    expect(await week()).toMatchObject({ opening: 0, received: 1, answered: 0, closed: 0, open: 1 })
    await answer(id)
    await post(id, 'closure', { reasonCode: 'C2', summary: '結案說明' })
    expect(await week()).toMatchObject({ received: 1, answered: 1, closed: 1, open: 0 })
    world.clock.advance(7 * ms.day)
    expect(await week()).toEqual({ opening: 0, received: 0, answered: 0, closed: 0, open: 0, overdue: 0, reopened: 0 })
    await post(id, 'reopening', { reason: '顧客又來電' })
    expect(await week()).toMatchObject({ reopened: 1, closed: 0, open: 1 })
    // The week before stays as it was.
    const on = new Date(world.clock.now - 7 * ms.day).toISOString().slice(0, 10)
    expect(await week(`&on=${on}`)).toMatchObject({ received: 1, answered: 1, closed: 1, open: 0 })
  })

  it('closed and reopened within one week is not closed there', async () => {
    world.clock.advance(7 * ms.day)
    const before = await week()
    const { id } = await record(world)
    await answer(id)
    await post(id, 'closure', { reasonCode: 'C2', summary: '結案說明' })
    await post(id, 'reopening', { reason: '顧客又來電' })
    const after = await week()
    expect([after.received - before.received, after.closed, after.reopened]).toEqual([1, 0, before.reopened])
    expect(after.opening + after.received + after.reopened - after.closed).toBe(after.open)
  })

  it('with an answer taken back is not answered', async () => {
    world.clock.advance(7 * ms.day)
    const { id } = await record(world, { mode: 'anonymous' })
    await answer(id, 'portal')
    expect((await week()).answered).toBe(1)
    const items = (await world.as('lead')('GET', '/api/v1/outbox')).json().items as { id: string; state: string }[]
    const waiting = items.find((i) => i.state === 'waiting')
    const undone = await world.as('lead')('POST', `/api/v1/outbox/${waiting?.id}/cancellation`)
    expect(undone.statusCode, undone.body).toBe(200)
    expect((await week()).answered).toBe(0)
  })
})

describe('who counts', () => {
  it('holds the permission, and by owner that of leads and checkers', async () => {
    const may = ['mei', 'xiu', 'lead', 'reviewer', 'auditor', 'executive', 'specialist', 'improver', 'qa']
    for (const who of everyone) {
      const [json, file] = await Promise.all(
        ['figures', 'figures.xlsx'].map((name) => world.as(who)('GET', `/api/v1/${name}`)),
      )
      expect([json?.statusCode, file?.statusCode], who).toEqual(may.includes(who) ? [200, 200] : [403, 403])
      if (!may.includes(who)) continue
      const owner = await world.as(who)('GET', '/api/v1/figures?by=owner')
      const allowed = ['lead', 'auditor', 'qa'].includes(who)
      expect(owner.json().code, who).toBe(allowed ? undefined : 'insights.owners-closed')
    }
    expect((await world.app.server.inject('/api/v1/figures.xlsx')).statusCode).toBe(401)
  })

  it.each(['period=custom', 'period=custom&first=2026-03-02&last=2026-03-01', 'period=week&on=1066-10-14'])(
    '%s is refused',
    async (query) => {
      for (const name of ['figures', 'figures.xlsx']) {
        const reply = await world.as('lead')('GET', `/api/v1/${name}?${query}`)
        expect([reply.statusCode, reply.json().code]).toEqual([400, 'insights.bad-period'])
      }
    },
  )
})

describe('times as a table', () => {
  it('are hours, with what was left out, in the language asked for; a name is never a formula', async () => {
    world.clock.advance(7 * ms.day)
    const { org } = world.home
    const id = '01950000-0000-7000-8000-0000000000aa'
    const label = JSON.stringify({ zhHant: '=1+1', zhHans: '＝1+1', en: '@x' })
    await world.app.db.withScope({ org }, (tx) =>
      tx.run(sql`insert into place (org_id, id, code, name) values (${org}, ${id}, 'F', ${label}::jsonb)`),
    )
    const { id: one } = await record(world, { placeId: id })
    world.clock.advance(90 * ms.minute)
    await answer(one)
    await post(one, 'closure', { reasonCode: 'C2', summary: '結案說明' })
    const reply = await world.as('lead')(
      'GET',
      '/api/v1/figures/durations.csv?by=place&period=week&compare=none&language=zh-Hant',
    )
    expect(reply.headers['content-disposition']).toMatch(/\.csv$/)
    const lines = reply.body.replace(/^\uFEFF/, '').split('\r\n')
    expect(lines[0]).toContain('"結案時間: 中位數（小時）"')
    expect(lines[1]).toMatch(/^"'=1\+1","2026 年第 \d+ 週.*",1,0,1\.5,1\.5,1,0,1\.5,1\.5$/)
    expect((await world.as('store')('GET', '/api/v1/figures/durations.csv')).statusCode).toBe(403)
  })
})

describe('the workbook', () => {
  it('has numbers as numbers, and names as text whatever they begin with', async () => {
    const names = ['=HYPERLINK("http://evil.test")', '+1', '-1+2', '@SUM(1)']
    const { org } = world.home
    for (const [i, name] of names.entries()) {
      const id = `01950000-0000-7000-8000-00000000000${i}`
      const label = JSON.stringify({ zhHant: name, zhHans: name, en: name })
      await world.app.db.withScope({ org }, (tx) =>
        tx.run(sql`insert into place (org_id, id, code, name) values (${org}, ${id}, ${`X${i}`}, ${label}::jsonb)`),
      )
      await record(world, { placeId: id })
    }
    const reply = await world.as('lead')('GET', '/api/v1/figures.xlsx?by=place&period=week&language=zh-Hant')
    expect(reply.headers['content-disposition']).toMatch(
      /filename\*=UTF-8''%E9%80%B1%E5%A0%B1-.*-2026-\d\d-\d\d_2026-\d\d-\d\d\.xlsx$/,
    )
    const files = unzipped(reply.rawPayload)
    const all = [...files].filter(([name]) => name.endsWith('.xml')).map(([, text]) => text)
    const sheets = [...files].filter(([name]) => /worksheets\/sheet\d\.xml$/.test(name))
    expect(sheets).toHaveLength(3)
    for (const [, text] of sheets) expect(text).not.toMatch(/<f[ >]/)
    for (const name of names) expect(all.join('')).toContain(`<t>${name}</t>`)
    // One each of the four, as a number.
    const first = sheets.find(([name]) => name.endsWith('sheet1.xml'))?.[1] ?? ''
    expect(first.match(/<c [^>]*><v>1<\/v><\/c>|<c [^>]*t="n"[^>]*><v>1<\/v>/g)?.length ?? 0).toBeGreaterThanOrEqual(4)
    const noted = await world.app.db.withScope({ org }, (tx) =>
      tx.rows(sql`select facts from access_log where org_id = ${org} and what = 'insights.exported'`),
    )
    expect(noted.length).toBeGreaterThan(0)
  })
})

/** The texts of a zip file by their names, read off its central directory. */
function unzipped(zip: Buffer): Map<string, string> {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  const files = new Map<string, string>()
  let at = zip.readUInt32LE(end + 16)
  for (let n = zip.readUInt16LE(end + 10); n > 0; n--) {
    const [method, size, long] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28)]
    const name = zip.toString('utf8', at + 46, at + 46 + long)
    const local = zip.readUInt32LE(at + 42)
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const bytes = zip.subarray(start, start + size)
    files.set(name, (method === 8 ? inflateRawSync(bytes) : bytes).toString())
    at += 46 + long + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  return files
}
