import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sessionActor } from './authorise.ts'
import { forgetKnown } from './known-callers.ts'
import { cookieOf, organisationOf, peopleWorld, signedIn, type World } from './people-world.ts'
import { sessionToken, tokenHash } from './tokens.ts'

const password = 'a kettle that boils'
const day = 86_400_000
let world: World
let orgId = ''
let teamId = ''
let staff = new Map<string, string>()

beforeAll(async () => {
  world = await peopleWorld()
  const made = await organisationOf(world, 'harbour', [
    { name: 'Admin', mail: 'admin@harbour.example', password, roles: ['administrator'] },
    { name: 'Mei-Lin', mail: 'Mei-Lin@Harbour.example', password, roles: ['handler'] },
    { name: 'Tom', mail: 'tom@harbour.example', password, roles: ['team_lead'] },
    { name: 'Victim', mail: 'victim@harbour.example', password, roles: ['handler'] },
  ])
  ;({ orgId, teamId, staff } = made)
})
afterAll(() => world.close())

const meiLin = () => signedIn(world, 'mei-lin@harbour.example', password)
const admin = () => signedIn(world, 'admin@harbour.example', password)
const me = (headers: Record<string, string>) => world.send('GET', '/api/v1/me', undefined, { headers })
const code = (reply: { json(): { code?: string } }) => reply.json().code

describe('signing in', () => {
  test('gives a session by cookie, whatever the case of the address', async () => {
    const reply = await world.send('POST', '/api/v1/session', { mail: ' MEI-LIN@harbour.example', password })
    expect(reply.statusCode).toBe(200)
    expect(reply.headers['set-cookie']).toEqual([
      expect.stringMatching(/^redress_session=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure$/),
      expect.stringMatching(/^redress_device=[\w.-]+; Path=\/api\/v1; Max-Age=\d+; HttpOnly; SameSite=Strict; Secure$/),
    ])
    expect(reply.json()).toMatchObject({
      step: 'done',
      me: {
        name: 'Mei-Lin',
        mail: 'mei-lin@harbour.example',
        roles: ['handler'],
        totpOn: false,
        organisation: { slug: 'harbour', termSet: 'retail' },
      },
    })
    const known = await me({ cookie: cookieOf(reply) })
    expect(known.json().teams).toEqual([{ id: teamId, name: expect.objectContaining({ zhHant: '客戶服務' }) }])
    expect(known.json().permissions).toContain('complaint.handle')
  })

  test('says the same of an unknown address and a wrong password', async () => {
    const unknown = await world.send('POST', '/api/v1/session', { mail: 'nobody@harbour.example', password })
    const wrong = await world.send('POST', '/api/v1/session', {
      mail: 'tom@harbour.example',
      password: 'not his password',
    })
    const plain = (body: Record<string, unknown>) => ({ ...body, requestId: undefined })
    expect(wrong.statusCode).toBe(401)
    expect(plain(unknown.json())).toEqual(plain(wrong.json()))
    expect(code(unknown)).toBe('people.wrong-credentials')
  })

  test('gives a new token each time and ends the session it replaces', async () => {
    const first = await meiLin()
    const again = await world.send(
      'POST',
      '/api/v1/session',
      { mail: 'mei-lin@harbour.example', password },
      { headers: first },
    )
    expect(cookieOf(again)).not.toBe(first.cookie)
    expect((await me(first)).statusCode).toBe(401)
    expect((await me({ cookie: cookieOf(again) })).statusCode).toBe(200)
  })

  test('makes whoever guesses wait longer and longer, but not the real person elsewhere', async () => {
    const guess = () =>
      world.send(
        'POST',
        '/api/v1/session',
        { mail: 'victim@harbour.example', password: 'wrong wrong wrong' },
        { remoteAddress: '203.0.113.9' },
      )
    for (let i = 0; i < 5; i++) expect((await guess()).statusCode).toBe(401)
    const refused = await guess()
    expect([refused.statusCode, code(refused), refused.headers['retry-after']]).toEqual([
      429,
      'people.too-many-tries',
      '1',
    ])
    world.clock.now += 1_000
    expect((await guess()).statusCode).toBe(401)
    expect((await guess()).json().facts).toEqual({ retryAfter: 2 })
    expect((await signedIn(world, 'victim@harbour.example', password)).cookie).toMatch(/^redress_session=./)
  })

  test('stays bounded when sixty tries come at once', async () => {
    const tries = await Promise.all(
      Array.from({ length: 60 }, () =>
        world.send(
          'POST',
          '/api/v1/session',
          { mail: 'tom@harbour.example', password: 'wrong wrong wrong' },
          { remoteAddress: '203.0.113.77' },
        ),
      ),
    )
    expect(tries.filter((one) => one.statusCode === 401)).toHaveLength(5)
    expect(tries.filter((one) => one.statusCode === 429)).toHaveLength(55)
  })
})

