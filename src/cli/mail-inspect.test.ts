import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from './index.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'redress-inspect-'))
  const mail = (name: string, text: string) => writeFileSync(join(folder, name), text)
  mail(
    'kettle.eml',
    'From: Mei <mei@example.com>\r\nTo: a@shop.example\r\nSubject: Kettle\r\nMessage-ID: <m1@example.com>\r\nIn-Reply-To: <m0@shop.example>\r\nDate: Mon, 2 Mar 2026 10:00:00 +0800\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nIt broke.\r\n\r\n> When?\r\n--b\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment\r\n\r\na,b\r\n--b--',
  )
  mail('deep.eml', 'Content-Type: message/rfc822\r\n\r\n'.repeat(50))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function inspect(...files: string[]) {
  const out: string[] = []
  const io = { print: (line: string) => void out.push(line), complain: () => undefined, input: async () => '' }
  const code = await runCli(['mail', 'inspect', ...files.map((f) => join(folder, f))], {}, io)
  return { code, lines: out.map((line): unknown => JSON.parse(line)) }
}

describe('./redress mail inspect', () => {
  it('shows one mail as one object, without a database', async () => {
    expect(await inspect('kettle.eml')).toEqual({
      code: 0,
      lines: [
        expect.objectContaining({
          subject: 'Kettle',
          from: { name: 'Mei', address: 'mei@example.com' },
          to: [{ name: '', address: 'a@shop.example' }],
          messageId: 'm1@example.com',
          inReplyTo: 'm0@shop.example',
          references: [],
          date: '2026-03-02T02:00:00.000Z',
          class: 'human',
          authenticity: { spf: 'unknown', dkim: 'none', dmarc: 'unknown' },
          text: 'It broke.\n\n> When?',
          newText: 'It broke.',
          attachments: [
            expect.objectContaining({ filename: 'a.csv', contentType: 'text/csv', size: 4, inline: false }),
          ],
          wouldThreadTo: null,
        }),
      ],
    })
  })

  it('shows several one a line, in their order, and says of the unreadable why', async () => {
    const { code, lines } = await inspect('deep.eml', 'kettle.eml', 'nowhere.eml')
    expect(code).toBe(1)
    expect(lines).toMatchObject([
      { file: join(folder, 'deep.eml'), problem: 'mail.too-deep' },
      { subject: 'Kettle' },
      { problem: 'mail.no-such-file' },
    ])
  })

  it('ends with 2 where no file is named', async () => {
    expect((await inspect()).code).toBe(2)
  })
})
