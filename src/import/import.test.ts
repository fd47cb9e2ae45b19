import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { badFile } from './bad-file.ts'
import { replaceHeadOf } from '../complaints/index.ts'
import { importWorld, type ImportWorld, textSource } from './import-world.ts'
import { rescueFindable } from './jobs.ts'

let world: ImportWorld
beforeAll(async () => {
  world = await importWorld()
})
afterAll(() => world.stop())

const head = 'id,received,first reply,closed,status,title,description,name,email,phone,reply'
const line = (
  id: string,
  more: Partial<
    Record<
      'received' | 'answered' | 'closed' | 'status' | 'title' | 'text' | 'name' | 'mail' | 'phone' | 'reply',
      string
    >
  > = {},
) => {
  const {
    received = '2024-03-01 10:00:00',
    answered = '',
    closed = '',
    status = '',
    title = 'It smokes',
    text = 'The battery smokes',
    name = '',
    mail = '',
    phone = '',
    reply = '',
  } = more
  return [id, received, answered, closed, status, title, text, name, mail, phone, reply].map((c) => `"${c}"`).join(',')
}
const file = (...lines: string[]) => textSource([head, ...lines].join('\n'))
const byId = async (source: string, id: string) =>
  (
    await world.rows<Record<string, string & Date>>(
      `select c.*, i.flaw from complaint c join import_item i on i.org_id = c.org_id and i.complaint_id = c.id join import_run r on r.org_id = i.org_id and r.id = i.run_id
        where r.source = $1 and i.source_id = $2`,
      [source, id],
    )
  )[0] ?? {}
const count = async (table: string) =>
  Number((await world.rows<{ n: string }>(`select count(*) as n from ${table} where org_id = $1`, [world.org]))[0]?.n)

