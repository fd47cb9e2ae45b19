import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { contentDisposition, safeFileName } from './file-name.ts'

describe('a file name from outside (BAD-INPUT B31, B33)', () => {
  test.each([
    ['收據 2026年3月.pdf', '收據 2026年3月.pdf'],
    ['発票・レシート.jpg', '発票・レシート.jpg'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\mei\\Desktop\\投诉.docx', '投诉.docx'],
    ['C:\\fakepath\\a.png', 'a.png'],
    ['folder/', 'folder'],
    ['..', 'file'],
    ['', 'file'],
    ['\u200b\u202e', 'file'],
    ['.htaccess\u200b', 'htaccess'],
    ['shell.p\u200bhp', 'shell.php'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['a\u2066b\u2069c.txt', 'abc.txt'],
    ['nul', '_nul'],
    ['CON.txt', '_CON.txt'],
    ['com1 .log', '_com1 .log'],
    ['LPT³.pdf', '_LPT³.pdf'],
    ['CO\u200bN', '_CON'],
    ['console.txt', 'console.txt'],
    ['report.pdf. . .', 'report.pdf'],
    ['a\u0000b\r\nSet-Cookie: x.pdf', 'abSet-Cookie_ x.pdf'],
    ['a<b>:"|?*.txt', 'a_b______.txt'],
    ['lone \ud83d.txt', 'lone _.txt'],
    ['a\u3000\u3000b.txt', 'a b.txt'],
  ])('%j is kept as %j', (name, expected) => {
    expect(safeFileName(name)).toBe(expected)
  })

  it('keeps the extension of a name of 5,000 characters', () => {
    const name = safeFileName(`${'投'.repeat(5000)}.pdf`)
    expect([...name].length).toBe(200)
    expect(name.endsWith('投.pdf')).toBe(true)
    expect([...safeFileName('😀'.repeat(5000))].length).toBe(200)
  })

  it('is safe whatever came, and safe names stay as they are', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const safe = safeFileName(name)
        expect(safe).not.toMatch(/[/\\\p{Cc}\p{Cf}<>:"|?*]|^[\s.]|[\s.]$|^$/u)
        expect([...safe].length).toBeLessThanOrEqual(200)
        expect(safe.isWellFormed()).toBe(true)
        expect(safeFileName(safe)).toBe(safe)
      }),
    )
  })
})

describe('a name that claims another format than its bytes have (B34)', () => {
  test.each([
    ['photo.html', 'jpg', 'photo.html.jpg'],
    ['photo.JPEG', 'jpg', 'photo.JPEG'],
    ['photo', 'jpg', 'photo.jpg'],
    ['run.bat', 'txt', 'run.bat.txt'],
    ['list.csv', 'txt', 'list.csv'],
    ['合約.docx', 'zip', '合約.docx'],
    ['CON', 'pdf', '_CON.pdf'],
    ['unknown.bin', '', 'unknown.bin'],
  ])('%s of %s bytes is kept as %s', (name, extension, expected) => {
    expect(safeFileName(name, extension)).toBe(expected)
  })
})

describe('the download header', () => {
  test.each([
    ['a.pdf', `attachment; filename="a.pdf"; filename*=UTF-8''a.pdf`],
    ['收據.pdf', `attachment; filename="__.pdf"; filename*=UTF-8''%E6%94%B6%E6%93%9A.pdf`],
    [
      `it's (1) 100%*.txt`,
      `attachment; filename="it's (1) 100__.txt"; filename*=UTF-8''it%27s%20%281%29%20100%25_.txt`,
    ],
    [
      'x"; filename="evil.html',
      `attachment; filename="x_; filename=_evil.html"; filename*=UTF-8''x_%3B%20filename%3D_evil.html`,
    ],
    ['😀.png', `attachment; filename="_.png"; filename*=UTF-8''%F0%9F%98%80.png`],
  ])('of %s', (name, expected) => {
    expect(contentDisposition(name)).toBe(expected)
  })

  it('is always one printable ASCII line and an attachment', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(contentDisposition(name)).toMatch(
          /^attachment; filename="[^"\\]+"; filename\*=UTF-8''[\w.!#$&+^`|~%-]+$/,
        )
        expect(contentDisposition(name)).toMatch(/^[\x20-\x7e]+$/)
      }),
    )
  })
})

const anyName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: fc.constantFrom(...'.. /\\\u200b\u202eCONnul1.txt:*"', '\ud83d', '投'), maxLength: 300 }),
)
