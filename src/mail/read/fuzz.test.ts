import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readMailHere } from './read-mail.ts'

const heads = fc.constantFrom(
  'From: a@b.c',
  'Subject: =?utf-8?B?5L2g?=',
  'Subject: =?gb2312?Q?=C4=E3?= =?x?B?!!?=',
  'Content-Type: multipart/mixed; boundary=b',
  'Content-Type: multipart/mixed',
  'Content-Type: multipart/report; boundary="b"; report-type=delivery-status',
  'Content-Type: message/delivery-status',
  'Content-Type: text/html; charset=utf-16',
  'Content-Type: text/plain; charset=utf-7',
  "Content-Type: text/plain; name*0*=big5''%A4; name*1*=%A4",
  'Content-Type: message/rfc822',
  'Content-Transfer-Encoding: base64',
  'Content-Transfer-Encoding: quoted-printable',
  'Content-Disposition: attachment; filename="..\\..\\x"',
  'Date: 31 Feb 99999 99:99 +9999',
  'To: a: b: c <d@@e>; (((, "',
  'Message-ID: <<>>',
  'Return-Path: <>',
)
const line = fc.oneof(
  heads,
  fc.constantFrom('', '', '--b', '--b--', '> x', '-- ', 'From: x', '<p>a<b', 'Final-Recipient: rfc822; a@b.c'),
  fc.string({ unit: 'binary' }),
)
const mail = fc.oneof(
  { weight: 3, arbitrary: fc.array(line, { maxLength: 40 }).map((lines) => Buffer.from(lines.join('\r\n'))) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.array(heads, { maxLength: 5 }), fc.uint8Array({ maxLength: 500 }))
      .map(([h, b]) => Buffer.concat([Buffer.from(`${h.join('\r\n')}\r\n\r\n`), b])),
  },
)

describe('whatever anybody sends', () => {
  it('is read or refused, never thrown at; and what is read can be stored', async () => {
    await fc.assert(
      fc.asyncProperty(mail, async (raw) => {
        const read = await readMailHere(raw)
        if (!read.ok) {
          expect(read.refusal.code).toMatch(/^mail\./u)
          return
        }
        const { text, newText, subject, html, from, to } = read.value
        for (const written of [
          text,
          newText,
          subject,
          html ?? '',
          ...[...from, ...to].flatMap((p) => [p.name, p.address]),
        ]) {
          expect(written).not.toContain('\0')
          expect(written.isWellFormed()).toBe(true)
        }
        expect(newText.trim() === '').toBe(text.trim() === '')
      }),
      { numRuns: 300 },
    )
  })
})

it.each([
  ['comments in comments', `From: ${'('.repeat(200_000)}x${')'.repeat(200_000)} <a@b.c>`],
  ['groups in groups', `To: ${'a:'.repeat(50_000)} x@y.z${';'.repeat(50_000)}`],
  ['quotes without an end', `From: ${'"\\'.repeat(100_000)} <a@b.c>`],
  ['brackets', `To: ${'<'.repeat(200_000)}a@b.c${'>'.repeat(200_000)}`],
  ['encoded words', `Subject: ${'=?utf-8?Q?=E4=BD?= '.repeat(20_000)}`],
  [
    'parameters',
    `Content-Type: text/plain; ${Array.from({ length: 20_000 }, (_, i) => `name*${i}*=utf-8''%41`).join(';')}`,
  ],
  ['folds', `Subject: ${'x\r\n '.repeat(100_000)}`],
])('a head made of %s is read or refused', async (_, head) => {
  const read = await readMailHere(Buffer.from(`${head}\r\n\r\nIt broke`))
  if (read.ok) expect(read.value.text).toBe('It broke')
  else expect(read.refusal.code).toMatch(/^mail\./u)
})
