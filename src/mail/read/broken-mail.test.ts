import { Buffer } from 'node:buffer'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import type { ReadMail } from '../domain/mail.ts'
import { readMailHere } from './read-mail.ts'

const top = 'From: mei@example.com\r\nSubject: kettle\r\n'
const bytes = (...pieces: (string | Buffer)[]) =>
  Buffer.concat(pieces.map((p) => (typeof p === 'string' ? Buffer.from(p) : p)))

async function read(raw: Buffer | string): Promise<ReadMail> {
  const result = await readMailHere(Buffer.from(raw))
  if (!result.ok) throw new Error(result.refusal.code)
  return result.value
}
const problem = async (raw: Buffer | string) => {
  const result = await readMailHere(Buffer.from(raw))
  return result.ok ? null : result.refusal.code
}

const traditional = '您好，我買的熱水壺壞了，請問什麼時候可以退款？謝謝您的處理。'
const simplified = '您好，我买的热水壶坏了，请问什么时候可以退款？谢谢您的处理。'
const japanese = 'お世話になっております。先日購入した電気ケトルが壊れました。返金をお願いします。'
const jis = Buffer.concat([
  Buffer.from('\u001b$B'),
  iconv.encode('これは文献です', 'euc-jp').map((b) => b & 0x7f),
  Buffer.from('\u001b(B'),
])

describe('charsets, whatever the label says', () => {
  it.each([
    ['Big5', 'big5', traditional, 'big5'],
    ['Big5-HKSCS', 'big5-hkscs', '你哋啲嘢壞咗，幾時有人嚟睇？', 'big5-hkscs'],
    ['GBK under the label GB2312', 'gb2312', `${simplified}——镕`, 'gbk'],
    ['GB18030 under the label GB2312', 'gb2312', `${simplified}–`, 'gb18030'],
    ['UTF-8 under the label GB2312', 'gb2312', simplified, 'utf8'],
    ['UTF-8 under the label us-ascii', 'us-ascii', traditional, 'utf8'],
    ['UTF-8 without a label', null, traditional, 'utf8'],
    ['Big5 without a label', null, traditional, 'big5'],
    ['GBK without a label', null, simplified, 'gbk'],
    ['Shift_JIS', 'shift_jis', japanese, 'shift_jis'],
    ['Shift_JIS under the label ISO-2022-JP', 'iso-2022-jp', japanese, 'shift_jis'],
    ['Shift_JIS under the label UTF-8', 'utf-8', japanese, 'shift_jis'],
    ['EUC-JP without a label', null, japanese, 'euc-jp'],
    ['UTF-16 LE', 'utf-16le', traditional, 'utf16-le'],
    ['UTF-16 without order, big end first', 'utf-16', 'Hello, it is broken', 'utf16-be'],
    ['UTF-7', 'utf-7', traditional, 'utf-7'],
    ['windows-1252', 'windows-1252', 'Der Kühler ist kaputt – schade', 'win1252'],
    ['windows-1252 under the label UTF-8', 'utf-8', 'Der Kühler ist kaputt, schade', 'win1252'],
    ['Korean', 'euc-kr', '안녕하세요, 환불을 요청합니다', 'euc-kr'],
  ])('%s', async (_name, label, text, encoding) => {
    const type = label === null ? '' : `Content-Type: text/plain; charset=${label}\r\n`
    const raw = bytes(
      top,
      type,
      'Content-Transfer-Encoding: base64\r\n\r\n',
      iconv.encode(text, encoding).toString('base64'),
    )
    expect((await read(raw)).text).toBe(text)
    if (!/^utf-?(16|7)/u.test(label ?? ''))
      expect((await read(bytes(top, type, '\r\n', iconv.encode(text, encoding)))).text).toBe(text)
  })

  it('ISO-2022-JP without a charset, plain and quoted-printable', async () => {
    expect((await read(bytes(top, '\r\n', jis))).text).toBe('これは文献です')
    const quoted = jis.toString('latin1').replaceAll('\u001b', '=1B')
    expect((await read(bytes(top, 'Content-Transfer-Encoding: quoted-printable\r\n\r\n', quoted))).text).toBe(
      'これは文献です',
    )
  })

  it('reads headers written in Big5, GBK or UTF-8 as they are', async () => {
    const subject = (encoding: string, text: string) =>
      read(bytes('From: mei@example.com\r\nSubject: ', iconv.encode(text, encoding), '\r\n\r\nx'))
    expect((await subject('utf8', traditional)).subject).toBe(traditional)
    expect((await subject('big5', traditional)).subject).toBe(traditional)
    expect((await subject('gbk', simplified)).subject).toBe(simplified)
    expect((await read(bytes('Subject: ', jis, '\r\n\r\nx'))).subject).toBe('これは文献です')
  })

  it('joins encoded words cut within a character, and reads those with a wrong label', async () => {
    const whole = Buffer.from('客訴電話')
    const cut = `=?utf-8?B?${whole.subarray(0, 4).toString('base64')}?=\r\n =?utf-8?B?${whole.subarray(4).toString('base64')}?=`
    expect((await read(`Subject: ${cut}\r\n\r\nx`)).subject).toBe('客訴電話')
    expect((await read(`Subject: =?gb2312?B?${Buffer.from(simplified).toString('base64')}?=\r\n\r\nx`)).subject).toBe(
      simplified,
    )
    expect((await read(`Subject: =?utf-7?Q?Hi_+${'ZeVnLIqe'}-?=\r\n\r\nx`)).subject).toBe('Hi 日本語')
    expect(
      (await read(`From: =?big5?B?${iconv.encode('王小明', 'big5').toString('base64')}?= <w@x.tw>\r\n\r\nx`)).from,
    ).toEqual([{ name: '王小明', address: 'w@x.tw' }])
  })

  it('reads names of files by RFC 2231 in any charset, and leaves no path in them', async () => {
    const named = async (parameter: string) =>
      (
        await read(
          `${top}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; ${parameter}\r\n\r\nx\r\n--b--`,
        )
      ).attachments[0]?.filename
    expect(await named("filename*=UTF-8''%E6%94%B6%E6%93%9A.pdf")).toBe('收據.pdf')
    expect(await named("filename*0*=big5''%A6%AC; filename*1*=%BE%DA.pdf")).toBe('收據.pdf')
    expect(await named('filename="../../etc/passwd"')).toBe('passwd')
    expect(await named('filename="in\u200bvoice.pdf"')).toBe('invoice.pdf')
  })
})

