import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appendMessage, assess, note, reply } from '../complaints/commands.ts'
import { type AuditWorld, auditWorld } from './audit-world.ts'
import { verifyAll, writeCheckpoints } from './index.ts'

const tables = [
  'complaint',
  'complaint_event',
  'message',
  'point',
  'complaint_text',
  'complaint_words',
  'search_row',
  'checkpoint',
  'attachment',
  'inbound_item',
] as const

let world: AuditWorld
/** One that lived, and one that was only taken in. */
let ids: { I: string; P: string; A: string; B: string }
beforeAll(async () => {
  world = await auditWorld()
  const { app, act, clock } = world
  const [A, B] = [await world.upload('one file'), await world.upload('other file')]
  const lived = await world.record('洗衣機漏水', {
    channel: 'portal',
    points: ['甲', '乙'],
    attachmentIds: [A, B],
    remedySought: '退款',
    onBehalfOf: '林太太',
    orderNo: 'SO-77',
    authority: { body: '消保官', number: 'A-1', sender: '林', askedFor: null },
  })
  const plain = await world.record('從未評估的投訴', { points: ['丙'] })
  ids = { I: lived.id, P: plain.id, A, B }
  clock.advance(60_000)
  const given = { impact: 4, likelihood: 3, flags: [], reason: '兒童受傷' }
  const { version } = await act((ctx) => assess(app, ctx, lived.id, { version: lived.version, ...given }))
  await act((ctx) =>
    reply(app, ctx, lived.id, {
      version,
      text: '我們在查',
      told: 'portal',
      decision: false,
      findings: [],
      attachmentIds: [],
    }),
  )
  await act((ctx) => note(app, ctx, lived.id, { text: '內部：客人很難纏', attachmentIds: [] }))
  const before = new Date(clock.now - 3_600_000).toISOString()
  await act((ctx) =>
    appendMessage(app, ctx, lived.id, { text: '還有一件事', channel: 'phone', at: before, attachmentIds: [] }),
  )
  await writeCheckpoints(app)
  await world.meddle('create schema spare')
  for (const table of tables) await world.meddle(`create table spare.${table} as select * from ${table}`)
})
afterAll(() => world.stop())

async function found(harm: string, table: string): Promise<string[]> {
  await world.meddle(harm.replace(/\$([IPAB])\b/g, (_, name: keyof typeof ids) => `'${ids[name]}'`))
  try {
    const { ok, findings } = await verifyAll(world.app)
    expect(ok).toBe(findings.length === 0)
    return findings.map((f) => [f.code, f.what].filter(Boolean).join(' '))
  } finally {
    await world.meddle(
      `delete from ${table}; insert into ${table} overriding system value select * from spare.${table}`,
    )
  }
}

type Harm = [what: string, table: (typeof tables)[number], harm: string, finding: RegExp]

async function tellsOf([, table, harm, finding]: Harm) {
  const told = await found(harm, table)
  expect(told.join('\n')).toMatch(finding)
  expect((await verifyAll(world.app)).findings).toEqual([])
}

it('is whole before anything is done to it', async () => {
  expect((await verifyAll(world.app, { blobs: true })).findings).toEqual([])
})

describe('what somebody with the database does to a message shows', () => {
  const message = `update message set`
  it.each<Harm>([
    [
      'a note shown to the complainant',
      'message',
      `${message} visibility = 'public', direction = 'out' where complaint_id = $I and direction = 'note'`,
      /message-mismatch .*: direction, visibility/,
    ],
    [
      'a note made public',
      'message',
      `${message} visibility = 'public' where complaint_id = $I and direction = 'note'`,
      /message-mismatch .*: visibility/,
    ],
    [
      'what came in, hidden as a note',
      'message',
      `${message} direction = 'note', visibility = 'internal' where complaint_id = $I and direction = 'in'`,
      /message-mismatch .*: direction, visibility/,
    ],
    [
      'another moment',
      'message',
      `${message} at = at - interval '3 days' where complaint_id = $I and direction = 'in'`,
      /message-mismatch .*: moment/,
    ],
    [
      'another moment of a call',
      'message',
      `${message} at = at - interval '1 minute' where complaint_id = $I and channel = 'phone'`,
      /message-mismatch .*: moment/,
    ],
    [
      'another author',
      'message',
      `${message} author_staff_id = null where complaint_id = $I and direction = 'note'`,
      /message-mismatch .*: author/,
    ],
    [
      'another name',
      'message',
      `${message} author_name = '別人' where complaint_id = $I and direction = 'out'`,
      /message-mismatch .*: author name/,
    ],
    [
      'another complainant',
      'message',
      `${message} author_name = '別人' where complaint_id = $P`,
      /message-mismatch .*: author name/,
    ],
    [
      'another channel of an answer',
      'message',
      `${message} channel = 'phone' where complaint_id = $I and direction = 'out'`,
      /message-mismatch .*: channel/,
    ],
    [
      'another channel of what came in',
      'message',
      `${message} channel = 'mail' where complaint_id = $P`,
      /message-mismatch .*: channel/,
    ],
    [
      'an answer called cancelled',
      'message',
      `${message} flags = '{cancelled}' where complaint_id = $I and direction = 'out'`,
      /message-mismatch .*: flags/,
    ],
  ])('%s', (...harm) => tellsOf(harm))
})

