import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { record, startWorld, type World } from '../world/world.ts'
import { refused } from './refused.ts'

// Values that break queries, numbers and dates (BAD-INPUT B01, B03, B05, B40, B67, B71).

let world: World
beforeAll(async () => {
  world = await startWorld()
  await record(world, { text: '百分之 100% 退款 a_b', title: '全額' })
  await record(world, { text: '別的事情 aXb' })
})
afterAll(() => world.stop())

const lead = (url: string) => world.as('lead')('GET', url)
const create = (body: object, headers?: Record<string, string>) =>
  world.as('intake')('POST', '/api/v1/complaints', { channel: 'phone', text: '話', ...body }, headers)

const injections = [
  "' or '1'='1",
  "'; drop table complaint; --",
  '" or ""="',
  '1) union select null, mail from auth.user --',
  "\\'; select pg_sleep(5) --",
  '$$; select 1; $$',
  "x' || (select password_hash from auth.user) || '",
  '{"$gt": ""}',
  '*)(uid=*))(|(uid=*',
  '${7*7}{{7*7}}',
  ';cat /etc/passwd|',
]

describe('SQL, template and filter injection', () => {
  const textFilters = ['state', 'type', 'channel', 'flag']
  it.each(textFilters)('in the filter %s finds nothing', async (name) => {
    for (const value of injections) {
      const reply = await lead(`/api/v1/complaints?${name}=${encodeURIComponent(value.slice(0, 40))}`)
      expect(reply.statusCode, value).toBe(200)
      expect(reply.json().items, value).toEqual([])
    }
  })

  it.each(['sort', 'view', 'open', 'severity', 'due', 'teamId', 'ownerId', 'placeId', 'limit', 'cursor'])(
    'in the filter %s is refused',
    async (name) => {
      for (const value of injections)
        refused(await lead(`/api/v1/complaints?${name}=${encodeURIComponent(value)}`), 400, undefined, value)
    },
  )

  it.each(['order', 'open', 'teamId', 'limit', 'cursor'])('in the search option %s is refused', async (name) => {
    for (const value of injections)
      refused(await lead(`/api/v1/search?q=x&${name}=${encodeURIComponent(value)}`), 400, undefined, value)
  })

  it('in the searched words is only words', async () => {
    const operators = [
      "' & !zz1 | ''",
      'zz:*',
      '!(',
      'zz1w2930',
      '<->',
      '\\',
      "'",
      'zz & | yy',
      ':Zq',
      '((((((((',
      '"',
      '\u0000',
    ]
    for (const words of [...injections, ...operators]) {
      const reply = await lead(`/api/v1/search?q=${encodeURIComponent(words)}`)
      expect(reply.statusCode, words).toBe(200)
      expect(reply.json().items, words).toEqual([])
    }
  })

  it('the mark of an organisation is no word of its complaints', async () => {
    expect((await lead('/api/v1/search?q=o1')).json().items).toEqual([])
  })

  it('in a path is an id that does not exist', async () => {
    for (const value of injections)
      refused(await lead(`/api/v1/complaints/${encodeURIComponent(value)}`), [400, 404], undefined, value)
  })

  it('in every text of a complaint is kept as it is written', async () => {
    for (const value of injections) {
      const made = await record(world, {
        text: value,
        title: value,
        orderNo: value.slice(0, 100),
        complainant: { name: value },
      })
      const { complaint, timeline } = (await lead(`/api/v1/complaints/${made.id}`)).json()
      expect(complaint.title).toBe(value)
      expect(complaint.customerName).toBe(value)
      expect(timeline.find((t: { kind: string }) => t.kind === 'message').body).toBe(value)
    }
    expect((await lead('/api/v1/complaints')).json().items.length).toBeGreaterThan(2)
  })
})

describe('wildcards', () => {
  it.each(['%', '_', '%%%%%%%%%%', 'a_b%', '*', '.*', '(a+)+$', '?'])(
    '%s match no more than themselves',
    async (words) => {
      const reply = await lead(`/api/v1/search?q=${encodeURIComponent(words)}`)
      expect(reply.statusCode).toBe(200)
      for (const { complaint } of reply.json().items) expect(complaint.title).not.toContain('別的事情')
    },
  )
})

describe('names of prototypes', () => {
  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    '%s changes nothing',
    async (name) => {
      const body = `{"channel":"phone","text":"話","${name}":{"polluted":true},"complainant":{"name":"x","${name}":{"polluted":true}}}`
      const reply = await world.as('intake')('POST', '/api/v1/complaints', undefined, {})
      refused(reply, 400)
      const raw = await sendRaw(body)
      expect([201, 400]).toContain(raw.statusCode)
      if (raw.statusCode === 400) refused(raw, 400)
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
      const query = await lead(`/api/v1/complaints?${name}[polluted]=1&${name}=1`)
      refused(query, 400, 'request.invalid')
      refused(await create({ channel: name }), 422, 'intake.unknown-channel')
      refused(await create({ typeCode: name }), 422, 'intake.unknown-reference')
      refused(
        await world.as('admin')('PUT', '/api/v1/role-scopes', { scopes: [{ role: name, scope: 'organisation' }] }),
        400,
      )
    },
  )
})

