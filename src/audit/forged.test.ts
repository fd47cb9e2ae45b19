import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../cli/index.ts'
import { chain } from '../complaints/chain.ts'
import { event } from '../complaints/domain/event.ts'
import { type AuditWorld, auditWorld } from './audit-world.ts'
import { checkpointPath, verifyAll, writeCheckpoints } from './index.ts'

const tables = ['complaint', 'complaint_event', 'message', 'clock', 'checkpoint', 'calendar', 'number_block'] as const
let world: AuditWorld
let ids: { I: string; P: string }
let numbers: { I: string; P: string }
beforeAll(async () => {
  world = await auditWorld()
  const [first, second] = [await world.record('電扇'), await world.record('風扇')]
  ids = { I: first.id, P: second.id }
  numbers = { I: first.number, P: second.number }
  await writeCheckpoints(world.app)
  world.clock.advance(60_000)
  await world.record('冷扇')
  await writeCheckpoints(world.app)
  await world.meddle('create schema spare')
  for (const table of tables) await world.meddle(`create table spare.${table} as select * from ${table}`)
})
afterAll(() => world.stop())

const back = tables
  .map((t) => `delete from ${t}; insert into ${t} overriding system value select * from spare.${t}`)
  .join(';')
const harm = (statement: string) =>
  world.meddle(statement.replace(/\$([IP])\b/g, (_, name: keyof typeof ids) => `'${ids[name]}'`))

async function told(): Promise<string[]> {
  const { ok, findings } = await verifyAll(world.app)
  expect(ok).toBe(findings.length === 0)
  return findings.map((f) => [f.code, f.complaint, f.seq, f.what].filter((x) => x !== undefined).join(' '))
}

const another = `update message set body = body || '!' where complaint_id = $P`

