import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { crc32 } from 'node:zlib'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { record, startWorld, type Who, type World } from '../world/world.ts'
import { refused } from './refused.ts'

// Files: what they claim, what they are, whose they are (BAD-INPUT B11, B12, B31, B33–B35).

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

type Sent = { name?: string; type?: string; bytes: Buffer | string; field?: string }
function form({ name = 'a.txt', type = 'application/octet-stream', bytes, field = 'file' }: Sent): Buffer {
  const head = `--b\r\ncontent-disposition: form-data; name="${field}"; filename="${name}"\r\ncontent-type: ${type}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), Buffer.from(bytes), Buffer.from('\r\n--b--\r\n')])
}
const multipart = { 'content-type': 'multipart/form-data; boundary=b' }
const upload = (sent: Sent, who: Who = 'mei', house: 'home' | 'neighbour' = 'home') =>
  world.as(who, house)('POST', '/api/v1/attachments', form(sent) as unknown as object, multipart)
const download = (id: string, who: Who = 'mei', house: 'home' | 'neighbour' = 'home') =>
  world.as(who, house)('GET', `/api/v1/attachments/${id}`)
const stored = () =>
  world.app.db.withScope({ org: world.home.org }, (tx) =>
    tx.first<{ blobs: number; files: number }>(
      sql`select (select count(*) from blob)::int as blobs, (select count(*) from attachment)::int as files`,
    ),
  )

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)

describe('a file is handed out as a thing to save, never as a page', () => {
  const active = ['text/html', 'image/svg+xml', 'application/xhtml+xml', 'text/xml', 'application/javascript']
  const files: [string, Sent][] = [
    ['HTML', { name: 'a.html', type: 'text/html', bytes: '<!doctype html><script>alert(1)</script>' }],
    ['HTML said to be a picture', { name: 'a.png', type: 'image/png', bytes: '<html><script>alert(1)</script>' }],
    [
      'SVG',
      { name: 'a.svg', type: 'image/svg+xml', bytes: '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>' },
    ],
    [
      'SVG after an XML line',
      { name: 'a.svg', type: 'image/svg+xml', bytes: '<?xml version="1.0"?><svg onload="alert(1)"/>' },
    ],
    [
      'HTML in UTF-16',
      { name: 'a.txt', type: 'text/plain', bytes: Buffer.from('\ufeff<html><script>1</script>', 'utf16le') },
    ],
    ['a GIF that is a script', { name: 'a.gif', type: 'image/gif', bytes: 'GIF89a/*<svg/onload=alert(1)>*/=1' }],
    [
      'a PNG that is a page',
      { name: 'a.html', type: 'text/html', bytes: Buffer.concat([png, Buffer.from('<script>alert(1)</script>')]) },
    ],
    ['a PDF that is a page', { name: 'a.pdf', type: 'text/html', bytes: '%PDF-1.7\n<html><script>alert(1)</script>' }],
    ['a script', { name: 'a.js', type: 'application/javascript', bytes: 'alert(1)' }],
    ['a program', { name: 'a.exe', type: 'application/octet-stream', bytes: `MZ${'\0'.repeat(200)}` }],
    ['a picture', { name: 'a.png', type: 'image/png', bytes: png }],
    [
      'a type with odd parts',
      { name: 'a.txt', type: 'text/html; charset="utf-7\\"; x=\\"', bytes: '+ADw-script+AD4-alert(1)' },
    ],
  ]
  it.each(files)('%s', async (_what, sent) => {
    const made = await upload(sent)
    expect(made.statusCode, made.body).toBe(201)
    const { id, mediaType } = made.json()
    expect(active).not.toContain(mediaType)
    const reply = await download(id)
    expect(reply.statusCode).toBe(200)
    expect(reply.headers['content-disposition']).toMatch(/^attachment; filename="[^"\\]+"; filename\*=UTF-8''\S+$/)
    expect(reply.headers['x-content-type-options']).toBe('nosniff')
    expect(reply.headers['content-security-policy']).toBe("default-src 'none'; sandbox")
    expect(reply.headers['cache-control']).toContain('no-store')
    for (const type of active) expect(reply.headers['content-type']).not.toContain(type)
    expect(reply.rawPayload.equals(Buffer.from(sent.bytes))).toBe(true)
  })
})

describe('names', () => {
  it.each([
    '../../../etc/passwd',
    '..\\..\\windows\\system32\\x.dll',
    '/etc/passwd',
    'C:\\x\\y.txt',
    'CON',
    'nul.txt',
    'a\u200bb.txt',
    'invoice\u202efdp.exe',
    'trailing. . .',
    'x'.repeat(5000),
    '退'.repeat(1000),
    '',
    '.',
    '..',
    '.htaccess',
    'a\u0000.png',
    '<img src=x onerror=alert(1)>.png',
    "a';drop table blob;--.txt",
    'a%0d%0aSet-Cookie: x=1.txt',
    'a;b=c.txt',
  ])('%j becomes one that is safe everywhere', async (name) => {
    const reply = await upload({ name, bytes: 'hello' })
    // A form part without a name is no file.
    if (reply.statusCode !== 201) return refused(reply, [400, 422])
    const made = reply.json()
    expect(made.name).not.toMatch(/[/\\\p{Cc}\p{Cf}<>:"|?*]|^[\s.]|[\s.]$|^$/u)
    expect([...made.name].length).toBeLessThanOrEqual(200)
    const header = String((await download(made.id)).headers['content-disposition'])
    expect(header).toMatch(/^attachment; [\x20-\x7e]+$/)
  })
})

describe('what is no proper upload', () => {
  it.each([
    ['an empty file', form({ bytes: '' }), multipart, 'files.empty'],
    [
      'a form without a file',
      Buffer.from('--b\r\ncontent-disposition: form-data; name="x"\r\n\r\n1\r\n--b--\r\n'),
      multipart,
      undefined,
    ],
    ['an empty form', Buffer.from('--b--\r\n'), multipart, undefined],
    ['a form that stops in the middle', form({ bytes: 'hello' }).subarray(0, 90), multipart, undefined],
    ['a form without a boundary', form({ bytes: 'x' }), { 'content-type': 'multipart/form-data' }, undefined],
    ['JSON', Buffer.from('{}'), { 'content-type': 'application/json' }, 'files.not-multipart'],
    ['bytes', Buffer.from('x'), { 'content-type': 'application/octet-stream' }, undefined],
  ])('%s is refused and leaves nothing', async (_what, body, headers, code) => {
    const before = await stored()
    refused(
      await world.as('mei')(
        'POST',
        '/api/v1/attachments',
        body as unknown as object,
        headers as Record<string, string>,
      ),
      [400, 413, 415, 422],
      code,
    )
    expect(await stored()).toEqual(before)
  })

  it('26 MB are refused early and leave no row', async () => {
    const before = await stored()
    refused(await upload({ bytes: Buffer.alloc(26 << 20, 'x') }), 413)
    expect(await stored()).toEqual(before)
  })

  it('26 MB that announce no length are refused while they come', async () => {
    await world.app.server.listen({ port: 0, host: '127.0.0.1' })
    const { port } = world.app.server.server.address() as AddressInfo
    const before = await stored()
    const signedIn = await world.app.server.inject({
      method: 'POST',
      url: '/api/v1/session',
      payload: { mail: 'mei@harbour.test', password: 'correct horse battery 9' },
    })
    const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? ''
    let sent = 0
    const status = await new Promise<number>((resolve) => {
      const asked = request(
        {
          port,
          host: '127.0.0.1',
          method: 'POST',
          path: '/api/v1/attachments',
          headers: { cookie, 'sec-fetch-site': 'same-origin', ...multipart },
        },
        (res) => {
          res.resume()
          resolve(res.statusCode ?? 0)
          asked.destroy()
        },
      )
      asked.on('error', () => resolve(413))
      asked.write(form({ bytes: '' }).subarray(0, -9))
      const more = () => {
        if (asked.destroyed) return
        if (sent > 60 << 20) return void asked.end()
        sent += 1 << 20
        if (asked.write(Buffer.alloc(1 << 20, 'x'))) setImmediate(more)
        else asked.once('drain', more)
      }
      more()
    })
    expect(status).toBe(413)
    expect(sent).toBeLessThan(60 << 20)
    expect(await stored()).toEqual(before)
  })
})

describe('whose file it is', () => {
  it('an upload not yet attached is its uploader’s alone', async () => {
    const { id } = (await upload({ bytes: 'mine' })).json()
    expect((await download(id)).statusCode).toBe(200)
    for (const who of ['lead', 'auditor', 'intake', 'xiu'] as const)
      refused(await download(id, who), 404, 'files.missing')
    refused(await download(id, 'mei', 'neighbour'), 404, 'files.missing')
  })

  it('nobody else can attach it, in any way', async () => {
    const { id } = (await upload({ bytes: 'mine' })).json()
    const made = await record(world)
    const attempts = [
      await world.as('intake')('POST', '/api/v1/complaints', { channel: 'phone', text: 'x', attachmentIds: [id] }),
      await world.as('lead')('POST', `/api/v1/complaints/${made.id}/notes`, { text: 'x', attachmentIds: [id] }),
      await world.as('lead')('POST', `/api/v1/complaints/${made.id}/messages`, {
        text: 'x',
        channel: 'phone',
        attachmentIds: [id],
      }),
      await world.as('lead')('POST', `/api/v1/complaints/${made.id}/replies`, {
        version: made.version,
        text: 'x',
        told: 'phone',
        attachmentIds: [id],
      }),
      await world.as('mei', 'neighbour')('POST', '/api/v1/complaints', {
        channel: 'phone',
        text: 'x',
        attachmentIds: [id],
      }),
    ]
    for (const reply of attempts) refused(reply, 422, 'intake.attachment-unknown')
    expect((await download(id)).statusCode).toBe(200)
  })

  it('one attached once cannot be attached again, not even by its uploader', async () => {
    const { id } = (await upload({ bytes: 'once' })).json()
    await record(world, { attachmentIds: [id] }, 'mei')
    refused(
      await world.as('mei')('POST', '/api/v1/complaints', { channel: 'phone', text: 'x', attachmentIds: [id] }),
      422,
      'intake.attachment-unknown',
    )
  })

  it('an attached file is seen by those who see its complaint', async () => {
    const { id } = (await upload({ bytes: 'seen' })).json()
    await record(world, { attachmentIds: [id], subjectStaffIds: [world.home.staff.specialist] }, 'mei')
    expect((await download(id, 'lead')).statusCode).toBe(200)
    refused(await download(id, 'xiu'), 404, 'files.missing')
    refused(await download(id, 'specialist'), 404, 'files.missing')
    refused(await download(id, 'lead', 'neighbour'), 404, 'files.missing')
    refused(await download(id, 'admin'), 403, 'people.not-allowed')
  })

  it('the uploader who may not see the complaint any more loses the file too', async () => {
    const { id } = (await upload({ bytes: 'lost' })).json()
    const made = await record(world, { attachmentIds: [id] }, 'mei')
    await world.as('lead')('POST', `/api/v1/complaints/${made.id}/restriction`, {
      version: made.version,
      confidentiality: 'restricted',
      staffIds: [world.home.staff.lead],
    })
    refused(await download(id), 404, 'files.missing')
    expect((await download(id, 'lead')).statusCode).toBe(200)
  })

  it.each([
    'x',
    '..%2f..%2fetc%2fpasswd',
    '%00',
    '01950000-0000-7000-8000-000000000000',
    "'%20or%201=1",
    '0'.repeat(64),
  ])('the id %s is no file', async (id) => {
    refused(await download(id), 404)
  })

  it('the same bytes of two organisations are two blobs: nobody learns that another has them', async () => {
    const ours = (await upload({ bytes: 'same bytes' })).json()
    const theirs = (await upload({ bytes: 'same bytes' }, 'mei', 'neighbour')).json()
    expect(ours.id).not.toBe(theirs.id)
    const rows = await world.app.systemDb.withoutScope((tx) =>
      tx.rows<{ org_id: string }>(sql`select org_id from blob where size = 10`),
    )
    expect(new Set(rows.map((r) => r.org_id)).size).toBe(2)
  })
})

describe('a file that comes with an anonymous complaint', () => {
  // A text chunk of a PNG, as a camera or an editor writes them.
  const chunk = (type: string, data: string) => {
    const body = Buffer.concat([Buffer.from(type), Buffer.from(data, 'latin1')])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(body.length - 4)
    const crc = Buffer.alloc(4)
    crc.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, crc])
  }
  const tell = Buffer.concat([png.subarray(0, 33), chunk('tEXt', 'Author\0Wang Xiaoming'), png.subarray(33)])

  it('loses its name and what its maker wrote into it, whoever records it', async () => {
    const { id } = (await upload({ name: '王小明身分證.png', type: 'image/png', bytes: tell }, 'intake')).json()
    const made = await record(world, {
      channel: 'line',
      mode: 'anonymous',
      externalId: 'U4af4980629line-account',
      attachmentIds: [id],
    })
    const page = (await world.as('lead')('GET', `/api/v1/complaints/${made.id}`)).json()
    expect(page.attachments).toMatchObject([{ name: '1.png', stripped: true }])
    expect((await download(id, 'lead')).rawPayload.includes('Xiaoming')).toBe(false)
    const again = { channel: 'line', mode: 'anonymous', externalId: 'U4af4980629line-account', attachmentIds: [id] }
    expect(await record(world, again)).toMatchObject({ id: made.id })
    const { rows } = await world.app.systemDb.pool.query(
      `select count(*)::int as n from inbound_item where external_id like '%line-account%' or convert_from(raw, 'UTF8') like '%line-account%'`,
    )
    expect(rows).toEqual([{ n: 0 }])
    expect((await world.as('lead')('GET', `/api/v1/complaints/${made.id}/verification`)).json()).toMatchObject({
      ok: true,
    })
  })
})