describe('a session', () => {
  test('is refused when idle for 12 hours and, however busy, after 7 days', async () => {
    const lazy = await meiLin()
    const busy = await meiLin()
    const start = world.clock.now
    for (let hours = 0; hours < 7 * 24; hours += 6) {
      world.clock.now = start + hours * 3_600_000
      expect((await me(busy)).statusCode).toBe(200)
    }
    world.clock.now = start + 7 * day
    forgetKnown(world.db)
    expect((await me(busy)).statusCode).toBe(401)
    expect((await me(lazy)).statusCode).toBe(401)
  })

  test('is listed with its device, and can be ended from another', async () => {
    const here = await meiLin()
    const agent =
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1'
    const there = await world.send(
      'POST',
      '/api/v1/session',
      { mail: 'mei-lin@harbour.example', password },
      { headers: { 'user-agent': agent } },
    )
    const { sessions } = (await world.send('GET', '/api/v1/me/sessions', undefined, { headers: here })).json()
    const other = sessions.find((one: { device: string }) => one.device === 'Safari · iPhone')
    expect(sessions.filter((one: { current: boolean }) => one.current)).toHaveLength(1)
    expect(other.current).toBe(false)
    expect((await me({ cookie: cookieOf(there) })).statusCode).toBe(200)
    expect(
      (await world.send('DELETE', `/api/v1/me/sessions/${other.id}`, undefined, { headers: here })).statusCode,
    ).toBe(200)
    expect((await me({ cookie: cookieOf(there) })).statusCode).toBe(401)
    expect(await sessionActor(world.db, world.clock.now, cookieOf(there))).toBeUndefined()
    expect((await sessionActor(world.db, world.clock.now, here.cookie))?.name).toBe('Mei-Lin')
  })

  test('ends by signing out, here or everywhere', async () => {
    const [one, two, three] = [await meiLin(), await meiLin(), await meiLin()]
    const out = await world.send('DELETE', '/api/v1/session', undefined, { headers: one })
    expect(out.headers['set-cookie']).toMatch(/Max-Age=0/)
    expect((await me(one)).statusCode).toBe(401)
    await world.send('DELETE', '/api/v1/me/sessions?keep=current', undefined, { headers: two })
    expect([(await me(two)).statusCode, (await me(three)).statusCode]).toEqual([200, 401])
    await world.send('DELETE', '/api/v1/me/sessions', undefined, { headers: two })
    expect((await me(two)).statusCode).toBe(401)
  })

  test('of another process ends within the two seconds it is remembered', async () => {
    const headers = await meiLin()
    expect((await me(headers)).statusCode).toBe(200)
    await world.db.pool.query('select auth.close_session_by_token($1)', [tokenHash(sessionToken(headers.cookie) ?? '')])
    await new Promise((wake) => setTimeout(wake, 2_100))
    expect((await me(headers)).statusCode).toBe(401)
  })

  test('others end when the password is changed', async () => {
    const [here, there] = [
      await signedIn(world, 'victim@harbour.example', password),
      await signedIn(world, 'victim@harbour.example', password),
    ]
    const change = (current: string, next: string) =>
      world.send('POST', '/api/v1/me/password', { current, next }, { headers: here })
    expect(code(await change('wrong wrong', 'another long one'))).toBe('people.wrong-password')
    expect((await change(password, 'short')).json()).toMatchObject({
      code: 'people.weak-password',
      facts: { reason: 'short' },
    })
    expect((await change(password, 'another long one')).statusCode).toBe(200)
    expect([(await me(here)).statusCode, (await me(there)).statusCode]).toEqual([200, 401])
  })
})

