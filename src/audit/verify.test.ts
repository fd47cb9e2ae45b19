import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  addPoint,
  appendMessage,
  assess,
  close,
  confirm,
  investigate,
  note,
  reopen,
  reply,
} from '../complaints/commands.ts'
import { type AuditWorld, auditWorld } from './audit-world.ts'
import { checkpointPath, refold, verifyAll, verifyComplaint, writeCheckpoints } from './index.ts'

let world: AuditWorld
beforeAll(async () => {
  world = await auditWorld()
})
afterAll(() => world.stop())

async function livedThrough(text: string): Promise<{ id: string; number: string; seq: number }> {
  const { app, act, clock } = world
  const { id, number, version } = await world.record(text, {
    flags: [],
    points: [`${text} 一`, `${text} 二`],
    attachmentIds: [await world.upload(`${text} receipt`)],
  })
  clock.advance(60_000)
  const assessed = await act((ctx) =>
    assess(app, ctx, id, {
      version,
      impact: 4,
      likelihood: 3,
      flags: [],
      title: '改了標題',
      orderNo: 'SO-1',
      reason: '兒童受傷',
    }),
  )
  await act((ctx) => note(app, ctx, id, { text: '致電廠商', attachmentIds: [] }))
  clock.advance(60_000)
  await act((ctx) => appendMessage(app, ctx, id, { text: '還有一件事', channel: 'phone', attachmentIds: [] }))
  const looked = await act((ctx) => investigate(app, ctx, id, { version: assessed.version + 2 }))
  const added = await act((ctx) => addPoint(app, ctx, id, { version: looked.version, text: '第三點' }))
  return { id, number, seq: added.version }
}

const codes = async () =>
  (await verifyAll(world.app)).findings.map((f) => `${f.code} ${f.complaint ?? ''} ${f.seq ?? ''}`.trim())

/** Does harm as the superuser, tells what verification says, and puts everything back. */
async function told(harm: string, undo: string, values: unknown[] = []): Promise<string[]> {
  await world.meddle(harm, values)
  try {
    return await codes()
  } finally {
    await world.meddle(undo, values)
  }
}

describe('an untouched installation', () => {
  it('verifies, with every life a complaint can have', async () => {
    const { id, seq } = await livedThrough('電熱水壺漏電')
    const { app, act } = world
    const points = await world.app.db.withScope(
      world.actor.scope,
      async (tx) => (await tx.client.query<{ id: string }>('select id from point where complaint_id = $1', [id])).rows,
    )
    const findings = points.map((p) => ({ pointId: p.id, finding: 'upheld' as const, answer: '屬實' }))
    const answered = await act((ctx) =>
      reply(app, ctx, id, {
        version: seq,
        text: '全額退費',
        told: 'phone',
        decision: true,
        outcomeCode: 'O1',
        findings,
        attachmentIds: [],
      }),
    )
    const said = await act((ctx) => confirm(app, ctx, id, { version: answered.version, stance: 'accepted', text: '' }))
    const closed = await act((ctx) =>
      close(app, ctx, id, { version: said.version, reasonCode: 'C2', summary: '已退費' }),
    )
    world.clock.advance(3_600_000)
    await act((ctx) => reopen(app, ctx, id, { version: closed.version, reason: '又漏電' }))
    const result = await verifyAll(app, { blobs: true })
    expect(result.findings).toEqual([])
    expect(result).toMatchObject({ ok: true, complaints: 1, blobs: 1, unusedBlobs: 0 })
  })

  it('proves the answer of a point and the summary of a closing', async () => {
    const { app, act } = world
    const { id, version } = await world.record('除濕機')
    const { rows } = await world.app.systemDb.pool.query<{ id: string }>(
      'select id from point where complaint_id = $1',
      [id],
    )
    const findings = rows.map((p) => ({ pointId: p.id, finding: 'upheld' as const, answer: '屬實' }))
    const decision = { text: '退費', told: 'phone', decision: true, outcomeCode: 'O1', findings, attachmentIds: [] }
    const answered = await act((ctx) => reply(app, ctx, id, { version, ...decision }))
    const said = await act((ctx) => confirm(app, ctx, id, { version: answered.version, stance: 'accepted', text: '' }))
    await act((ctx) => close(app, ctx, id, { version: said.version, reasonCode: 'C2', summary: '已退費' }))
    expect(await codes()).toEqual([])
    const harms = [
      [`update point set answer = $2 where complaint_id = $1`, '屬實'],
      [`update complaint_text set summary = $2 where complaint_id = $1`, '已退費'],
    ] as const
    for (const [harm, before] of harms) {
      const found = await told(harm, harm, [id, 'another'])
      await world.meddle(harm, [id, before])
      expect(found.map((line) => line.split(' ')[0])).toEqual(['audit.text-mismatch'])
    }
    expect(await codes()).toEqual([])
  })

  it('is checked a complaint at a time too, as the app role', async () => {
    const { id, seq } = await livedThrough('烤箱')
    const one = await world.app.db.withScope(world.actor.scope, (tx) => verifyComplaint(tx, world.org, id))
    expect(one).toMatchObject({ ok: true, events: seq, problems: [] })
  })
})

