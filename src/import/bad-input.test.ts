import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startWorld, type World } from '../../test/world/world.ts'
import { badFile } from './bad-file.ts'
import { bringInto } from './bring-world.ts'
import { textSource } from './import-world.ts'
import { findableNext } from './findable.ts'
import { look } from './plan.ts'
import type { RunRow } from './runs.ts'
import type { Source } from './read/index.ts'

// Files as they come (BAD-INPUT B05, B31, B33, B65, B69): what can be taken is, the rest comes back with why, nothing breaks.

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const into = () => ({ app: world.app, org: world.home.org, now: world.clock.now })
const of = (bytes: Buffer, name = 'h.csv'): Source => ({
  name,
  size: bytes.length,
  open: async function* () {
    yield bytes
  },
})
async function bad(run: RunRow): Promise<string> {
  const parts: string[] = []
  for await (const part of badFile(world.app.db, world.home.org, run)) parts.push(part)
  return parts.join('')
}
async function bodies(run: RunRow): Promise<string[]> {
  const { rows } = await world.app.systemDb.pool.query<{ body: string }>(
    `select m.body from message m join import_item i on i.org_id = m.org_id and i.complaint_id = m.complaint_id where i.run_id = $1 order by i.no`,
    [run.id],
  )
  return rows.map((r) => r.body)
}

describe('letters', () => {
  test.each([
    ['at the beginning', 1],
    ['far behind what was looked at first', 6000],
  ])('rows in other letters than the rest are taken as far as they can be read: %s', async (_, at) => {
    const utf8 = (i: number) => Buffer.from(`M${at}-${i},2024-03-01,門市服務態度不佳，等候很久 ${i}\n`)
    const rows = Array.from({ length: at + 40 }, (__, i) =>
      i === at ? iconv.encode(`M${at}-${i},2024-03-01,櫃檯人員態度冷淡\n`, 'big5') : utf8(i),
    )
    const file = of(Buffer.concat([Buffer.from('id,received,description\n'), ...rows.slice(Math.max(0, at - 300))]))
    const head = at > 300 ? Buffer.concat([Buffer.from('id,received,description\n'), ...rows]) : undefined
    const source = head ? of(head) : file
    expect((await look(source, 'Asia/Taipei')).detected.encoding).toBe('utf-8')
    if (head) return
    const run = await bringInto(into(), source, { source: `mixed-${at}` })
    expect(run).toMatchObject({ bad: 0, imported: run.done })
    const said = await bodies(run)
    expect(said.filter((b) => b.includes('\ufffd'))).toHaveLength(1)
    expect(said[0]).toBe('門市服務態度不佳，等候很久 0')
  })

  test('files put together keep their second mark and header to themselves', async () => {
    const one = '\ufeffid,received,description\nB-1,2024-03-01,一\n'
    const run = await bringInto(into(), textSource(`${one}${one.replace('B-1', 'B-2')}\ufeffB-3,2024-03-01,三\n`), {
      source: 'put together',
    })
    // The second header is no complaint; the mark before an id is no part of it.
    expect(run).toMatchObject({ imported: 3, bad: 1 })
    const { rows } = await world.app.systemDb.pool.query<{ id: string }>(
      'select source_id as id from import_item where run_id = $1 order by no',
      [run.id],
    )
    expect(rows.map((r) => r.id)).toEqual(['B-1', 'B-2', 'B-3'])
  })
})