const sendRaw = async (body: string) =>
  world.as('intake')('POST', '/api/v1/complaints', body as unknown as object, { 'content-type': 'application/json' })

describe('numbers', () => {
  const odd = [
    '1e309',
    '-1e309',
    '-0',
    '0',
    '-1',
    '1.5',
    '6',
    '99999999999999999999',
    '1e2',
    '"3"',
    'null',
    'true',
    '[]',
    '{}',
  ]
  it.each(odd)('impact %s is refused', async (value) => {
    refused(await sendRaw(`{"channel":"phone","text":"x","impact":${value},"likelihood":3}`), 400, 'request.invalid')
  })

  it.each(['NaN', 'Infinity', '0x1', '01', '.5'])('%s is no JSON', async (value) => {
    refused(await sendRaw(`{"channel":"phone","text":"x","impact":${value}}`), 400, 'request.invalid')
  })

  const versions = ['0', '-1', '1e309', '1.5', '9007199254740993', '2147483648', '"1"', 'null']
  it.each(versions)('version %s is refused', async (value) => {
    const made = await record(world)
    const reply = await world.as('mei')(
      'POST',
      `/api/v1/complaints/${made.id}/investigation`,
      `{"version":${value}}` as unknown as object,
      { 'content-type': 'application/json' },
    )
    refused(reply, [400, 409])
  })

  it.each(['0', '-1', '101', '1000000000', '1e9', '1e309', 'NaN', '5.5', 'abc', '', '٣'])(
    'page size %s is refused',
    async (size) => {
      refused(await lead(`/api/v1/complaints?limit=${encodeURIComponent(size)}`), 400, 'request.invalid')
      refused(await lead(`/api/v1/search?q=x&limit=${encodeURIComponent(size)}`), 400, 'request.invalid')
    },
  )
})

describe('dates', () => {
  const wrong = [
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '+010000-01-01T00:00:00Z',
    '-000001-01-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-03-03T25:00:00Z',
    '2026-03-03T00:00:60Z',
    '2026-03-03T00:00:00',
    '2026-03-03',
    '2026-03-03T00:00:00+99:00',
    '2026-03-03T00:00:00 Asia/Taipei',
    'now',
    'infinity',
    '-infinity',
    'epoch',
    '',
    '1772000000000',
  ]
  it.each(wrong)('received at %j is refused', async (receivedAt) => {
    refused(await create({ receivedAt, backdatingReason: 'x' }), [400, 422])
  })

  it.each(['9999-12-31T23:59:59Z', '0001-01-01T00:00:00Z', '2026-03-03T01:00:00+14:00'])(
    'an authority asking for an answer by %s is recorded or refused, never a defect',
    async (askedFor) => {
      const reply = await create({ authority: { body: '消保官', askedFor } })
      if (reply.statusCode !== 201) refused(reply, [400, 422])
      else expect((await lead(`/api/v1/complaints/${reply.json().id}`)).statusCode).toBe(200)
    },
  )

  it.each(['9999-12-31T23:59:59Z', '0001-01-01T00:00:00Z', '0000-01-01T00:00:00Z'])(
    'sent by its channel at %s is recorded or refused',
    async (channelSentAt) => {
      const reply = await create({ channelSentAt })
      if (reply.statusCode !== 201) refused(reply, [400, 422])
    },
  )

  it.each(['9999-12-31T23:59:59Z', '0001-01-01T00:00:00Z', '2026-03-04T00:00:00Z'])(
    'a message said at %s is kept or refused',
    async (at) => {
      const made = await record(world)
      const reply = await world.as('intake')('POST', `/api/v1/complaints/${made.id}/messages`, {
        channel: 'phone',
        text: '再說',
        at,
      })
      if (reply.statusCode !== 200) refused(reply, [400, 422])
      expect((await lead(`/api/v1/complaints/${made.id}`)).statusCode).toBe(200)
    },
  )

  it.each(['Mars/Olympus', '../../etc/passwd', '+08:00', 'UTC+8', '', 'x'.repeat(100), 'asia/taipei\u0000'])(
    'the zone %j is refused or an IANA name',
    async (zone) => {
      const reply = await world.as('mei')('PATCH', '/api/v1/me', { zone })
      if (reply.statusCode === 200)
        expect(() => new Intl.DateTimeFormat('en', { timeZone: reply.json().zone })).not.toThrow()
      else refused(reply, 400, 'request.invalid')
    },
  )
})

