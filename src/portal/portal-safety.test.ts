import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeReference, parseReference } from '../kit/pure/base32.ts'
import { trackLinkPath } from './index.ts'
import { browser, csrfOf, type PortalWorld, portalWorld, receiptOf } from './portal-world.ts'

let world: PortalWorld
let org: Awaited<ReturnType<PortalWorld['organisation']>>

beforeAll(async () => {
  world = await portalWorld({ env: { REDRESS_MAX_UPLOAD_MB: '1' } })
  org = await world.organisation('harbour')
  await world.organisation('other')
})
afterAll(() => world.stop())

const rows = <T>(text: string, values: unknown[] = []) =>
  world.app.systemDb.pool.query(text, values).then((r) => r.rows as T[])

async function drafted(text = 'x', slug = 'harbour') {
  const person = world.browser(slug)
  await person.get('/complain/new')
  await person.fill('/complain/what', { text })
  return person
}

async function sent(text: string, mode: Record<string, string> = { mode: 'anonymous' }, slug = 'harbour') {
  const person = await drafted(text, slug)
  await person.fill('/complain/you', mode)
  await person.fill('/complain/check', { keep: 'yes' })
  return { person, receipt: receiptOf((await person.get('/complain/done')).text) }
}

async function opened(text: string) {
  const { receipt } = await sent(text)
  const person = world.browser('harbour')
  await person.post('/track', { reference: receipt.reference, secret: receipt.secret })
  return { person, receipt }
}

/** A JPEG of one grey pixel whose EXIF names a place. */
const jpeg = Buffer.concat([
  Buffer.from('ffd8ffe1001c', 'hex'),
  Buffer.from('Exif\0\0GPS 25.03N 121.56E'.padEnd(26, '\0')),
  Buffer.from(
    'ffdb004300' +
      '10'.repeat(64) +
      'ffc0000b080001000101011100ffc40014000100000000000000000000000000000009ffc40014100100000000000000000000000000000000ffda0008010100003f0054ffd9',
    'hex',
  ),
])