describe('damage that cannot even be read hides no other', () => {
  it.each([
    [
      'an event without a payload',
      `update complaint_event set payload = 'null' where complaint_id = $I`,
      /^audit.hash-mismatch/,
    ],
    [
      'an event that is a number',
      `update complaint_event set payload = '5' where complaint_id = $I`,
      /^audit.hash-mismatch/,
    ],
    ['an event of nobody', `update complaint_event set actor = 'null' where complaint_id = $I`, /^audit.hash-mismatch/],
    [
      'an event at no time',
      `update complaint_event set at = 'infinity' where complaint_id = $I`,
      /^audit.hash-mismatch/,
    ],
    [
      'a clock that aims at nothing',
      `update clock set target = 'null' where complaint_id = $I`,
      /^audit.clock-mismatch/,
    ],
    ['a number that is none', `update complaint set number = 'R-2026-x' where id = $I`, /^audit.state-mismatch/],
    [
      'heads of nothing',
      `update checkpoint set heads = '{"x": [1, "y"]}' where no = 1`,
      /^audit.checkpoint-hash-mismatch/,
    ],
    [
      'heads that are a greeting',
      `update checkpoint set heads = '"hello"' where no = 1`,
      /^audit.checkpoint-hash-mismatch/,
    ],
    ['heads that are null', `update checkpoint set heads = 'null' where no = 1`, /^audit.checkpoint-hash-mismatch/],
    [
      'a checkpoint at no time',
      `update checkpoint set at = 'infinity' where no = 1`,
      /^audit.checkpoint-hash-mismatch/,
    ],
    [
      'a checkpoint hardly signed',
      `update checkpoint set signature = '\\x00' where no = 1`,
      /^audit.checkpoint-signature/,
    ],
    [
      'a calendar of nonsense',
      `update calendar set definition = '{"zone": 5}'`,
      /^audit.(calendar-missing|unreadable)/,
    ],
  ])('%s', async (_what, statement, finding) => {
    try {
      await harm(statement)
      await harm(another)
      const found = await told()
      expect(found).toContainEqual(expect.stringMatching(finding))
      expect(found).toContainEqual(expect.stringMatching(`^audit.text-mismatch ${numbers.P} 1`))
    } finally {
      await world.meddle(back)
    }
    expect(await told()).toEqual([])
  })

  it('a forged history whose hashes fit is told as unreadable, beside the rest', async () => {
    const statement = `update complaint_event set payload = 'null' where complaint_id = $I;`
    await harm(statement)
    const { rows } = await world.app.systemDb.pool.query<{ at: string; actor: never; type: string; v: number }>(
      `select at, actor, type, v from complaint_event where complaint_id = $1`,
      [ids.I],
    )
    const [e] = rows
    const forged = { type: e?.type ?? '', v: e?.v ?? 1, payload: null as never }
    const [made] = chain(
      world.org,
      ids.I,
      { seq: 0, hash: Buffer.alloc(32) },
      [forged],
      Number(e?.at),
      e?.actor as never,
    )
    await world.meddle(`update complaint_event set hash = $2 where complaint_id = $1`, [ids.I, made?.hash])
    await world.meddle(`update complaint set head = $2 where id = $1`, [ids.I, made?.hash])
    await harm(another)
    const found = await told()
    await world.meddle(back)
    expect(found).toContainEqual(expect.stringMatching(/^audit.unreadable .*state: TypeError/))
    expect(found).toContainEqual(expect.stringMatching(/^audit.checkpoint-head-differs/))
    expect(found).toContainEqual(expect.stringMatching(`^audit.text-mismatch ${numbers.P} 1`))
  })

  it('lines of the outside file that are no checkpoints are told, and the others still are', async () => {
    const path = checkpointPath(world.dataDir, world.org)
    const whole = await readFile(path, 'utf8')
    const [first = '', second = ''] = whole.trim().split('\n')
    for (const junk of ['5', 'null', '{"no": 1, "heads": {"x": 1}}', '{']) {
      await writeFile(path, `${first}\n${junk}\n${second}\n`)
      expect(await told()).toEqual(['audit.checkpoint-file-broken a line cannot be read'])
    }
    await writeFile(path, whole)
    expect(await told()).toEqual([])
  })

  it('a forged row does not hide what the line outside knows', async () => {
    await harm(`update checkpoint set heads = '{}' where no = 1; delete from complaint_event where complaint_id = $I`)
    const found = await told()
    await world.meddle(back)
    expect(found).toContainEqual(expect.stringMatching(/^audit.complaint-missing/))
  })

  it('ends the command with 1 and turns the gauge red', async () => {
    await harm(`update complaint_event set payload = 'null' where complaint_id = $I`)
    const env = { REDRESS_DATA: world.dataDir, DATABASE_URL: world.url }
    const lines: string[] = []
    const io = { print: (line: string) => lines.push(line), complain: () => undefined, input: async () => '' }
    expect(await runCli(['verify'], env, io)).toBe(1)
    expect(lines.join('\n')).toContain('audit.hash-mismatch')
    const metrics = (await world.app.binding.server.inject('/metrics')).body
    expect(metrics).toContain('redress_audit_ok 0')
    await world.meddle(back)
    expect(await runCli(['verify'], env, io)).toBe(0)
    const later = (await world.app.binding.server.inject('/metrics')).body
    expect(later).toContain('redress_audit_ok 1')
    expect(later).toMatch(/redress_audit_age_seconds \d/)
  })

  it('a run that breaks off turns the gauge red too', async () => {
    expect((await verifyAll(world.app)).ok).toBe(true)
    const blobs = () => {
      throw new Error('the disk is gone')
    }
    await expect(verifyAll({ ...world.app, blobs })).rejects.toThrow('the disk is gone')
    expect((await world.app.binding.server.inject('/metrics')).body).toContain('redress_audit_ok 0')
  })
})

describe('an erasure that no command wrote', () => {
  it('excuses no words, however well its event is chained', async () => {
    const row = await world.app.systemDb.pool.query<{ head: Buffer }>('select head from complaint where id = $1', [
      ids.I,
    ])
    const erased = event('erased', { reason: 'law' })
    const head = { seq: 1, hash: row.rows[0]?.head ?? Buffer.alloc(32) }
    const at = world.clock.now
    const [e] = chain(world.org, ids.I, head, [erased], at, { kind: 'system', id: null })
    if (!e) throw new Error('no event')
    await world.meddle(
      `insert into complaint_event (org_id, complaint_id, seq, type, v, at, actor, payload, prev, hash) values ($1, $2, 2, 'erased', 1, $3, $4, $5, $6, $7)`,
      [world.org, ids.I, new Date(at), e.actor, e.payload, e.prev, e.hash],
    )
    await world.meddle('update complaint set version = 2, head = $2 where id = $1', [ids.I, e.hash])
    await harm(`update message set body = '', salt = '' where complaint_id = $I`)
    const found = await told()
    await world.meddle(back)
    expect(found).toContainEqual(`audit.erased-unknown ${numbers.I} 2`)
    expect(found).toContainEqual(expect.stringMatching(`^audit.text-mismatch ${numbers.I} 1 message`))
    expect(await told()).toEqual([])
  })
})