describe('cursors', () => {
  const pack = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const id = '01950000-0000-7000-8000-000000000000'
  const cursors: [string, string][] = [
    ['no JSON', 'zzzz'],
    ['another shape', pack({ a: 1 })],
    ['too few parts', pack([1])],
    ['too many parts', pack([1, id, 2])],
    ['a nested part', pack([[1], id])],
    ['a number for the id', pack([1, 2])],
    ['a word for the time', pack(['yesterday', id])],
    ['a time without end', `${Buffer.from(`[1e309,"${id}"]`).toString('base64url')}`],
    ['a time beyond dates', pack([8.64e15 + 1, id])],
    ['a time PostgreSQL does not know', pack([8.64e15, id])],
    ['a time long before', pack([-8.64e15, id])],
    ['SQL for the id', pack([1, "x'); drop table complaint;--"])],
    ['dashes for the id', pack([1, '-'.repeat(36)])],
    ['a fraction', pack([1.5, id])],
    ['empty words', pack(['', ''])],
    ['NUL', pack(['\u0000', '\u0000'])],
    ['too long', 'A'.repeat(401)],
    ['null', pack([null, id])],
  ]
  const lists = (w: World): [string, ReturnType<World['as']>][] => [
    ['/api/v1/complaints?cursor=', w.as('lead')],
    ['/api/v1/complaints?sort=received&cursor=', w.as('lead')],
    ['/api/v1/search?q=x&cursor=', w.as('lead')],
    ['/api/v1/outbox?cursor=', w.as('lead')],
    ['/api/v1/inbound-items?cursor=', w.as('lead')],
  ]
  it.each(cursors)('%s is refused or a harmless place', async (_what, cursor) => {
    const made = await record(world)
    for (const [list, caller] of [
      ...lists(world),
      [`/api/v1/complaints/${made.id}/timeline?before=`, world.as('lead')] as const,
    ]) {
      const reply = await caller('GET', list + encodeURIComponent(cursor))
      if (reply.statusCode !== 200) refused(reply, 400)
    }
  })

  it('of one organisation shows nothing of another', async () => {
    for (let i = 0; i < 3; i++) await record(world, {}, 'lead', 'neighbour')
    const { next } = (await world.as('lead', 'neighbour')('GET', '/api/v1/complaints?limit=1')).json()
    const reply = await lead(`/api/v1/complaints?limit=100&cursor=${next}`)
    expect(reply.statusCode).toBe(200)
    expect(reply.body).not.toContain(world.neighbour.teams.taipei)
  })

  it('given twice is refused', async () => {
    refused(await lead('/api/v1/complaints?cursor=a&cursor=b'), 400)
    refused(await lead('/api/v1/complaints?limit=1&limit=2'), 400)
  })
})

describe('mass assignment', () => {
  it('is refused, naming every field the client may not set, at any depth', async () => {
    const stolen = {
      orgId: world.neighbour.org,
      org_id: world.neighbour.org,
      id: '01950000-0000-7000-8000-000000000000',
      state: 'closed',
      number: 'R-1999-000001',
      severity: 'critical',
      ownerId: world.home.staff.mei,
      restricted: true,
      dueAt: '2099-01-01T00:00:00Z',
      approvedBy: world.home.staff.mei,
      decidedBy: world.home.staff.mei,
      via: 'demo',
      now: 0,
      raw: 'x',
    }
    const named = (reply: LightMyRequestResponse) => reply.json().errors.map((e: { path: string }) => e.path)
    const sent = { channel: 'phone', text: '熱水壺跳電。', placeId: world.home.place }
    const made = await world.as('intake')('POST', '/api/v1/complaints', { ...sent, ...stolen })
    refused(made, 400, 'request.invalid')
    for (const name of ['orgId', 'state', 'number', 'severity', 'dueAt', 'via'])
      expect(named(made)).toContain(`body.${name}`)
    const { id } = await record(world)
    const noted = await world.as('mei')('POST', `/api/v1/complaints/${id}/notes`, { text: '記', visibility: 'public' })
    refused(noted, 400, 'request.invalid')
    expect(named(noted)).toEqual(['body.visibility'])
    const nested = { ...sent, complainant: { name: '林', tier: 'gold' } }
    expect(named(await world.as('intake')('POST', '/api/v1/complaints', nested))).toEqual(['body.complainant.tier'])
    const me = await world.as('mei')('PATCH', '/api/v1/me', {
      name: '美琳',
      roles: ['administrator'],
      permissions: ['staff.manage'],
      teamIds: [],
      mail: 'a@b.test',
    })
    refused(me, 400, 'request.invalid')
    expect(named(me)).toEqual(['body.roles', 'body.permissions', 'body.teamIds', 'body.mail'])
    expect((await world.as('mei')('GET', '/api/v1/me')).json()).toMatchObject({
      roles: ['handler'],
      mail: 'mei@harbour.test',
    })
  })
})