describe('requests from other sites', () => {
  test.each([
    ['its own page', { 'sec-fetch-site': 'same-origin' }, 200],
    ['the address bar', { 'sec-fetch-site': 'none' }, 200],
    ['an old browser on our own page', { 'sec-fetch-site': undefined, origin: 'http://localhost:8080' }, 200],
    ['an old browser on the public address', { 'sec-fetch-site': undefined, origin: 'https://desk.example' }, 200],
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://desk.example' }, 403],
    ['a sister site', { 'sec-fetch-site': 'same-site' }, 403],
    ['another origin', { 'sec-fetch-site': undefined, origin: 'https://evil.example' }, 403],
    ['an opaque origin', { 'sec-fetch-site': undefined, origin: 'null' }, 403],
    ['a program with a cookie', { 'sec-fetch-site': undefined }, 403],
  ])('%s', async (_, headers, status) => {
    const { cookie } = await meiLin()
    const clean = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)) as Record<
      string,
      string
    >
    const reply = await world.server.inject({
      method: 'PATCH',
      url: '/api/v1/me',
      payload: { locale: 'en' },
      headers: { host: 'localhost:8080', cookie, ...clean },
    })
    expect(reply.statusCode).toBe(status)
    if (status === 403) expect(code(reply)).toBe('request.cross-site')
  })
})

describe('the second factor', () => {
  const tokenAt = (secret: string) => new TOTP({ secret }).generate({ timestamp: world.clock.now })

  test('is asked for after enrolment, takes each code once, and recovery codes in its place', async () => {
    const mail = 'tom@harbour.example'
    const headers = await signedIn(world, mail, password)
    const { secret, url } = (await world.send('POST', '/api/v1/me/totp', { password }, { headers })).json()
    expect(url).toContain('otpauth://totp/Redress:tom%40harbour.example')
    expect(code(await world.send('POST', '/api/v1/me/totp/confirmation', { code: '000000' }, { headers }))).toBe(
      'people.wrong-code',
    )
    const confirmed = await world.send('POST', '/api/v1/me/totp/confirmation', { code: tokenAt(secret) }, { headers })
    const { recoveryCodes } = confirmed.json()
    expect(recoveryCodes).toHaveLength(10)
    expect((await me(headers)).json()).toMatchObject({ totpOn: true, recoveryCodesLeft: 10 })

    const begin = async () => (await world.send('POST', '/api/v1/session', { mail, password })).json()
    const finish = (challenge: string, typed: string) =>
      world.send('POST', '/api/v1/session/totp', { challenge, code: typed })
    const first = await begin()
    expect(first).toEqual({ step: 'totp', challenge: expect.any(String) })
    expect(code(await finish(first.challenge, tokenAt(secret)))).toBe('people.wrong-code')
    world.clock.now += 30_000
    const done = await finish(first.challenge, tokenAt(secret))
    expect(done.json()).toMatchObject({ step: 'done', me: { name: 'Tom' } })
    expect((await me({ cookie: cookieOf(done) })).statusCode).toBe(200)
    expect(code(await finish(first.challenge, tokenAt(secret)))).toBe('people.challenge-over')

    const typed = recoveryCodes[3].toLowerCase().replace('-', ' ')
    expect((await finish((await begin()).challenge, typed)).statusCode).toBe(200)
    expect(code(await finish((await begin()).challenge, typed))).toBe('people.wrong-code')

    const removed = await world.send(
      'POST',
      '/api/v1/me/totp/removal',
      { password },
      { headers: { cookie: cookieOf(done) } },
    )
    expect(removed.statusCode).toBe(200)
    expect(await begin()).toMatchObject({ step: 'done' })
  })

  test('a challenge is over after five minutes', async () => {
    const mail = 'tom@harbour.example'
    const headers = await signedIn(world, mail, password)
    const { secret } = (await world.send('POST', '/api/v1/me/totp', { password }, { headers })).json()
    await world.send('POST', '/api/v1/me/totp/confirmation', { code: tokenAt(secret) }, { headers })
    const { challenge } = (await world.send('POST', '/api/v1/session', { mail, password })).json()
    world.clock.now += 5 * 60_000
    expect(code(await world.send('POST', '/api/v1/session/totp', { challenge, code: tokenAt(secret) }))).toBe(
      'people.challenge-over',
    )
    const reset = await world.send(
      'POST',
      `/api/v1/staff/${staff.get('Tom')}/password`,
      { password, removeTotp: true },
      { headers: await admin() },
    )
    expect(reset.json()).toEqual({ initialPassword: null })
    expect((await world.send('POST', '/api/v1/session', { mail, password })).json().step).toBe('done')
  })
})

