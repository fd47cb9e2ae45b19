import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ReadMail } from '../domain/mail.ts'
import { readMailHere } from './read-mail.ts'
import { readTnef } from './tnef.ts'
import { uuencodedIn } from './uuencoded.ts'

// What is packed as few programs know it, signed, or encrypted.

async function read(raw: Buffer | string): Promise<ReadMail> {
  const result = await readMailHere(Buffer.from(raw))
  if (!result.ok) throw new Error(result.refusal.code)
  return result.value
}
const top = 'From: mei@example.com\r\nSubject: kettle\r\nMIME-Version: 1.0\r\n'
const base64 = (bytes: Buffer) => bytes.toString('base64').replaceAll(/.{76}/g, '$&\r\n')
const u16 = (n: number) => Buffer.from([n & 255, n >> 8])
const u32 = (n: number) => Buffer.from([n & 255, (n >> 8) & 255, (n >> 16) & 255, n >>> 24])

describe('winmail.dat', () => {
  const attr = (level: number, id: number, data: Buffer) =>
    Buffer.concat([
      Buffer.from([level]),
      u16(id),
      u16(0),
      u32(data.length),
      data,
      u16(data.reduce((a, b) => a + b, 0) & 65_535),
    ])
  const padded = (data: Buffer) => Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)])
  const text = (id: number, said: string) => {
    const data = Buffer.from(`${said}\0`, 'utf16le')
    return Buffer.concat([u16(0x1f), u16(id), u32(1), u32(data.length), padded(data)])
  }
  const named = Buffer.concat([
    u16(3),
    u16(0x8001),
    Buffer.alloc(16),
    u32(1),
    u32(6),
    padded(Buffer.from('ab\0', 'utf16le')),
    u32(7),
  ])
  const props = (...all: Buffer[]) => Buffer.concat([u32(all.length), ...all])
  const packet = (...all: Buffer[]) => Buffer.concat([u32(0x223e9f78), u16(1), attr(1, 0x9007, u32(950)), ...all])
  const file = (long: string, content: string) => [
    attr(2, 0x9002, Buffer.alloc(14)),
    attr(2, 0x8010, Buffer.from('KETTLE~1.PDF\0')),
    attr(2, 0x800f, Buffer.from(content)),
    attr(2, 0x9005, props(named, text(0x3707, long), text(0x370e, 'application/pdf'))),
  ]
  const mailOf = (packed: Buffer, words = '') =>
    `${top}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n${words}\r\n--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(packed)}\r\n--b--`

  it('gives its files under their long names, and its words where the mail has none', async () => {
    const packed = packet(
      attr(1, 0x9003, props(named, text(0x1000, '水壺壞了。'))),
      ...file('收據.pdf', 'one'),
      ...file('照片.pdf', 'two'),
    )
    const mail = await read(mailOf(packed))
    expect(mail.text).toBe('水壺壞了。')
    expect(mail.attachments.map((a) => [a.filename, a.contentType, Buffer.from(a.content).toString()])).toEqual([
      ['收據.pdf', 'application/pdf', 'one'],
      ['照片.pdf', 'application/pdf', 'two'],
    ])
    expect((await read(mailOf(packed, 'It broke'))).text).toBe('It broke')
  })

  it('that is broken stays the file it is; cut short, it gives what stands before', async () => {
    const packed = packet(...file('收據.pdf', 'one'), ...file('照片.pdf', 'two'))
    expect((await read(mailOf(Buffer.from('not one')))).attachments.map((a) => a.filename)).toEqual(['winmail.dat'])
    expect((await read(mailOf(packed.subarray(0, packed.length - 30)))).attachments.map((a) => a.filename)).toEqual([
      '收據.pdf',
      'KETTLE~1.PDF',
    ])
  })

  it('whatever its bytes, is read or left', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(300), (bytes, at) => {
        const whole = packet(attr(1, 0x9003, props(text(0x1000, 'x'))), ...file('a', 'b'))
        whole.set(bytes.subarray(0, Math.max(0, whole.length - at)), Math.min(at, whole.length))
        readTnef(whole)
        readTnef(Buffer.concat([u32(0x223e9f78), bytes]))
      }),
      { numRuns: 300 },
    )
  })
})

describe('uuencoded files', () => {
  const encoded = 'begin 644 cat.txt\n#0V%T\n`\nend'

  it('are taken out of the words', async () => {
    const mail = await read(`${top}\r\nSee this:\r\n${encoded.replaceAll('\n', '\r\n')}\r\nMei`)
    expect(mail.text).toBe('See this:\nMei')
    expect(mail.attachments.map((a) => [a.filename, Buffer.from(a.content).toString()])).toEqual([['cat.txt', 'Cat']])
  })

  it('any bytes come back; lines that lost their spaces too', () => {
    const line = (piece: Buffer) => {
      const full = Buffer.concat([piece, Buffer.alloc((3 - (piece.length % 3)) % 3)])
      let out = String.fromCharCode(32 + piece.length)
      for (let i = 0; i < full.length; i += 3) {
        const n = full.readUIntBE(i, 3)
        for (const shift of [18, 12, 6, 0]) out += String.fromCharCode(32 + ((n >> shift) & 63))
      }
      return out.trimEnd()
    }
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        const lines: string[] = []
        for (let i = 0; i < bytes.length; i += 45) lines.push(line(Buffer.from(bytes.subarray(i, i + 45))))
        const { files } = uuencodedIn(`x\nbegin 644 a b.bin\n${lines.join('\n')}\n\`\nend\ny`)
        expect(files.map((f) => [f.name, [...f.content]])).toEqual([['a b.bin', [...bytes]]])
      }),
    )
  })

  it.each([
    ['without an end', 'begin 644 cat.txt\n#0V%T'],
    ['that are words', 'begin 644 years ago, it was good\nThen it broke and nobody came to look at it at all.\nend'],
  ])('%s are left', (_, text) => expect(uuencodedIn(text)).toEqual({ text, files: [] }))
})