describe('what somebody with the database does to files and items shows', () => {
  const file = 'update attachment set'
  it.each<Harm>([
    ['a file taken away', 'attachment', 'delete from attachment where id = $A', /file-missing attachment/],
    [
      'other bytes under the same name',
      'attachment',
      `${file} sha256 = (select sha256 from attachment where id = $B) where id = $A`,
      /file-mismatch/,
    ],
    ['another name', 'attachment', `${file} name = 'x.txt' where id = $A`, /file-mismatch/],
    [
      'moved to another complaint',
      'attachment',
      `${file} complaint_id = $P, message_id = (select id from message where complaint_id = $P) where id = $A`,
      /file-unproven[^]*file-missing|file-missing[^]*file-unproven/,
    ],
    [
      'moved to another message',
      'attachment',
      `${file} message_id = (select id from message where complaint_id = $I and direction = 'out') where id = $A`,
      /file-unproven/,
    ],
    ['without its message', 'attachment', `${file} message_id = null where id = $A`, /orphan attachment/],
    ['without anything', 'attachment', `${file} message_id = null, complaint_id = null where id = $A`, /file-missing/],
    ['hidden', 'attachment', `${file} visibility = 'internal' where id = $A`, /file-mismatch/],
    [
      'the item as it came, changed',
      'inbound_item',
      `update inbound_item set raw = '{}' where complaint_id = $I`,
      /item-mismatch/,
    ],
    [
      'the item and its hash',
      'inbound_item',
      `update inbound_item set raw = '{}', sha256 = sha256('{}') where complaint_id = $I`,
      /item-mismatch/,
    ],
    ['the item gone', 'inbound_item', 'delete from inbound_item where complaint_id = $I', /item-missing/],
    [
      'an item of another',
      'inbound_item',
      'update inbound_item set complaint_id = $P where complaint_id = $I',
      /item-unproven/,
    ],
  ])('%s', (...harm) => tellsOf(harm))
})

describe('words and references that nobody wrote show', () => {
  it.each<Harm>([
    [
      'a summary',
      'complaint_text',
      `update complaint_text set summary = '已和解' where complaint_id = $P`,
      /text-unproven summary/,
    ],
    ['an answer', 'point', `update point set answer = '屬實' where complaint_id = $P`, /text-unproven answer/],
    [
      'a title',
      'complaint_text',
      `update complaint_text set title = '改' where complaint_id = $P`,
      /text-mismatch title/,
    ],
    [
      'a remedy',
      'complaint_text',
      `update complaint_text set remedy_sought = '改' where complaint_id = $I`,
      /text-mismatch remedy/,
    ],
    [
      'on whose behalf',
      'complaint_text',
      `update complaint_text set on_behalf_of = '改' where complaint_id = $I`,
      /text-mismatch on behalf/,
    ],
    ['an order number', 'complaint', `update complaint set order_no = 'X-1' where id = $P`, /text-mismatch order_no/],
    [
      'a receipt code',
      'complaint',
      `update complaint set secret_hash = sha256('y') where id = $I`,
      /text-mismatch receipt code/,
    ],
    [
      'a public reference',
      'complaint',
      `update complaint set public_ref = 'ABCDEFGHJK' where id = $I`,
      /text-mismatch public reference/,
    ],
    [
      'what an authority wrote',
      'complaint',
      `update complaint set authority = '{"number":"1"}' where id = $I`,
      /text-mismatch authority/,
    ],
    [
      'the row of a title',
      'complaint_text',
      'delete from complaint_text where complaint_id = $I',
      /text-missing title/,
    ],
    [
      'who may find it',
      'search_row',
      `update search_row set visibility = 'public' where complaint_id = $I`,
      /search-visibility message/,
    ],
  ])('%s', (...harm) => tellsOf(harm))
})
