import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cast, record, startWorld, type Who, type World } from '../world/world.ts'
import { refused } from './refused.ts'

// Forged, stolen, fixed and ended sessions; keys without power (BAD-INPUT B40, B44, B45, B49, B50, B52, B57).

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const password = 'correct horse battery 9'
const sameSite = { 'sec-fetch-site': 'same-origin' }
type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
const bare = (method: Method, url: string, headers: Record<string, string>, payload?: object) =>
  world.app.server.inject({ method, url, headers, ...(payload ? { payload } : {}) })
const signIn = (mail: string, secret = password, headers: Record<string, string> = {}) =>
  bare('POST', '/api/v1/session', { ...sameSite, ...headers }, { mail, password: secret })
const cookieOf = (reply: { headers: Record<string, unknown> }) =>
  String(reply.headers['set-cookie']).split(';')[0] ?? ''
const session = async (who: Who) => cookieOf(await signIn(cast[who].mail))
const words = { channel: 'phone', text: 'x' }

describe('a write by cookie from elsewhere', () => {
  const foreign: [string, Record<string, string>][] = [
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a sister domain', { 'sec-fetch-site': 'same-site' }],
    ['another site with our origin claimed', { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:80' }],
    ['a foreign origin', { origin: 'https://evil.test' }],
    ['a name that begins like ours', { origin: 'http://localhost:80.evil.test' }],
    ['the null origin', { origin: 'null' }],
    ['nothing said', {}],
    ['only a referer', { referer: 'http://localhost:80/desk/' }],
    ['an odd word', { 'sec-fetch-site': 'Same-Origin, cross-site' }],
  ]
  it.each(foreign)('%s is refused on every writing route', async (_what, headers) => {
    const cookie = await world
      .as('mei')('GET', '/api/v1/me')
      .then(() => session('lead'))
    const writes = world.app.binding.routes.filter((r) => r.endpoint.method !== 'GET' && r.access !== 'public')
    for (const { endpoint } of writes) {
      const url = endpoint.path.replace(/:\w+/, '01950000-0000-7000-8000-000000000000')
      refused(await bare(endpoint.method, url, { cookie, ...headers }, {}), 403, 'request.cross-site')
    }
    refused(
      await bare('POST', '/api/v1/attachments', {
        cookie,
        ...headers,
        'content-type': 'multipart/form-data; boundary=x',
      }),
      403,
      'request.cross-site',
    )
  })

  it.each(foreign.filter(([what]) => !['nothing said', 'only a referer'].includes(what)))(
    '%s cannot sign anybody in',
    async (_what, headers) => {
      const reply = await bare('POST', '/api/v1/session', headers, { mail: cast.mei.mail, password })
      refused(reply, 403, 'request.cross-site')
      expect(reply.headers['set-cookie']).toBeUndefined()
    },
  )

  it('a form cannot speak JSON', async () => {
    const cookie = await session('mei')
    for (const type of ['text/plain', 'application/x-www-form-urlencoded'])
      refused(
        await world.app.server.inject({
          method: 'POST',
          url: '/api/v1/complaints',
          headers: { cookie, ...sameSite, 'content-type': type },
          payload: JSON.stringify(words),
        }),
        [400, 415],
      )
  })
})

describe('a session', () => {
  it('is never the one the browser brought (fixation)', async () => {
    const fixed = `redress_session=${'F'.repeat(43)}`
    const reply = await signIn(cast.mei.mail, password, { cookie: fixed })
    expect(cookieOf(reply)).not.toBe(fixed)
    refused(await bare('GET', '/api/v1/me', { cookie: fixed }), 401, 'people.not-signed-in')
    const again = await signIn(cast.mei.mail, password, { cookie: cookieOf(reply) })
    expect(cookieOf(again)).not.toBe(cookieOf(reply))
  })

  it('has a cookie that scripts and other sites do not get', async () => {
    expect(String((await signIn(cast.mei.mail)).headers['set-cookie'])).toMatch(
      /; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax/,
    )
  })

  it('ended by sign-out, from afar, or by deactivation is refused at once', async () => {
    const first = await session('specialist')
    const second = await session('specialist')
    await bare('DELETE', '/api/v1/session', { cookie: first, ...sameSite })
    refused(await bare('GET', '/api/v1/me', { cookie: first }), 401, 'people.not-signed-in')
    await bare('DELETE', '/api/v1/me/sessions', { cookie: second, ...sameSite })
    refused(await bare('GET', '/api/v1/me', { cookie: second }), 401, 'people.not-signed-in')
    const third = await session('specialist')
    await world.as('admin')('PATCH', `/api/v1/staff/${world.home.staff.specialist}`, { active: false })
    refused(await bare('GET', '/api/v1/me', { cookie: third }), 401, 'people.not-signed-in')
    refused(await signIn(cast.specialist.mail), 401, 'people.wrong-credentials')
  })

  it('stolen before a role is taken away opens nothing of it afterwards', async () => {
    const cookie = await session('improver')
    expect((await bare('GET', '/api/v1/complaints', { cookie })).statusCode).toBe(200)
    await world.as('admin')('PATCH', `/api/v1/staff/${world.home.staff.improver}`, { roles: ['executive'] })
    refused(await bare('GET', '/api/v1/complaints', { cookie }), 403, 'people.not-allowed')
  })

  it('ends after twelve hours of rest and after seven days', async () => {
    const started = world.clock.now
    const cookie = await session('qa')
    world.clock.advance(13 * 3_600_000)
    refused(await bare('GET', '/api/v1/me', { cookie }), 401, 'people.not-signed-in')
    world.clock.now = started
  })

  it.each([
    '',
    'x',
    'A'.repeat(42),
    'A'.repeat(44),
    `${'A'.repeat(42)}%00`,
    "' or 1=1 --",
    '../../x',
    `${'A'.repeat(43)}; redress_session=B`,
  ])('made up (%j) is refused', async (token) => {
    refused(await bare('GET', '/api/v1/me', { cookie: `redress_session=${token}` }), 401, 'people.not-signed-in')
  })
})

describe('sign-in', () => {
  it('says the same of a wrong password and of nobody', async () => {
    const wrong = await signIn(cast.auditor.mail, 'wrong horse battery 9')
    const nobody = await signIn('nobody@harbour.test', 'wrong horse battery 9')
    for (const reply of [wrong, nobody]) refused(reply, 401, 'people.wrong-credentials')
    const strip = (body: string) => body.replace(/"requestId":"[^"]+"/, '')
    expect(strip(wrong.body)).toBe(strip(nobody.body))
  })

  it.each([
    [{ mail: { $ne: null }, password }],
    [{ mail: ['mei@harbour.test'], password }],
    [{ mail: "mei@harbour.test' --", password: 'x' }],
    [{ mail: 'mei@harbour.test\u0000', password: 'x' }],
    [{ mail: 'mei@harbour.test' }],
    [{ mail: 'mei@harbour.test', password: 'x'.repeat(100_000) }],
    [{ mail: 'mei@harbour.test', password: null }],
  ])('%j is refused', async (body) => {
    refused(await bare('POST', '/api/v1/session', sameSite, body), [400, 401], undefined, password)
  })

  it('is slowed after some tries, and not by those of another account', async () => {
    let last = 0
    for (let i = 0; i < 12; i++) last = (await signIn(cast.executive.mail, 'wrong horse battery 9')).statusCode
    expect(last).toBe(429)
    expect((await signIn(cast.mei.mail)).statusCode).toBe(200)
  })
})

describe('an API key', () => {
  const make = async (permissions: string[]) =>
    (await world.as('admin')('POST', '/api/v1/api-keys', { name: 'k', permissions })).json()
  const by = (key: string, method: Method, url: string, body?: object) =>
    bare(method, url, { authorization: `Bearer ${key}` }, body)

  it('does what it lists, needs no cookie rules, and nothing more', async () => {
    const { key } = await make(['complaint.create'])
    expect((await by(key, 'POST', '/api/v1/complaints', words)).statusCode).toBe(201)
    refused(await by(key, 'GET', '/api/v1/complaints'), 403, 'people.not-allowed')
    refused(await by(key, 'GET', '/api/v1/me'), 403, 'people.not-allowed')
    refused(await by(key, 'GET', '/api/v1/staff'), 403, 'people.not-allowed')
    refused(
      await by(key, 'POST', '/api/v1/api-keys', { name: 'x', permissions: ['complaint.read'] }),
      403,
      'people.not-allowed',
    )
  })

  it.each(['staff.manage', 'key.manage', 'settings.write', 'self'])('is never given %s', async (permission) => {
    refused(
      await world.as('admin')('POST', '/api/v1/api-keys', { name: 'k', permissions: [permission] }),
      422,
      'people.not-for-keys',
    )
  })

  it('revoked is refused at once, and never comes back in a list', async () => {
    const { key, apiKey } = await make(['complaint.read'])
    refused(await by(key, 'GET', '/api/v1/complaints'), 401, 'people.not-signed-in')
    await world.as('auditor')('POST', `/api/v1/api-keys/${apiKey.id}/confirmation`)
    expect((await by(key, 'GET', '/api/v1/complaints')).statusCode).toBe(200)
    await world.as('admin')('DELETE', `/api/v1/api-keys/${apiKey.id}`)
    refused(await by(key, 'GET', '/api/v1/complaints'), 401, 'people.not-signed-in')
    expect((await world.as('admin')('GET', '/api/v1/api-keys')).body).not.toContain(key)
  })

  it('in the address or body is no key', async () => {
    const { key } = await make(['complaint.read'])
    refused(await bare('GET', `/api/v1/complaints?access_token=${key}&api_key=${key}`, {}), 401)
    refused(await bare('GET', '/api/v1/complaints', { 'x-api-key': key }), 401)
  })
})

describe('the same request twice', () => {
  it('with one key by two people is two requests', async () => {
    const headers = { 'idempotency-key': 'shared-key' }
    const one = (await world.as('intake')('POST', '/api/v1/complaints', words, headers)).json()
    const two = (await world.as('lead')('POST', '/api/v1/complaints', words, headers)).json()
    const neighbour = (await world.as('intake', 'neighbour')('POST', '/api/v1/complaints', words, headers)).json()
    expect(new Set([one.id, two.id, neighbour.id]).size).toBe(3)
    const made = await record(world)
    refused(
      await world.as('intake')('POST', `/api/v1/complaints/${made.id}/notes`, { text: 'x' }, headers),
      422,
      'request.idempotency-key-reused',
    )
  })
})