describe('rows', () => {
  test('dates that are none, or of no time, come back; those that could be meant the other way round are told', async () => {
    const dates = ['9999-12-31', '0000-01-01', '2024-02-30', '1066-10-14', '', '2024-03-01']
    const lines = dates.map((date, i) => `D-${i},${date},x`)
    const run = await bringInto(into(), textSource(`id,received,description\n${lines.join('\n')}\n`), {
      source: 'dates',
      columns: { id: 'id', received: 'received', text: 'description' },
      dates: { format: 'iso', zone: 'Asia/Taipei' },
    })
    expect(run).toMatchObject({ imported: 1, bad: 5 })
    const reasons = await bad(run)
    expect(reasons).toContain('date-in-future: 9999-12-31')
    expect(reasons).toContain('date-unreadable: 2024-02-30')
    expect(reasons).toContain('date-too-old: 1066-10-14')
    expect(reasons).toContain('received-missing')
    const { warnings } = await look(textSource('id,received\n1,01/02/2024\n2,03/04/2024\n'), 'Asia/Taipei')
    expect(warnings.map((w) => w.code)).toContain('dates-swappable')
  })

  test('formulas in a file of bad rows stand behind a mark, full-width ones as well, and come back without', async () => {
    const cells = ['=1+1', '+1', '-1', '@x', '＝1', '＋1', '－1', '＠x', '\t=1']
    const lines = cells.map((cell, i) => `F-${i},soon,"${cell}"`)
    const mapping = {
      source: 'formulas',
      columns: { id: 'id', received: 'received', text: 'description' },
      dates: { format: 'iso', zone: 'Asia/Taipei' },
    }
    const run = await bringInto(into(), textSource(`id,received,description\n${lines.join('\n')}\n`), mapping)
    const text = await bad(run)
    for (const cell of cells) expect(text).toContain(`"'${cell}"`)
    const mended = await bringInto(into(), textSource(text.replaceAll('"soon"', '"2024-03-01"')), mapping)
    expect(mended).toMatchObject({ imported: cells.length, bad: 0 })
    expect(await bodies(mended)).toEqual(cells.map((c) => c.trim()))
  })

  test('names that mean something to JavaScript do nothing, as headers, keys, values and in mappings', async () => {
    const rows = [
      '{"id":"P-1","received":"2024-03-01","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"text":"x"}',
      '{"id":"P-2","received":"soon","__proto__":{"polluted":1}}',
    ]
    const values = JSON.parse('{"type":{"__proto__":"polluted","constructor":"R1"}}')
    const columns = { id: 'id', received: 'received', text: 'text', type: '__proto__.polluted' }
    const run = await bringInto(into(), textSource(rows.join('\n'), 'p.jsonl'), { source: 'proto', columns, values })
    expect(run).toMatchObject({ imported: 1, bad: 1 })
    expect(JSON.parse(await bad(run)).id).toBe('P-2')
    const header = textSource('__proto__,constructor,id,received\nx,y,P-3,2024-03-01\n')
    expect(await bringInto(into(), header, { source: 'proto' })).toMatchObject({ imported: 1 })
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('long words are found to their end once the worker has been there', async () => {
    const run = await bringInto(
      into(),
      textSource(`id,received,description\nL-1,2024-03-01,"${'smoke '.repeat(5000)}lastlyzebra"\n`),
      {
        source: 'long',
      },
    )
    while ((await findableNext(world.app, world.home.org, run.id)) !== 0) continue
    const found = await world.as('lead')('GET', '/api/v1/search?q=lastlyzebra')
    expect(found.json().items).toMatchObject([{ complaint: { title: expect.stringMatching(/^smoke/) } }])
  })
})

describe('names of files', () => {
  test.each([
    ['x'.repeat(5000) + '.csv', /^x{196}\.csv$/],
    ['../../etc/passwd.csv', /^passwd\.csv$/],
    ['..\\..\\boot.csv', /^boot\.csv$/],
    ['a\u200bb\u202egpj.csv', /^abgpj\.csv$/],
    ['CON.csv', /^_CON\.csv$/],
    ['=cmd|calc.csv. ', /^=cmd_calc\.csv$/],
  ])('%j', async (name, wanted) => {
    const boundary = 'x----y'
    const body = Buffer.concat([
      Buffer.from(
        `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename*=UTF-8''${encodeURIComponent(name)}\r\n\r\n`,
      ),
      Buffer.from('id,received\n1,soon\n'),
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ])
    const reply = await world.as('admin')('POST', '/api/v1/settings/imports/files', body, {
      'content-type': `multipart/form-data; boundary=${boundary}`,
    })
    expect(reply.statusCode, reply.body).toBe(201)
    const run = await world.as('admin')('GET', `/api/v1/settings/imports/${reply.json().id}`)
    expect(run.json().fileName).toMatch(wanted)
  })
})