describe('mail that is broken', () => {
  it('keeps the words of a multipart without a boundary, or without its end', async () => {
    const part = '--cut\r\nContent-Type: text/plain\r\n\r\nIt broke'
    expect((await read(`${top}Content-Type: multipart/mixed\r\n\r\n${part}\r\n--cut--`)).text).toBe('It broke')
    expect((await read(`${top}Content-Type: multipart/mixed; boundary=other\r\n\r\n${part}\r\n--cut--`)).text).toBe(
      'It broke',
    )
    expect((await read(`${top}Content-Type: multipart/mixed; boundary=cut\r\n\r\n${part}`)).text).toBe('It broke')
    expect((await read(`${top}Content-Type: multipart/mixed; boundary=cut\r\n\r\nIt broke again`)).text).toBe(
      'It broke again',
    )
  })

  it('finds a part that begins within the headers of another, and none behind words after a boundary', async () => {
    const long = 'It broke again and again. '.repeat(2_000)
    const within = `${top}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n--b\r\n\r\n${long}\r\n--b--`
    expect((await read(within)).text).toBe(long.trimEnd())
    const behind = `${top}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n${long}\r\n--b not one\r\nstill\r\n--b--`
    expect((await read(behind)).text).toBe(`${long}\n--b not one\nstill`)
  })

  it('reads what broken base64 and quoted-printable leave', async () => {
    expect((await read(`${top}Content-Transfer-Encoding: base64\r\n\r\nSXQgYnJv\r\n!!a2U=`)).text).toBe('It broke')
    expect(
      (await read(`${top}Content-Transfer-Encoding: quoted-printable\r\n\r\nIt br=6Fke 100=% =ZZ=`)).text,
    ).toContain('It broke 100=%')
  })

  it('has no sender, time or id where none is named', async () => {
    const mail = await read('Subject: kettle\r\n\r\nIt broke')
    expect(mail).toMatchObject({
      from: [],
      to: [],
      messageId: null,
      date: null,
      inReplyTo: [],
      references: [],
      text: 'It broke',
    })
    expect(mail.fingerprint).toMatch(/^[0-9a-f]{64}$/u)
    expect((await read('Subject: RE: kettle\r\n\r\n It  broke\r\n')).fingerprint).toBe(mail.fingerprint)
    expect((await read('Subject: kettle\r\n\r\nIt broke twice')).fingerprint).not.toBe(mail.fingerprint)
  })

  it.each([
    ['Thu, 01 Jan 1970 00:00:00 +0000', 0],
    ['Fri, 1 Jan 2099 08:00:00 +0800', Date.UTC(2099, 0, 1)],
    ['1 Mar 2026 10:00', Date.UTC(2026, 2, 1, 10)],
    ['Sun, 1 Mar 2026 10:00:00 +0800 (CST)', Date.UTC(2026, 2, 1, 2)],
    ['yesterday', null],
  ])('Date: %s', async (date, at) => {
    expect((await read(`Date: ${date}\r\n\r\nx`)).date).toBe(at)
  })

  it('makes nothing of NUL and lone surrogates that a database could not keep', async () => {
    const mail = await read(
      bytes(top, 'X-A: \0\r\n\r\n', Buffer.from('a\0b'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('c')),
    )
    expect(mail.text).not.toMatch(/\0|[\ud800-\udfff]/u)
    expect(mail.text).toMatch(/^ab.*c$/su)
  })

  it.each([
    [
      'Friends: a@b.c, "D, E" <d@e.f>;, g@h.i',
      [
        ['', 'a@b.c'],
        ['D, E', 'd@e.f'],
        ['', 'g@h.i'],
      ],
    ],
    ['undisclosed-recipients:;', []],
    ['=?utf-8?B?44OG44K544OI?= <x@例え.jp>', [['テスト', 'x@例え.jp']]],
    ['"<script>alert(1)</script>" <a@b.c>', [['<script>alert(1)</script>', 'a@b.c']]],
    ['"safe\u202egpj.exe" <a@b.c>', [['safegpj.exe', 'a@b.c']]],
    ['"quoted local"@example.com', [['', 'quoted local@example.com']]],
  ])('To: %s', async (to, people) => {
    const read = await readMailHere(Buffer.from(`To: ${to}\r\n\r\nx`))
    expect(read.ok && read.value.to.map((p) => [p.name, p.address])).toEqual(people)
  })

  it('keeps every address of a From with two', async () => {
    expect((await read('From: a@b.c, Dee <d@e.f>\r\n\r\nx')).from.map((p) => p.address)).toEqual(['a@b.c', 'd@e.f'])
  })

  it('names winmail.dat', async () => {
    const raw = `${top}Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\neJ8+Ig==`
    expect((await read(raw)).attachments.map((a) => a.filename)).toEqual(['winmail.dat'])
  })

  it('leaves an attached mail as the bytes it is, and reads one that comes alone', async () => {
    const inner = 'From: Lin <lin@example.com>\r\nSubject: late\r\n\r\nIt never came'
    const raw = `${top}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment; filename=late.eml\r\n\r\n${inner}\r\n--b--`
    const mail = await read(raw)
    expect(mail.attachments.map((a) => a.filename)).toEqual(['late.eml'])
    expect(mail).toMatchObject({ text: 'It never came', forwardedFrom: { name: 'Lin', address: 'lin@example.com' } })
  })
})

describe('a mail within a mail', () => {
  it('is part of the words, and stays in the new ones', async () => {
    const inner =
      'Content-Type: message/rfc822\r\nContent-Disposition: inline\r\n\r\nFrom: Lin <lin@example.com>\r\nTo: a@b.c\r\nSubject: late\r\nDate: Mon, 2 Mar 2026 10:00:00 +0800\r\n\r\nIt never came'
    const mail = await read(
      `${top}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee this\r\n--b\r\n${inner}\r\n--b--`,
    )
    expect(mail.newText).toMatch(/^see this[^]*It never came$/u)
    expect(mail.forwardedFrom).toEqual({ name: 'Lin', address: 'lin@example.com' })
  })
})

describe('mail over a limit says so, and is not read by half', () => {
  const multipart = (boundary: string) => `Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n--${boundary}\r\n`
  it.each([
    ['no bytes', '', 'mail.empty'],
    ['a header of 1.1 MB', `X: ${'y'.repeat(1_150_000)}\r\n\r\nx`, 'mail.headers-too-large'],
    ['10,000 parts', multipart('b') + '\r\nx\r\n--b\r\n'.repeat(10_000), 'mail.too-many-parts'],
    ['50 multiparts in each other', Array.from({ length: 50 }, (_, i) => multipart(`b${i}`)).join(''), 'mail.too-deep'],
    ['50 mails in each other', 'Content-Type: message/rfc822\r\n\r\n'.repeat(50), 'mail.too-deep'],
    ['3,000 addresses', `To: ${'a@b.c, '.repeat(3_000)}\r\n\r\nx`, 'mail.too-many-addresses'],
    ['100 servers on its way', `${'Received: by mx.example\r\n'.repeat(100)}${top}\r\nx`, 'mail.loop'],
    ['6 MB of text', `${top}\r\n${'It broke. '.repeat(600_000)}`, 'mail.too-many-words'],
  ])('%s', async (_name, raw, code) => {
    expect(await problem(raw)).toBe(code)
  })

  it('25 MB of attachment are read, and their bytes are the right ones', async () => {
    const file = Buffer.alloc(18 * 1024 * 1024, 'redress!')
    const lines = file.toString('base64').replace(/.{76}/gu, '$&\r\n')
    const raw = bytes(
      `${top}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee\r\n--b\r\nContent-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n`,
      lines,
      '\r\n--b--\r\n',
    )
    const mail = await read(raw)
    expect(mail.text).toBe('see')
    expect(Buffer.compare(Buffer.from(mail.attachments[0]?.content ?? []), file)).toBe(0)
  })

  it('long texts are read whole, in any charset', async () => {
    const long = `${traditional}\n`.repeat(3_000)
    const mail = await read(bytes(top, 'Content-Type: text/plain; charset=big5\r\n\r\n', iconv.encode(long, 'big5')))
    expect(mail.text).toBe(long.trimEnd())
  })
})