describe('API keys', () => {
  const make = async (permissions: string[]) =>
    world.send('POST', '/api/v1/api-keys', { name: 'Shop', permissions }, { headers: await admin() })
  const lead = () => signedIn(world, 'tom@harbour.example', password)
  const agree = async (id: string, headers: { cookie: string }) =>
    world.send('POST', `/api/v1/api-keys/${id}/confirmation`, {}, { headers })
  const peek = (key: string) =>
    world.send('GET', '/test/complaints', undefined, { headers: { authorization: `Bearer ${key}` } })

  test('do what they list and nothing else, need no origin, and stop when revoked', async () => {
    const { key, apiKey } = (await make(['complaint.read'])).json()
    expect(key).toMatch(/^rk_[\w-]{43}$/)
    expect((await agree(apiKey.id, await lead())).statusCode).toBe(200)
    expect((await peek(key)).json()).toEqual({ caller: `key:${apiKey.id}`, scope: 'organisation' })
    const headers = { authorization: `Bearer ${key}` }
    const refused = await world.server.inject({ method: 'POST', url: '/api/v1/teams', payload: {}, headers })
    expect(refused.json()).toMatchObject({ code: 'people.not-allowed', facts: { permission: 'staff.manage' } })
    expect((await world.send('GET', '/api/v1/me', undefined, { headers })).statusCode).toBe(403)
    const listed = (await world.send('GET', '/api/v1/api-keys', undefined, { headers: await admin() })).json().keys[0]
    expect(listed).toMatchObject({
      id: apiKey.id,
      prefix: key.slice(0, 9),
      createdBy: 'Admin',
      lastUsedAt: expect.any(String),
    })
    expect(JSON.stringify(listed)).not.toContain(key)
    await world.send('DELETE', `/api/v1/api-keys/${apiKey.id}`, undefined, { headers: await admin() })
    expect((await peek(key)).statusCode).toBe(401)
  })

  test('that read cases work only when somebody has agreed who may read them: not their maker, nor a handler', async () => {
    const { key, apiKey } = (await make(['complaint.read', 'customer.read'])).json()
    expect(apiKey).toMatchObject({ confirmedAt: null, confirmedBy: null })
    expect((await peek(key)).statusCode).toBe(401)
    for (const headers of [await admin(), await meiLin()])
      expect((await agree(apiKey.id, headers)).json().code).toBe('people.not-allowed')
    const waiting = await world.send('GET', '/api/v1/api-keys/waiting', undefined, { headers: await lead() })
    expect(waiting.json().keys).toMatchObject([{ id: apiKey.id, createdBy: 'Admin', beyond: [] }])
    expect((await agree(apiKey.id, await lead())).json()).toMatchObject({ confirmedBy: 'Tom' })
    expect((await peek(key)).statusCode).toBe(200)
    const log = (await world.send('GET', '/api/v1/access-log', undefined, { headers: await admin() })).json().items
    expect(log).toContainEqual(
      expect.objectContaining({
        what: 'people.key-confirmed',
        staff: { id: staff.get('Tom'), name: 'Tom' },
        facts: { key: apiKey.id, permissions: ['complaint.read', 'customer.read'] },
      }),
    )
  })

  test('that only bring complaints in work at once', async () => {
    const { key, apiKey } = (await make(['complaint.create'])).json()
    expect(apiKey.confirmedAt).toEqual(expect.any(String))
    expect((await peek(key)).statusCode).toBe(403)
  })

  test('of a small shop, whose administrator is its lead, work at once', async () => {
    const small = await peopleWorld()
    await organisationOf(small, 'tiny', [
      { name: 'A', mail: 'a@tiny.example', password, roles: ['administrator', 'team_lead'] },
    ])
    const headers = await signedIn(small, 'a@tiny.example', password)
    const body = { name: 'k', permissions: ['complaint.read', 'complaint.answer'] }
    const { apiKey } = (await small.send('POST', '/api/v1/api-keys', body, { headers })).json()
    expect(apiKey).toMatchObject({ confirmedBy: 'A' })
    await small.close()
  })

  test.each(['staff.manage', 'key.manage', 'settings.write', 'self'])('never get %s', async (permission) => {
    expect((await make(['complaint.read', permission])).json()).toMatchObject({
      code: 'people.not-for-keys',
      facts: { permission },
    })
  })

  test.each(['', 'rk_', 'rk_short', 'Bearer', `rk_${'a'.repeat(43)}`])(
    'that are none (%s) are refused, cookie or not',
    async (key) => {
      const headers = { authorization: `Bearer ${key}`, ...(await meiLin()) }
      expect((await world.send('GET', '/api/v1/me', undefined, { headers })).statusCode).toBe(401)
    },
  )

  test('are held to their rate', async () => {
    const small = await peopleWorld({ keyRate: { perSecond: 0.1, burst: 3 } })
    await organisationOf(small, 'small', [
      { name: 'A', mail: 'a@small.example', password, roles: ['administrator', 'team_lead'] },
    ])
    const headers = await signedIn(small, 'a@small.example', password)
    const { key } = (
      await small.send('POST', '/api/v1/api-keys', { name: 'k', permissions: ['complaint.read'] }, { headers })
    ).json()
    const replies = await Promise.all(
      [1, 2, 3, 4].map(() =>
        small.send('GET', '/test/complaints', undefined, { headers: { authorization: `Bearer ${key}` } }),
      ),
    )
    expect(replies.map((r) => r.statusCode).sort()).toEqual([200, 200, 200, 429])
    await small.close()
  })
})

