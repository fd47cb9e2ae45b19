import { request } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { record, startWorld, type World } from '../world/world.ts'
import { refused } from './refused.ts'

// What arrives before any value is read: bodies, methods, headers (BAD-INPUT B05, B08, B15, B54–B60, B66, B71, B72).

let world: World
let port: number
beforeAll(async () => {
  world = await startWorld()
  await world.app.server.listen({ port: 0, host: '127.0.0.1' })
  port = (world.app.server.server.address() as AddressInfo).port
})
afterAll(() => world.stop())

const json = { 'content-type': 'application/json' }
const send = (body: string | Buffer, headers: Record<string, string> = json) =>
  world.as('intake')('POST', '/api/v1/complaints', body as unknown as object, headers)

describe('bodies', () => {
  const broken: [string, string][] = [
    ['half', '{"channel":"phone","text":"x'],
    ['trailing comma', '{"channel":"phone",}'],
    ['single quotes', "{'channel':'phone'}"],
    ['two documents', '{} {}'],
    ['a comment', '{/* x */}'],
    ['empty', ''],
    ['blank', '  '],
    ['words', 'hello'],
    ['XML', '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'],
    ['a bare NUL', '{"channel":"phone","text":"a\u0000b"}'],
  ]
  it.each(broken)('broken JSON (%s) is refused without echo', async (_what, body) => {
    refused(await send(body), 400, 'request.invalid', body.trim() || undefined)
  })

  it.each(['null', '[]', '"x"', '5', 'true', '[{"channel":"phone","text":"x"}]'])(
    'JSON that is no object (%s) is refused',
    async (body) => {
      refused(await send(body), 400, 'request.invalid')
    },
  )

  it('invalid UTF-8 is refused or replaced, never stored raw', async () => {
    const body = Buffer.concat([
      Buffer.from('{"channel":"phone","text":"a'),
      Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80]),
      Buffer.from('b"}'),
    ])
    const reply = await send(body)
    if (reply.statusCode !== 201) return refused(reply, 400)
    const page = (await world.as('lead')('GET', `/api/v1/complaints/${reply.json().id}`)).json()
    expect(page.complaint.title.isWellFormed()).toBe(true)
  })

  it('a BOM before JSON is refused or ignored', async () => {
    const reply = await send('\ufeff{"channel":"phone","text":"x"}')
    if (reply.statusCode !== 201) refused(reply, 400)
  })

  it.each([33, 1000, 100_000])('JSON %i deep is refused', async (depth) => {
    const nest = `${'['.repeat(depth)}${']'.repeat(depth)}`
    refused(await send(`{"channel":"phone","text":"x","complainant":${nest}}`), 400)
    refused(await send(`{"channel":"phone","text":"x","zzz":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`), 400)
  })

  it('a hundred thousand keys are refused, by name of a few', async () => {
    const keys = Array.from({ length: 100_000 }, (_, i) => `"k${i}":1`).join(',')
    const reply = await send(`{"channel":"phone","text":"x",${keys}}`)
    refused(reply, 400, 'request.invalid')
    expect(reply.body.length).toBeLessThan(100_000)
  })

  it('3 MB are refused as too large, announced or not', async () => {
    refused(await send(`{"channel":"phone","text":"${'x'.repeat(3 << 20)}"}`), 413, 'request.too-large')
    const status = await new Promise<number>((resolve, reject) => {
      const asked = request(
        {
          port,
          host: '127.0.0.1',
          method: 'POST',
          path: '/api/v1/complaints',
          headers: { ...json, 'transfer-encoding': 'chunked' },
        },
        (res) => {
          res.resume()
          resolve(res.statusCode ?? 0)
        },
      )
      asked.on('error', (e) => ('code' in e && /EPIPE|ECONNRESET/.test(String(e.code)) ? resolve(413) : reject(e)))
      for (let i = 0; i < 3; i++) asked.write(Buffer.alloc(1 << 20, 'x'))
      asked.end()
    })
    expect(status).toBe(413)
  })

  it.each([
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/html',
    'application/jsonp',
    'image/svg+xml',
    'application/json/../x',
    'x',
    '*/*',
  ])('the content type %s is refused for JSON', async (type) => {
    refused(await send('{"channel":"phone","text":"x"}', { 'content-type': type }), [400, 415])
  })

  it('a compressed body is not unpacked', async () => {
    refused(await send(Buffer.from([0x1f, 0x8b, 8, 0, 0]), { ...json, 'content-encoding': 'gzip' }), [400, 415])
  })
})