describe('a history that comes in', () => {
  test('keeps its instants, its words and its people, and the audit finds nothing wrong', async () => {
    const run = await world.bring(
      file(
        line('A-1', {
          answered: '2024-03-01 12:00:00',
          closed: '2024-03-05 09:30:00',
          status: '已結案',
          name: '陳小姐',
          mail: 'Chen@Mail.test',
          phone: '0912 345 678',
          reply: 'We took it back',
        }),
        line('A-2', { closed: '2024-03-03 10:00:00', status: 'Withdrawn', mail: 'chen@mail.test' }),
        line('A-3', { status: 'open', name: '王先生', phone: '0912345678' }),
        line('A-4', { received: '2026-02-01', answered: '2026-02-02', status: 'pending', reply: 'We look into it' }),
      ),
      { source: 'life' },
    )
    expect(run).toMatchObject({ state: 'done', imported: 4, bad: 0, done: 4 })
    const closed = await byId('life', 'A-1')
    expect(closed).toMatchObject({ state: 'closed', open: false, next_clock: null })
    expect([closed.received_at, closed.first_reply_at, closed.responded_at, closed.closed_at].map(Number)).toEqual(
      ['2024-03-01T02:00Z', '2024-03-01T04:00Z', '2024-03-01T04:00Z', '2024-03-05T01:30Z'].map(Date.parse),
    )
    expect(await byId('life', 'A-2')).toMatchObject({
      state: 'withdrawn',
      closure_code: 'C4',
      customer_id: closed.customer_id,
    })
    // Another name under the same number is another person.
    expect((await byId('life', 'A-3')).customer_id).not.toBe(closed.customer_id)
    const events = await world.rows<{ type: string; at: number }>(
      'select type, at from complaint_event where org_id = $1 and complaint_id = $2 order by seq',
      [world.org, closed.id],
    )
    expect(events.map((e) => [e.type, new Date(e.at).toISOString()])).toEqual([
      ['received', '2024-03-01T02:00:00.000Z'],
      ['responded', '2024-03-01T04:00:00.000Z'],
      ['closed', '2024-03-05T01:30:00.000Z'],
    ])
    expect(await world.wrong()).toEqual([])
  })

  test('tells nobody: no mail, no notice, and what is open has its dates from now on', async () => {
    expect([await count('outbox'), await count('notice')]).toEqual([0, 0])
    const clocks = await world.rows<{ kind: string; state: string; started_at: number }>(
      `select k.kind, k.state, k.started_at from clock k join import_item i on i.org_id = k.org_id and i.complaint_id = k.complaint_id where i.source_id = 'A-3' order by kind`,
    )
    // The law's date ran from the true receipt and is over; ours begins today.
    expect(clocks).toEqual([
      { kind: 'resolve', state: 'running', started_at: world.clock.now },
      { kind: 'statutory', state: 'breached', started_at: Date.parse('2024-03-01T02:00Z') },
    ])
  })

  test('doubles nothing when it comes twice, in the same file or in another', async () => {
    const once = file(
      line('D-1'),
      line('D-2', { title: 'late' }),
      line('D-2', { title: 'late' }),
      line('D-1', { title: 'told otherwise' }),
    )
    expect(await world.bring(once, { source: 'twice' })).toMatchObject({ imported: 2, known: 1, changed: 1 })
    const before = await count('complaint')
    expect(await world.bring(once, { source: 'twice' })).toMatchObject({ imported: 0, known: 3, changed: 1 })
    expect(await count('complaint')).toBe(before)
    // The same id of another source is another complaint.
    expect(await world.bring(file(line('D-1')), { source: 'elsewhere' })).toMatchObject({ imported: 1 })
  })

  test('without ids, rows are known by what they say', async () => {
    const nameless = textSource('received,description\n2024-01-01,one\n2024-01-01,one\n2024-01-02,two\n')
    expect(await world.bring(nameless, { source: 'nameless' })).toMatchObject({ imported: 3 })
    expect(await world.bring(nameless, { source: 'nameless' })).toMatchObject({ imported: 0, known: 3 })
  })

  test('closed before it was received: imported, flagged, never open, and no duration', async () => {
    await world.bring(file(line('F-1', { received: '2024-03-10 10:00:00', closed: '2024-03-08 10:00:00' })), {
      source: 'flaws',
    })
    const it = await byId('flaws', 'F-1')
    expect(it).toMatchObject({ flaw: 'closed-before-received', state: 'closed' })
    expect(Number(it.closed_at)).toBe(Number(it.received_at))
  })

  test('broken off in the middle and gone on with is the same as never broken off', async () => {
    const lines = Array.from({ length: 1300 }, (_, i) =>
      line(`L-${i}`, {
        closed: '2024-04-01',
        mail: `p${i % 500}@mail.test`,
        received: i === 900 ? 'soon' : `2024-03-${String(1 + (i % 28)).padStart(2, '0')}`,
      }),
    )
    const source = file(...lines)
    const broken = await world.bring(source, { source: 'long' }, 100)
    expect(broken.state).toBe('stopped')
    expect(broken.done).toBeLessThan(1300)
    const whole = await world.resume(broken, source)
    expect(whole).toMatchObject({ state: 'done', done: 1300, imported: 1299, bad: 1, known: 0 })
    const [people] = await world.rows<{ n: string }>(
      `select count(*) as n from customer_identity where org_id = $1 and norm like 'p%@mail.test'`,
      [world.org],
    )
    expect(Number(people?.n)).toBe(500)
    expect(await world.wrong()).toEqual([])
  })

  test('rows that cannot be taken come back as a table with the reason, and are mended and brought in alone', async () => {
    const run = await world.bring(
      file(
        line('B-1'),
        line('B-2', { received: '32/13/2024' }),
        line('B-3', { status: 'whatever' }),
        line('', {}),
        line('B-5', { received: '2031-01-01', phone: '+886912000111' }),
      ),
      { source: 'bad' },
    )
    expect(run).toMatchObject({ imported: 1, bad: 4 })
    const parts: string[] = []
    for await (const part of badFile(world.app.db, world.org, run)) parts.push(part)
    const text = parts.join('')
    expect(text).toContain('received: date-unreadable: 32/13/2024')
    expect(text).toContain('status: value-unknown: whatever')
    expect(text).toContain("'+886912000111")
    const mended = text
      .replace('32/13/2024","', '2024-03-02","')
      .replace('"whatever"', '"closed"')
      .replace('"2031-01-01"', '"2025-01-01"')
    const again = await world.bring(textSource(mended, 'history.bad.csv'), { source: 'bad' })
    expect(again).toMatchObject({ imported: 2, bad: 2 })
    const [phone] = await world.rows<{ norm: string }>(
      `select norm from customer_identity where norm = '+886912000111'`,
    )
    expect(phone).toBeDefined()
  })

  test('is there at once and found a little later; what was changed in between keeps its newer words', async () => {
    const run = await world.bring(file(line('S-1'), line('S-2'), line('S-3')), { source: 'later' }, undefined, false)
    expect(run).toMatchObject({ state: 'done', imported: 3, found: 0 })
    const findable = () =>
      world.rows<{ id: string; heads: number; said: number }>(
        `select i.source_id as id, count(*) filter (where s.message_id is null and s.id is not null)::int as heads, count(s.message_id)::int as said
          from import_item i left join search_row s on s.org_id = i.org_id and s.complaint_id = i.complaint_id where i.run_id = $1 group by 1 order by 1`,
        [run.id],
      )
    expect((await findable()).map((f) => f.heads + f.said)).toEqual([0, 0, 0])
    expect(await world.wrong()).toEqual([])
    const changed = await byId('later', 'S-2')
    await world.app.db.withScope({ org: world.org }, (tx) =>
      replaceHeadOf(
        { tx, actor: { org: { id: world.org, no: 1 } } } as unknown as Parameters<typeof replaceHeadOf>[0],
        String(changed.id),
      ),
    )
    // The worker asks for what nobody came back to, as well.
    expect(await rescueFindable(world.app)).toBe(1)
    await Promise.all([world.find(run.id), world.find(run.id)])
    await world.find(run.id)
    expect(await rescueFindable(world.app)).toBe(0)
    expect((await findable()).map((f) => [f.heads, f.said])).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ])
    expect(await world.wrong()).toEqual([])
  })

  test('is found by its number there, and figures count it in its own month', async () => {
    const rows = await world.rows<{ n: string }>(
      `select count(*) as n from search_row s join import_item i on i.org_id = s.org_id and i.complaint_id = s.complaint_id
        where i.source_id = 'A-1' and s.message_id is null and s.tsv @@ $1::tsquery`,
      ["'a-1' | 'a1' | '1'"],
    )
    expect(Number(rows[0]?.n)).toBe(1)
  })
})