describe('administering staff', () => {
  test('adds a member whose first password is shown once', async () => {
    const headers = await admin()
    const body = {
      name: 'Wu',
      mail: 'WU@harbour.example',
      roles: ['handler'],
      teamIds: [teamId],
      managerId: staff.get('Tom'),
    }
    const reply = await world.send('POST', '/api/v1/staff', body, { headers })
    expect(reply.statusCode).toBe(201)
    const { member, initialPassword } = reply.json()
    expect(member).toMatchObject({
      name: 'Wu',
      mail: 'wu@harbour.example',
      locale: 'zh-Hant',
      zone: 'Asia/Taipei',
      active: true,
      version: 1,
    })
    const wu = await signedIn(world, 'wu@harbour.example', initialPassword)
    expect((await me(wu)).statusCode).toBe(200)
    expect(code(await world.send('POST', '/api/v1/staff', body, { headers }))).toBe('people.mail-taken')

    const patch = (change: object) => world.send('PATCH', `/api/v1/staff/${member.id}`, change, { headers })
    expect((await patch({ roles: ['handler', 'approver'], version: 1 })).json()).toMatchObject({
      roles: ['approver', 'handler'],
      version: 2,
    })
    expect((await me(wu)).json().roles).toEqual(['approver', 'handler'])
    expect(code(await patch({ name: 'X', version: 1 }))).toBe('people.changed-meanwhile')
    expect(code(await patch({ mail: 'admin@harbour.example' }))).toBe('people.mail-taken')
    expect((await patch({ active: false })).statusCode).toBe(200)
    expect((await me(wu)).statusCode).toBe(401)
    expect(
      code(await world.send('POST', '/api/v1/session', { mail: 'wu@harbour.example', password: initialPassword })),
    ).toBe('people.wrong-credentials')
    const { staff: directory } = (
      await world.send('GET', '/api/v1/staff-directory', undefined, { headers: await meiLin() })
    ).json()
    expect(directory.map((one: { name: string }) => one.name)).toEqual(['Admin', 'Mei-Lin', 'Tom', 'Victim'])
  })

  test('refuses managers in a circle, unknown teams, roles and zones', async () => {
    const headers = await admin()
    const patch = (name: string, change: object) =>
      world.send('PATCH', `/api/v1/staff/${staff.get(name)}`, change, { headers })
    await patch('Mei-Lin', { managerId: staff.get('Tom') })
    expect(code(await patch('Tom', { managerId: staff.get('Mei-Lin') }))).toBe('people.manager-circle')
    expect(code(await patch('Tom', { teamIds: [orgId] }))).toBe('people.no-such-team')
    expect(code(await patch('Tom', { roles: ['emperor'] }))).toBe('request.invalid')
    expect(code(await patch('Tom', { roles: ['integration'] }))).toBe('request.invalid')
    expect(code(await patch('Tom', { zone: 'Mars/Olympus' }))).toBe('request.invalid')
    expect(code(await world.send('PATCH', `/api/v1/staff/${orgId}`, {}, { headers }))).toBe('people.no-such-staff')
  })

  test('keeps one administrator, also when two step down at once', async () => {
    const headers = await admin()
    const patch = (name: string, change: object) =>
      world.send('PATCH', `/api/v1/staff/${staff.get(name)}`, change, { headers })
    expect(code(await patch('Admin', { roles: ['handler'] }))).toBe('people.last-administrator')
    expect(code(await patch('Admin', { active: false }))).toBe('people.last-administrator')
    await patch('Tom', { roles: ['team_lead', 'administrator'] })
    const both = await Promise.all([patch('Tom', { roles: ['team_lead'] }), patch('Admin', { roles: ['team_lead'] })])
    expect(both.map((one) => one.statusCode).sort()).toEqual([200, 409])
    if (both[1]?.statusCode === 200)
      await world.send(
        'PATCH',
        `/api/v1/staff/${staff.get('Admin')}`,
        { roles: ['administrator'] },
        { headers: await signedIn(world, 'tom@harbour.example', password) },
      )
  })

  test('notes who gave themselves a role', async () => {
    const headers = await admin()
    await world.send(
      'PATCH',
      `/api/v1/staff/${staff.get('Admin')}`,
      { roles: ['administrator', 'handler'] },
      { headers },
    )
    const scope = { org: orgId }
    const notes = await world.db.withScope(
      scope,
      async (tx) => (await tx.client.query(`select facts from access_log where what = 'people.roles-changed'`)).rows,
    )
    expect(notes.map((n) => n.facts)).toContainEqual(
      expect.objectContaining({ self: true, after: ['administrator', 'handler'] }),
    )
  })

  test('is for administrators', async () => {
    const headers = await meiLin()
    const refused = await world.send('GET', '/api/v1/staff', undefined, { headers })
    expect([refused.statusCode, refused.json().facts]).toEqual([403, { permission: 'staff.manage' }])
  })

  test('does not reach another organisation', async () => {
    const other = await organisationOf(world, 'other', [
      { name: 'Boss', mail: 'boss@other.example', password, roles: ['administrator'] },
    ])
    const headers = await signedIn(world, 'boss@other.example', password)
    const { staff: seen } = (await world.send('GET', '/api/v1/staff', undefined, { headers })).json()
    expect(seen.map((one: { id: string }) => one.id)).toEqual([other.staff.get('Boss')])
    const steal = await world.send('POST', `/api/v1/staff/${staff.get('Admin')}/password`, {}, { headers })
    expect(code(steal)).toBe('people.no-such-staff')
  })
})