describe('harm done behind the program, as superuser', () => {
  let victim: { id: string; number: string; seq: number }
  beforeAll(async () => {
    victim = await livedThrough('洗衣機')
    await writeCheckpoints(world.app)
    await world.meddle('create schema if not exists spare')
    for (const table of [
      'complaint',
      'complaint_event',
      'clock',
      'message',
      'point',
      'complaint_text',
      'complaint_words',
      'search_row',
      'checkpoint',
      'stream',
      'blob',
    ])
      await world.meddle(`create table spare.${table} as select * from ${table}`)
  })
  afterAll(() => world.meddle('drop schema spare cascade'))

  const back = (table: string) =>
    `delete from ${table} where org_id = '${world.org}'; insert into ${table} overriding system value select * from spare.${table}`

  it('an event changed shows at that event', async () => {
    const harm = `update complaint_event set payload = jsonb_set(payload, '{changes,set,impact}', '1') where complaint_id = '${victim.id}' and seq = 2`
    expect(await told(harm, back('complaint_event'))).toEqual([`audit.hash-mismatch ${victim.number} 2`])
  })
  it('an event whose own hash was made to fit shows at the next', async () => {
    const harm = `update complaint_event set hash = sha256('x') where complaint_id = '${victim.id}' and seq = 2`
    expect((await told(harm, back('complaint_event')))[0]).toBe(`audit.hash-mismatch ${victim.number} 2`)
  })
  it('an event taken out of the middle shows as the missing one', async () => {
    const harm = `delete from complaint_event where complaint_id = '${victim.id}' and seq = 3`
    expect(await told(harm, back('complaint_event'))).toContain(`audit.event-missing ${victim.number} 3`)
  })
  it('a cut tail shows at the first event that is gone', async () => {
    const harm = `delete from complaint_event where complaint_id = '${victim.id}' and seq >= 4`
    expect(await told(harm, back('complaint_event'))).toContain(`audit.tail-missing ${victim.number} 4`)
  })
  it('a cut tail with the state row made to fit is found by the checkpoint', async () => {
    const harm = `delete from complaint_event where complaint_id = '${victim.id}' and seq >= 4;
      update complaint c set version = 3, head = e.hash from complaint_event e where c.id = '${victim.id}' and e.complaint_id = c.id and e.seq = 3;
      delete from stream where complaint_id = '${victim.id}'`
    const found = await told(harm, `${back('complaint_event')}; ${back('complaint')}; ${back('stream')}`)
    expect(found).toContain(`audit.tail-missing ${victim.number} 4`)
  })
  it('a complaint removed with all its rows is found by the checkpoint', async () => {
    const tables = ['complaint_event', 'clock', 'message', 'point', 'complaint_words', 'search_row', 'stream']
    const harm = [
      ...tables.map((t) => `delete from ${t} where complaint_id = '${victim.id}'`),
      `update attachment set complaint_id = null, message_id = null where complaint_id = '${victim.id}'`,
      `delete from complaint_text where complaint_id = '${victim.id}'`,
      `update inbound_item set complaint_id = null where complaint_id = '${victim.id}'`,
      `delete from text_band where complaint_id = '${victim.id}'`,
      `delete from complaint where id = '${victim.id}'`,
    ].join(';')
    await world.meddle(
      'create table spare.attachment as select * from attachment; create table spare.inbound_item as select * from inbound_item',
    )
    const undo = [...tables, 'complaint', 'attachment', 'complaint_text', 'inbound_item'].map(back).join(';')
    expect(await told(harm, undo)).toEqual([`audit.complaint-missing ${victim.id} 1`])
    expect(await codes()).toEqual([])
  })
  it.each([
    [
      'the state row',
      'complaint',
      `update complaint set severity = 'low', closed_at = now() where id = $id`,
      'audit.state-mismatch',
    ],
    [
      'the clock',
      'clock',
      `update clock set due_at = due_at + interval '1 day' where complaint_id = $id and kind = 'resolve'`,
      'audit.clock-mismatch',
    ],
    [
      'a clock row, removed',
      'clock',
      `delete from clock where complaint_id = $id and kind = 'resolve'`,
      'audit.clock-missing',
    ],
    [
      'what was said',
      'message',
      `update message set body = body || '!' where complaint_id = $id and direction = 'in'`,
      'audit.text-mismatch',
    ],
    [
      'a note of a reason',
      'message',
      `update message set body = body || '!' where complaint_id = $id and direction = 'note'`,
      'audit.text-mismatch',
    ],
    [
      'words erased without an event',
      'message',
      `update message set body = '', salt = '' where complaint_id = $id and direction = 'in'`,
      'audit.text-mismatch',
    ],
    [
      'a point',
      'point',
      `update point set text = 'another' where complaint_id = $id and no = 1`,
      'audit.text-mismatch',
    ],
    [
      'a title, as it is shown',
      'complaint_text',
      `update complaint_text set title = 'another' where complaint_id = $id`,
      'audit.text-mismatch',
    ],
    ['an order number', 'complaint', `update complaint set order_no = 'SO-2' where id = $id`, 'audit.text-mismatch'],
    [
      'a title and the words it was given in',
      'complaint_words',
      `update complaint_words set text = 'another' where complaint_id = $id and kind = 'title'`,
      'audit.text-mismatch',
    ],
    [
      'words removed',
      'complaint_words',
      `delete from complaint_words where complaint_id = $id and kind = 'title'`,
      'audit.text-missing',
    ],
    [
      'a message put in',
      'message',
      `insert into message select org_id, complaint_id, gen_random_uuid(), direction, channel, visibility, author_staff_id, author_name, 'false', flags, salt, at from message where complaint_id = $id limit 1`,
      'audit.text-unproven',
    ],
    [
      'the search rows',
      'search_row',
      `delete from search_row where complaint_id = $id and message_id is null`,
      'audit.search-missing',
    ],
    ['rows of nobody', 'complaint', `delete from complaint where id = $id`, 'audit.orphan'],
  ])('%s', async (_name, table, harm, code) => {
    const found = await told(harm.replaceAll('$id', `'${victim.id}'`), back(table))
    expect(
      found.some((line) => line.startsWith(code)),
      found.join('\n'),
    ).toBe(true)
    expect(await codes()).toEqual([])
  })
  it('a missing and a changed file show', async () => {
    expect(await told(`update blob set size = size + 1`, back('blob'))).toContain('audit.blob-size')
  })
  it('checkpoints: a changed row, a removed row, a changed and a shortened file show', async () => {
    const path = checkpointPath(world.dataDir, world.org)
    const whole = await readFile(path, 'utf8')
    expect(await told(`update checkpoint set at = at + interval '1 hour' where no = 1`, back('checkpoint'))).toEqual(
      expect.arrayContaining(['audit.checkpoint-hash-mismatch', 'audit.checkpoint-file-differs']),
    )
    expect(
      await told(`update checkpoint set signature = '\\x00'::bytea || substr(signature, 2)`, back('checkpoint')),
    ).toContain('audit.checkpoint-signature')
    expect(await told('delete from checkpoint', back('checkpoint'))).toContain('audit.checkpoint-missing')
    await writeFile(path, '')
    world.clock.advance(3 * 3_600_000)
    expect(await codes()).toContain('audit.checkpoint-file-behind')
    await writeCheckpoints(world.app)
    expect(await readFile(path, 'utf8')).toBe(whole)
    expect(await codes()).toEqual([])
  })
})

