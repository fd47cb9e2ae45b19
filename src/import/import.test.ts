import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { badFile } from './bad-file.ts'
import { replaceHeadOf } from '../complaints/index.ts'
import { importWorld, type ImportWorld, textSource } from './import-world.ts'
import { findableNext, type PassedOver } from './findable.ts'
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
async function asOwner(work: (owner: pg.Client) => Promise<void>): Promise<void> {
  const owner = new pg.Client({ connectionString: world.url })
  await owner.connect()
  await work(owner).finally(() => owner.end())
}
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

  test.each([
    ['closed too early', { answered: '2024-03-12', closed: '2024-03-08' }, 'closed-before-received'],
    ['answered too early', { answered: '2024-03-08', closed: '2024-03-12' }, 'answered-before-received'],
    ['both too early', { answered: '2024-03-07', closed: '2024-03-08' }, 'closed-and-answered-before-received'],
    [
      'words of an answer, and an end too early',
      { closed: '2024-03-08', reply: 'y' },
      'closed-and-answered-before-received',
    ],
    ['both later', { answered: '2024-03-11', closed: '2024-03-12' }, null],
  ] as const)('%s: only that time is spoilt', async (name, at, flaw) => {
    await world.bring(file(line(name, { received: '2024-03-10', ...at })), { source: 'kinds' })
    expect((await byId('kinds', name)).flaw).toBe(flaw)
  })

  test('whoever has its mail is the proven one, and of those nobody has proven the oldest', async () => {
    const [old, fresh, proven] = [1, 2, 3].map((n) => `00000000-0000-7000-8000-00000000000${n}`)
    const known = async (id: string | undefined, mail: string, at: string, verified: string | null = null) => {
      await world.rows(
        `insert into customer (org_id, id, name, created_at) values ($1, $2, 'x', $3) on conflict do nothing`,
        [world.org, id, at],
      )
      await world.rows(
        `insert into customer_identity (org_id, id, customer_id, kind, value, norm, verified_at, created_at) values ($1, gen_random_uuid(), $2, 'mail', $3, $3, $4, $5)`,
        [world.org, id, mail, verified, at],
      )
    }
    for (const mail of ['either@mail.test', 'all@mail.test']) {
      await known(fresh, mail, '2025-02-01')
      await known(old, mail, '2025-01-01')
    }
    await known(proven, 'all@mail.test', '2025-03-01', '2025-03-02')
    const rows = file(line('W-1', { mail: 'either@mail.test' }), line('W-2', { mail: 'all@mail.test' }))
    await world.bring(rows, { source: 'who' })
    expect([(await byId('who', 'W-1')).customer_id, (await byId('who', 'W-2')).customer_id]).toEqual([old, proven])
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

  test('one that cannot be made findable is passed over and said, and those behind it are found', async () => {
    const run = await world.bring(
      file(...Array.from({ length: 9 }, (_, i) => line(`P-${i}`))),
      { source: 'poison' },
      undefined,
      false,
    )
    const poison = await byId('poison', 'P-5')
    const passed: PassedOver[] = []
    await asOwner(async (owner) => {
      await owner.query(`alter table search_row add constraint poison check (complaint_id <> '${poison.id}')`)
      for (let left: number | null = 1; left; )
        left = await findableNext(world.app, world.org, run.id, (one) => passed.push(one))
      await owner.query('alter table search_row drop constraint poison')
    })
    expect(passed).toEqual([{ complaint: poison.id, row: 6, why: '23514' }])
    const told = async () =>
      (await world.rows('select found, done, unfindable from import_run where id = $1', [run.id]))[0]
    expect(await told()).toEqual({ found: 9, done: 9, unfindable: 1 })
    const wrong = await world.wrong()
    expect(wrong).toHaveLength(2)
    for (const one of wrong) expect(one).toMatch(`audit.search-missing ${poison.number}`)
    expect((await world.app.server.inject('/metrics')).body).toMatch(/^redress_import_unfindable 1$/m)
    // Mended, it is found like any other.
    await world.rows('update import_run set found = 0, unfindable = 0 where id = $1', [run.id])
    await world.find(run.id)
    expect(await world.wrong()).toEqual([])
  })

  test('what waits for more than a day to be found is a finding', async () => {
    const run = await world.bring(file(line('T-1'), line('T-2')), { source: 'late' }, undefined, false)
    world.clock.advance(23 * 3_600_000)
    expect(await world.wrong()).toEqual([])
    world.clock.advance(2 * 3_600_000)
    expect(await world.wrong()).toEqual([`audit.search-late  2 rows of import ${run.id}`])
    await world.find(run.id)
    expect(await world.wrong()).toEqual([])
  })

  test('while a customer is being changed, their complaints are not held: whoever changes both goes on', async () => {
    const run = await world.bring(file(line('H-1', { mail: 'held@mail.test' })), { source: 'held' }, undefined, false)
    const { id, customer_id } = await byId('held', 'H-1')
    await asOwner(async (owner) => {
      await owner.query('begin')
      await owner.query('select from customer where id = $1 for update', [customer_id])
      const finding = world.find(run.id)
      const waiting = `select from pg_locks where not granted and pg_backend_pid() = any (pg_blocking_pids(pid))`
      await vi.waitUntil(async () => (await owner.query(waiting)).rowCount, { timeout: 60_000, interval: 20 })
      await owner.query('select from complaint where id = $1 for update nowait', [id])
      await owner.query('commit')
      await finding
    })
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