describe('files', () => {
  test('a photo loses where it was taken; a recording is asked about before it goes with an anonymous complaint', async () => {
    const person = await drafted()
    const added = await person.upload('/complain/files', { do: 'add' }, [
      { field: 'photo', name: 'kettle.jpg', bytes: jpeg },
      {
        field: 'voice',
        name: 'call.opus',
        bytes: Buffer.concat([Buffer.from('OggS'), Buffer.alloc(24), Buffer.from('OpusHead'), Buffer.alloc(200, 1)]),
      },
    ])
    expect(added.location).toBe('/p/harbour/complain/files')
    const stored = await rows<{ name: string; stripped: boolean; sha: string }>(
      "select name, stripped, encode(sha256, 'hex') as sha from attachment order by name",
    )
    expect(stored.map((s) => [s.name, s.stripped])).toEqual([
      ['call.opus', false],
      ['kettle.jpg', true],
    ])
    const kept: Buffer[] = []
    for await (const part of await world.app.blobs(org.orgId).get(stored[1]?.sha ?? '')) kept.push(part)
    expect(Buffer.concat(kept).toString('latin1')).not.toContain('121.56E')
    await person.fill('/complain/you', { mode: 'anonymous' })
    const asked = await person.fill('/complain/check', {})
    expect(asked.status).toBe(422)
    expect(asked.text).toMatch(/請移除這些檔案[\s\S]*call\.opus/)
    expect((await person.fill('/complain/check', { keep: 'yes' })).location).toBe('/p/harbour/complain/done')
    expect(await rows('select from attachment where complaint_id is not null and message_id is not null')).toHaveLength(
      2,
    )
  })

  test('too large, empty and too many are named one by one, and the good ones are kept', async () => {
    const person = await drafted()
    const reply = await person.upload('/complain/files', { do: 'next' }, [
      { field: 'photo', name: 'good.txt', bytes: Buffer.from('good') },
      { field: 'voice', name: 'huge.bin', bytes: randomBytes(1_200_000) },
      { field: 'other', name: 'empty.txt', bytes: Buffer.alloc(0) },
    ])
    expect(reply.status).toBe(422)
    expect(reply.text).toContain('「huge.bin」超過 1 MB')
    expect(reply.text).toContain('「empty.txt」是空的')
    expect(reply.text).toContain('good.txt（1 KB）')
    const many = Array.from({ length: 11 }, (_, i) => ({
      field: 'other',
      name: `n${i}.txt`,
      bytes: Buffer.from(`n${i}`),
    }))
    expect((await person.upload('/complain/files', { do: 'add' }, many)).text).toContain(
      '最多 10 個檔案；「n10.txt」沒有加入',
    )
  })

  test('names cannot climb, hide or become markup; a page is only ever saved', async () => {
    const person = await drafted()
    await person.upload('/complain/files', { do: 'add' }, [
      {
        field: 'other',
        name: '../../<img src=x onerror=alert(1)>\u202egpj.html',
        bytes: Buffer.from('<html><script>alert(1)</script>'),
      },
    ])
    const page = await person.get('/complain/files')
    expect(page.text).not.toContain('<img')
    expect(page.text).not.toContain('..')
    await person.fill('/complain/you', { mode: 'named', name: 'A', phone: '0912345678' })
    await person.fill('/complain/check', {})
    const receipt = receiptOf((await person.get('/complain/done')).text)
    await person.post('/track', { reference: receipt.reference, secret: receipt.secret })
    const path = /\/p\/harbour\/track\/file\/[0-9a-f-]+/.exec((await person.get('/track/status')).text)?.[0] ?? ''
    const file = await person.get(path)
    expect(file.status).toBe(200)
    expect(file.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': expect.stringMatching(/^attachment;/),
      'content-security-policy': expect.stringContaining('sandbox'),
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    const stranger = await opened('別人的案件')
    expect((await stranger.person.get(path)).status).toBe(404)
    expect((await world.browser('harbour').get(path)).location).toContain('/track?ended=1')
  })
})

describe('forms of other sites', () => {
  test.each([
    ['another site by Sec-Fetch-Site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a sibling site', { 'sec-fetch-site': 'same-site', origin: 'https://b.example' }],
    ['another origin in an old browser', { origin: 'https://evil.example' }],
    ['a hidden origin', { origin: 'null' }],
    ['nothing that says where from', {}],
  ])('are refused: %s', async (_, headers) => {
    const person = await drafted('unchanged')
    const csrf = csrfOf((await person.get('/complain/what')).text)
    const reply = await person.post(
      '/complain/what',
      { _csrf: csrf, text: 'changed' },
      headers as Record<string, string>,
    )
    expect(reply.status).toBe(403)
    expect((await person.get('/complain/what')).text).toContain('unchanged')
  })

  test('a token of another draft, of tracking or none at all is refused, before a byte of a file is stored', async () => {
    const person = await drafted()
    const other = csrfOf((await (await drafted()).get('/complain/what')).text)
    for (const csrf of [other, '', 'x'.repeat(43)]) {
      expect((await person.post('/complain/what', { _csrf: csrf, text: 'y' })).status).toBe(403)
      const before = await rows('select from attachment')
      const files = [{ field: 'photo', name: 'a.txt', bytes: Buffer.from('a') }]
      expect((await person.upload('/complain/files', {}, files, csrf)).status).toBe(403)
      expect(await rows('select from attachment')).toHaveLength(before.length)
    }
  })
})

describe('what nobody may find out or do', () => {
  test('an organisation, page or file that is not there is a plain 404 that repeats nothing', async () => {
    const person = world.browser('harbour')
    for (const path of [
      '/p/nobody/',
      '/p/%3Cscript%3Ealert(1)%3C/script%3E/',
      '/p/harbour/<script>',
      '/p/harbour/..%2f..%2fetc%2fpasswd',
      '/p/-/..%2fportal.css',
    ]) {
      const reply = await person.get(path)
      expect(reply.status, path).toBe(404)
      expect(reply.headers['content-type']).toContain('text/html')
      expect(reply.text).not.toMatch(/<script>|passwd|nobody/)
    }
  })

  test('a reference of one organisation opens nothing at another', async () => {
    const { receipt } = await sent('only at harbour')
    const reply = await world.browser('other').post('/track', { reference: receipt.reference, secret: receipt.secret })
    expect(reply.status).toBe(422)
  })

  test('notes, cancelled and not yet sent answers stay inside; a sent one is shown as text', async () => {
    const { person, receipt } = await opened('要看答覆')
    const [complaint] = await rows<{ id: string }>('select id from complaint where number = $1', [receipt.number])
    const say = async (
      id: string,
      direction: string,
      visibility: string,
      body: string,
      outbox?: { state: string; delay: string },
    ) => {
      await rows(
        `insert into message (org_id, complaint_id, id, direction, channel, visibility, author_name, body, salt, at)
         values ($1, $2, $3, $4, 'portal', $5, 'Mei-Lin Chen', $6, '\\x00', to_timestamp($7 / 1000.0))`,
        [org.orgId, complaint?.id, id, direction, visibility, body, world.clock.now],
      )
      if (!outbox) return
      await rows(
        `insert into outbox (org_id, id, complaint_id, message_id, channel, recipient, envelope, state, not_before, created_at)
         values ($1, $2, $3, $2, 'email', 'x', '{}', $4, to_timestamp($5 / 1000.0) + $6::interval, now())`,
        [org.orgId, id, complaint?.id, outbox.state, world.clock.now, outbox.delay],
      )
    }
    const id = (n: number) => `00000000-0000-7000-8000-00000000000${n}`
    await say(id(1), 'note', 'internal', 'INTERNAL NOTE')
    await say(id(2), 'out', 'public', 'CANCELLED', { state: 'cancelled', delay: '0 s' })
    // Taken back is what the history says was taken back.
    await rows(
      `insert into complaint_event (org_id, complaint_id, seq, type, v, at, actor, payload, prev, hash)
       values ($1, $2, 99, 'reply_cancelled', 1, to_timestamp($3 / 1000.0), '{"kind":"staff","id":null}', $4, '\\x00', '\\x00')`,
      [org.orgId, complaint?.id, world.clock.now, { facts: { messageId: id(2) }, changes: {} }],
    )
    await say(id(3), 'out', 'public', 'WAITING', { state: 'waiting', delay: '10 s' })
    await say(id(4), 'out', 'public', '很抱歉 <b>退款</b>', { state: 'sent', delay: '-1 s' })
    const page = (await person.get('/track/status')).text
    expect(page).toContain('很抱歉 &lt;b&gt;退款&lt;/b&gt;')
    expect(page).not.toMatch(/INTERNAL|CANCELLED|WAITING|Mei-Lin Chen/)
    world.clock.advance(11_000)
    expect((await person.get('/track/status')).text).toContain('WAITING')
  })

  test('a mailed link opens its complaint until the secret changes; a changed link does not', async () => {
    const { receipt } = await sent('連結')
    const [complaint] = await rows<{ id: string; secret_hash: Buffer }>(
      'select id, secret_hash from complaint where number = $1',
      [receipt.number],
    )
    const path = trackLinkPath(
      world.app,
      { id: org.orgId, slug: 'harbour' },
      { id: complaint?.id ?? '', secretHash: complaint?.secret_hash ?? Buffer.alloc(0) },
      world.clock.now,
    )
    const person = world.browser('harbour')
    expect((await person.get(path)).location).toBe('/p/harbour/track/status')
    expect((await person.get('/track/status')).text).toContain(receipt.number)
    const changed = world.browser('harbour')
    expect((await changed.get(`${path.slice(0, -2)}xx`)).status).toBe(410)
    expect((await changed.get(path.replace('harbour', 'other'))).status).toBe(410)
    await rows('update complaint set secret_hash = $2 where id = $1', [complaint?.id, randomBytes(32)])
    expect((await changed.get(path)).status).toBe(410)
  })

  test('the stored hash of a code is keyed; a code kept under the plain hash of earlier days still opens', async () => {
    const { receipt } = await sent('收據碼')
    const code = parseReference(receipt.secret) ?? ''
    const plain = createHash('sha256').update(code).digest()
    const kept = await rows<{ secret_hash: Buffer }>('select secret_hash from complaint where number = $1', [
      receipt.number,
    ])
    expect(kept[0]?.secret_hash.equals(plain)).toBe(false)
    await rows('update complaint set secret_hash = $2 where number = $1', [receipt.number, plain])
    const enter = (secret: string) => world.browser('harbour').post('/track', { reference: receipt.reference, secret })
    expect((await enter(receipt.secret)).status).toBe(303)
    expect((await enter(makeReference(randomBytes(9)))).status).toBe(422)
  })

  test('no address of the request gets into a page or a redirect, and every page forbids scripts of others', async () => {
    const person = browser(world.app, 'harbour', { host: 'evil.example', 'x-forwarded-host': 'evil.example' })
    for (const path of ['/', '/complain/what', '/track', '/track/status', '/complain/done']) {
      const reply = await person.get(path)
      expect(`${reply.text}${reply.location}`).not.toContain('evil')
      expect(String(reply.headers['content-security-policy'])).toMatch(
        /^default-src 'none'; style-src 'self'; script-src 'self'/,
      )
      expect(reply.headers['cache-control']).toBe('no-store')
      expect(reply.text).not.toMatch(/<style|style="|<script(?! type="module" src="\/p\/-\/portal\.[0-9a-f]{12}\.js")/)
    }
  })

  test.each([
    ['NUL and lone surrogates', 'a%00b%ED%A0%80c', 'a'],
    ['invalid UTF-8', 'a%FF%FEb', 'a'],
    ['ten thousand joined emoji', encodeURIComponent('👨‍👩‍👧‍👦'.repeat(1500)), '👨‍👩‍👧‍👦'],
    ['a flood of combining marks', encodeURIComponent(`e${'\u0301'.repeat(5000)}`), 'e'],
    ['bidi overrides', encodeURIComponent('abc\u202egpj'), 'abc'],
  ])('%s are taken as words', async (_, encoded, start) => {
    const person = await drafted()
    const csrf = csrfOf((await person.get('/complain/what')).text)
    const reply = await world.app.server.inject({
      method: 'POST',
      url: '/p/harbour/complain/what',
      headers: {
        host: 'complaints.example',
        origin: 'http://complaints.example',
        cookie: [...person.jar].map(([k, v]) => `${k}=${v}`).join('; '),
        'content-type': 'application/x-www-form-urlencoded',
      },
      payload: `_csrf=${csrf}&text=${encoded}`,
    })
    expect(reply.statusCode).toBe(303)
    expect((await person.get('/complain/what')).text).toContain(`\n${start}`)
  })

  test('a text of a megabyte is refused with the words still there, a larger one before it is read', async () => {
    const person = await drafted()
    const long = await person.fill('/complain/what', { text: 'x'.repeat(1_000_000) })
    expect(long.status).toBe(422)
    expect(long.text).toContain('x'.repeat(1_000_000))
    expect((await person.fill('/complain/what', { text: 'x'.repeat(3_000_000) })).status).toBe(413)
  })
})