describe('addresses and methods', () => {
  it.each([
    '/nothing',
    '/api/v1/nothing',
    '/api/v2/complaints',
    '/api/v1/complaints/',
    '/api/v1/../../etc/passwd',
    '/api/v1/%2e%2e/%2e%2e/etc/passwd',
    '/.env',
    '/.git/config',
    '/desk/assets/..%2f..%2f..%2fpackage.json',
    '/api/v1/complaints/%00',
    '/api/v1/complaints/<script>alert(1)</script>',
    `/api/v1/complaints/${'a'.repeat(5000)}`,
    '//evil.test/desk',
    '/api/v1/complaints/%E0%A4%A',
    '/api/v1/complaints/%ff',
  ])('%s is no door', async (url) => {
    const reply = await world.as('lead')('GET', url)
    if (reply.statusCode === 200) {
      // The desk answers every path of its own with its page, never with a file from elsewhere.
      expect(reply.headers['content-type']).toContain('text/html')
      return
    }
    if (reply.statusCode === 503 && url.startsWith('/desk')) return
    refused(reply, [400, 404, 414])
    expect(reply.body).not.toContain('<script>')
  })

  it.each(['TRACE', 'CONNECT', 'PROPFIND', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'FOO'])(
    'the method %s on the list is refused',
    async (method) => {
      const answer = await spoken(`${method} /api/v1/complaints HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
      expect(answer).toMatch(method === 'CONNECT' ? /^$/ : /^HTTP\/1\.1 (400|404|405|501)/)
      expect(answer).not.toMatch(/access-control-allow/i)
    },
  )

  it('a method override is not listened to', async () => {
    const made = await record(world)
    const reply = await world.as('lead')('GET', `/api/v1/complaints/${made.id}`, undefined, {
      'x-http-method-override': 'DELETE',
    })
    expect(reply.statusCode).toBe(200)
  })
})

describe('a request spoken byte by byte', () => {
  it.each([
    ['two lengths', 'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 30\r\n\r\n{}'],
    [
      'length and chunks',
      'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n',
    ],
    ['a bad chunk', 'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n'],
    ['20 KB of headers', `GET /livez HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`],
    ['a header with a bare CR', 'GET /livez HTTP/1.1\r\nHost: x\r\nX-A: a\rb\r\n\r\n'],
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['a space before the colon', 'GET /livez HTTP/1.1\r\nHost : x\r\n\r\n'],
  ])('%s is refused and the connection closed', async (_what, bytes) => {
    const answer = await spoken(bytes)
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d/)
    expect(answer).toContain('content-type: application/problem+json')
    expect(answer.match(/^HTTP\/1\.1 /gm)).toHaveLength(1)
    expect(answer).not.toMatch(/\bat .+:\d+:\d+|node_modules/)
  })
})

function spoken(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    let heard = ''
    socket.setTimeout(3_000, () => socket.destroy())
    socket.on('data', (d) => {
      heard += d.toString()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(heard))
  })
}

describe('spoofed and poisoned headers', () => {
  const evil = {
    host: 'evil.test',
    'x-forwarded-host': 'evil.test',
    'x-forwarded-proto': 'https',
    'x-forwarded-for': '1.2.3.4, evil.test',
    'x-original-url': '/metrics',
    'x-rewrite-url': '/metrics',
    forwarded: 'host=evil.test;proto=https',
    'cf-connecting-ip': '1.2.3.4',
  }
  it('build no link, cookie or redirect', async () => {
    const urls = [
      '/desk',
      '/desk/',
      '/',
      '/p/harbour/',
      '/p/harbour/track',
      '/p/harbour/complain',
      '/api/v1/openapi.json',
      '/api/v1/docs',
      '/nothing',
      '/p/nobody/',
    ]
    for (const url of urls) {
      const reply = await world.app.server.inject({ method: 'GET', url, headers: evil })
      expect(reply.body, url).not.toContain('evil.test')
      for (const [name, value] of Object.entries(reply.headers))
        expect(String(value), `${url} ${name}`).not.toContain('evil.test')
    }
    const signIn = await world.app.server.inject({
      method: 'POST',
      url: '/api/v1/session',
      headers: { ...evil, 'sec-fetch-site': 'same-origin' },
      payload: { mail: 'mei@harbour.test', password: 'correct horse battery 9' },
    })
    expect(String(signIn.headers['set-cookie'])).not.toMatch(/evil|domain/i)
    const made = await world.as('intake')('POST', '/api/v1/complaints', { channel: 'phone', text: 'x' }, evil)
    expect(made.body).not.toContain('evil')
  })

  it('from another origin get no CORS permission', async () => {
    for (const origin of ['https://evil.test', 'null', 'http://localhost']) {
      const reply = await world.as('lead')('GET', '/api/v1/complaints', undefined, { origin })
      expect(Object.keys(reply.headers).filter((h) => h.startsWith('access-control'))).toEqual([])
    }
  })

  it('private answers are kept by no cache and framed by nobody', async () => {
    const made = await record(world)
    for (const url of [
      '/api/v1/me',
      '/api/v1/complaints',
      `/api/v1/complaints/${made.id}`,
      '/api/v1/staff-directory',
    ]) {
      const reply = await world.as('lead')('GET', url)
      expect(reply.headers['cache-control'], url).toContain('no-store')
      expect(reply.headers['content-security-policy'], url).toContain("frame-ancestors 'none'")
      expect(reply.headers['x-content-type-options'], url).toBe('nosniff')
      expect(reply.headers['referrer-policy'], url).toBe('no-referrer')
      expect(reply.headers['x-powered-by'], url).toBeUndefined()
    }
  })

  it.each(['', ' ', 'a b', 'x'.repeat(129), '鍵', 'a,b\tc'])('the idempotency key %j is refused', async (key) => {
    const reply = await world.as('intake')(
      'POST',
      '/api/v1/complaints',
      { channel: 'phone', text: 'x' },
      { 'idempotency-key': Buffer.from(key).toString('latin1') },
    )
    refused(reply, 400, 'request.bad-idempotency-key')
  })

  it('a request id of the sender is not taken over', async () => {
    const reply = await world.as('lead')('GET', '/api/v1/me', undefined, {
      'x-request-id': 'forged\u001b[31m',
      'request-id': 'forged',
    })
    expect(reply.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('logs', () => {
  it('hold one JSON object a line, and nothing of what was sent', async () => {
    const { default: pino } = await import('pino')
    const { makeServer } = await import('../../src/kit/http/server.ts')
    const lines: string[] = []
    const server = await makeServer({ log: pino({}, { write: (l: string) => void lines.push(l) }), https: false })
    server.get('/boom', async () => {
      throw new Error('secret value of a row')
    })
    const headers = { 'user-agent': 'x\u001b[31m', 'content-type': 'application/json' }
    await server.inject({ method: 'GET', url: '/secret-path?name=secret%0d%0aforged', headers })
    await server.inject({ method: 'GET', url: '/boom?secret=1', headers })
    await server.inject({ method: 'POST', url: '/boom', payload: '{"secret', headers })
    await server.close()
    expect(lines.length).toBeGreaterThanOrEqual(3)
    for (const line of lines) {
      expect(() => JSON.parse(line)).not.toThrow()
      expect(line.trimEnd()).not.toMatch(/secret|forged|\n/)
      expect(line).not.toContain('\u001b')
    }
  })
})