it('two threads find what one finds', async () => {
  const victim = await livedThrough('烘衣機')
  await world.meddle(
    `update complaint_event set payload = payload || '{"x": 1}' where complaint_id = '${victim.id}' and seq = 2`,
  )
  const [one, two] = [await verifyAll(world.app), await verifyAll(world.app, { worthAThread: 2 })]
  expect(two.findings).toEqual(one.findings)
  expect(two).toMatchObject({ complaints: one.complaints, events: one.events, wrong: 1 })
  await world.meddle(
    `update complaint_event set payload = payload - 'x' where complaint_id = '${victim.id}' and seq = 2`,
  )
})

describe('checkpoints', () => {
  it('hold only what changed since, and nothing when nothing did', async () => {
    // A transaction of anybody else in this server may hold back what counts as committed: then the next run writes it.
    const written = (checkpoints: number) =>
      vi.waitFor(async () => expect(await writeCheckpoints(world.app)).toMatchObject([{ checkpoints }]), {
        timeout: 10_000,
      })
    await written(0)
    await world.record('冷氣不冷')
    await written(1)
    expect(await writeCheckpoints(world.app, { full: true })).toMatchObject([{ checkpoints: 0, heads: 0 }])
  })
  it('are written once by many processes at once', async () => {
    await world.record('冷氣滴水')
    let written = 0
    // A transaction of anybody else in this server may hold back what counts as committed: then the next run writes it.
    await vi.waitFor(async () => {
      const done = await Promise.all(Array.from({ length: 3 }, () => writeCheckpoints(world.app)))
      written += done.flat().reduce((sum, d) => sum + d.checkpoints, 0)
      expect(written).toBe(1)
    })
    expect(await codes()).toEqual([])
  })
  it('mend a line that a crash left half-written', async () => {
    await appendFile(checkpointPath(world.dataDir, world.org), '{"org":"')
    await world.record('冷氣很吵')
    await writeCheckpoints(world.app)
    expect(await codes()).toEqual([])
  })
})

describe('refolding', () => {
  it('mends state rows, clocks and lists from the history, and only what is outdated unless asked', async () => {
    const { id } = await livedThrough('電視')
    await world.meddle(
      `update complaint set state = 'closed', open = false, fold_version = 0 where id = '${id}'; delete from clock where complaint_id = '${id}'`,
    )
    expect(await codes()).toEqual([expect.stringMatching(/^audit.fold-outdated/)])
    expect(await refold(world.app)).toEqual({ complaints: 1, refused: [] })
    expect(await codes()).toEqual([])
    await world.meddle(
      `update complaint set severity = 'low' where id = '${id}'; insert into complaint_flag select org_id, 'media', id from complaint where id = '${id}'`,
    )
    expect(await refold(world.app)).toMatchObject({ complaints: 0 })
    await refold(world.app, { all: true })
    expect(await codes()).toEqual([])
  })
})