describe('teams and scopes', () => {
  test('adds, changes and retires a team, but never the default one', async () => {
    const headers = await admin()
    const name = { zhHant: '台北組', zhHans: '台北组', en: 'Taipei' }
    const made = await world.send('POST', '/api/v1/teams', { key: 'taipei', name }, { headers })
    expect(made.json()).toMatchObject({ key: 'taipei', calendarKey: 'tw-office', isDefault: false, members: 0 })
    expect(code(await world.send('POST', '/api/v1/teams', { key: 'taipei', name }, { headers }))).toBe(
      'people.team-key-taken',
    )
    const patch = (id: string, change: object) => world.send('PATCH', `/api/v1/teams/${id}`, change, { headers })
    expect((await patch(made.json().id, { retired: true })).json().retired).toBe(true)
    expect(code(await patch(teamId, { retired: true }))).toBe('people.default-team')
    expect(code(await patch(teamId, { calendarKey: 'none' }))).toBe('people.no-such-calendar')
  })

  test('a role may be given a wider scope, an administrator never', async () => {
    const headers = await admin()
    const put = (scopes: object[]) => world.send('PUT', '/api/v1/role-scopes', { scopes }, { headers })
    expect((await world.send('GET', '/test/complaints', undefined, { headers: await meiLin() })).json().scope).toBe(
      'team',
    )
    await put([{ role: 'handler', scope: 'organisation' }])
    expect((await world.send('GET', '/test/complaints', undefined, { headers: await meiLin() })).json().scope).toBe(
      'organisation',
    )
    expect(code(await put([{ role: 'administrator', scope: 'organisation' }]))).toBe('people.scope-fixed')
    await put([])
  })
})