describe('signed and encrypted mail', () => {
  const inner = 'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n水壺壞了。\r\n'
  const der = (tag: number, ...parts: Buffer[]) => {
    const body = Buffer.concat(parts)
    const length =
      body.length < 128 ? Buffer.from([body.length]) : Buffer.from([0x82, body.length >> 8, body.length & 255])
    return Buffer.concat([Buffer.from([tag]), length, body])
  }
  const endless = (tag: number, ...parts: Buffer[]) =>
    Buffer.concat([Buffer.from([tag, 0x80]), ...parts, Buffer.from([0, 0])])
  const oid = (n: number) => Buffer.from(`06092a864886f70d0107${n.toString(16).padStart(2, '0')}`, 'hex')
  const mailOf = (cms: Buffer, kind: string) =>
    `${top}Content-Type: application/pkcs7-mime; smime-type=${kind};\r\n name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(cms)}`

  it('a mail within its signature is read, however that is coded', async () => {
    const said = Buffer.from(inner)
    const whole = der(
      0x30,
      oid(2),
      der(0xa0, der(0x30, der(2, Buffer.from([1])), der(0x31), der(0x30, oid(1), der(0xa0, der(4, said))))),
    )
    const pieces = endless(0x24, der(4, said.subarray(0, 20)), der(4, said.subarray(20)))
    const streamed = endless(
      0x30,
      oid(2),
      endless(0xa0, endless(0x30, der(2, Buffer.from([1])), der(0x31), endless(0x30, oid(1), endless(0xa0, pieces)))),
    )
    for (const cms of [whole, streamed]) {
      const mail = await read(mailOf(cms, 'signed-data'))
      expect(mail).toMatchObject({ subject: 'kettle', text: '水壺壞了。', sealed: null, mended: ['signed'] })
      expect(mail.from[0]?.address).toBe('mei@example.com')
    }
  })

  it('one whose signature stands beside it is read as it is', async () => {
    const mail = await read(
      `${top}Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary=b\r\n\r\n--b\r\n${inner}\r\n--b\r\nContent-Type: application/pgp-signature; name=signature.asc\r\n\r\nx\r\n--b--`,
    )
    expect(mail).toMatchObject({ text: '水壺壞了。', sealed: null })
    const clear =
      '-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\nIt broke.\r\n- - twice\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\nabc\r\n-----END PGP SIGNATURE-----'
    expect((await read(`${top}\r\n${clear}`)).newText).toBe('It broke.\n- twice')
  })

  it('an encrypted one says so, and keeps its file', async () => {
    const smime = await read(mailOf(der(0x30, oid(3), der(0xa0, der(0x30))), 'enveloped-data'))
    expect(smime).toMatchObject({ sealed: 'smime', attachments: [{ filename: 'smime.p7m' }] })
    const pgp = await read(
      `${top}Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b\r\n\r\n--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\nContent-Type: application/octet-stream; name=encrypted.asc\r\n\r\n-----BEGIN PGP MESSAGE-----\r\nx\r\n-----END PGP MESSAGE-----\r\n--b--`,
    )
    expect(pgp).toMatchObject({ sealed: 'pgp' })
    expect(pgp.attachments.map((a) => a.filename)).toContain('encrypted.asc')
    expect((await read(`${top}\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nabc\r\n-----END PGP MESSAGE-----`)).sealed).toBe(
      'pgp',
    )
  })
})

describe('seven bits', () => {
  const korean = '\u001b$)C\r\n\u000e>H3gGO<<?d\u000f, \u000e>H\u000f'
  it.each<[string, string, string, RegExp]>([
    ['ISO-2022-KR', 'Content-Type: text/plain; charset=iso-2022-kr\r\n', korean, /^안녕하세요,/],
    ['ISO-2022-KR without a charset', '', korean, /^안녕하세요,/],
    ['HZ', 'Content-Type: text/plain; charset=hz-gb-2312\r\n', 'Hi ~{<:Ky2;S{~} 1~~2', /^Hi 己所不欲 1~2$/],
  ])('%s', async (_, type, words, said) => {
    expect((await read(`${top}${type}\r\n${words}`)).text.trim()).toMatch(said)
  })
})

it('the first of headers that stand twice counts', async () => {
  const mail = await read(
    'From: a@b.c\r\nSubject: one\r\nSubject: two\r\nMessage-ID: <1@x>\r\nMessage-ID: <2@x>\r\nDate: Mon, 2 Mar 2026 10:00:00 +0800\r\nDate: Mon, 1 Jan 1900 00:00:00 +0000\r\n\r\nx',
  )
  expect(mail).toMatchObject({ messageId: '1@x', date: Date.UTC(2026, 2, 2, 2), text: 'x' })
  expect(['one', 'two']).toContain(mail.subject)
})