describe('the first administrator', () => {
  test('is made once, with the token printed at start', async () => {
    const empty = await peopleWorld({ publicUrl: 'http://localhost:8080' })
    expect((await empty.send('GET', '/api/v1/setup')).json()).toEqual({ needed: true })
    const organisation = {
      name: { zhHant: '港', zhHans: '港', en: 'Harbour' },
      slug: 'harbour',
      locale: 'zh-Hant',
      zone: 'Asia/Taipei',
    }
    const setUp = (token: string, slug = 'harbour') =>
      empty.send('POST', '/api/v1/setup', {
        token,
        organisation: { ...organisation, slug },
        name: 'First',
        mail: 'first@harbour.example',
        password,
      })
    expect(code(await setUp('AAAAA-BBBBB'))).toBe('people.wrong-setup-token')
    const both = await Promise.all([setUp(empty.setupToken.toLowerCase()), setUp(empty.setupToken, 'twice')])
    expect(both.map((one) => one.statusCode).sort()).toEqual([201, 409])
    const done = both.find((one) => one.statusCode === 201)
    expect(done?.json().me.roles).toEqual(['administrator', 'intake_operator', 'team_lead'])
    expect(String(done?.headers['set-cookie'])).not.toContain('Secure')
    expect((await empty.send('GET', '/api/v1/setup')).json()).toEqual({ needed: false })
    expect(code(await setUp(empty.setupToken, 'third'))).toBe('people.already-set-up')
    await empty.close()
  })
})

test('every route that is not public refuses whoever is not signed in', async () => {
  for (const { endpoint, access } of world.routes.filter((route) => route.access !== 'public')) {
    const reply = await world.send(endpoint.method, endpoint.path.replace(':id', orgId), endpoint.body ? {} : undefined)
    expect([endpoint.id, access, reply.statusCode]).toEqual([endpoint.id, access, 401])
  }
})

test('the app role cannot touch the tables of sign-in', async () => {
  for (const table of ['user', 'session', 'two_factor', 'recovery_code', 'challenge', 'attempt']) {
    await expect(world.db.withoutScope((tx) => tx.client.query(`select * from auth."${table}"`))).rejects.toThrow(
      'permission denied',
    )
  }
})
