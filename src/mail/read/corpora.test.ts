import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { newTextOf } from '../domain/trim.ts'
import { readMailHere } from './read-mail.ts'

// Real mails, beside the repository. What two independent parsers agree on is right; floors are what we reach.

const folder = '../shared/data'
const present = existsSync(`${folder}/mail_mikel`)
const note = present ? '' : ' (skipped: ../shared/data is absent)'
const flat = (text: string) => text.replace(/\s+/gu, ' ').trim()
const bare = (text: string) => flat(text).replace(/[<>]/gu, '')

type Said = {
  readonly [field: string]: unknown
  readonly text: string
  readonly html_len: number
  readonly to: string[]
  readonly attachments: { readonly sha256_16: string }[]
}
type Oracle = Record<string, { readonly mailparser: Said; readonly agree: Record<string, boolean> }>

async function seen(path: string): Promise<Record<string, unknown>> {
  const read = await readMailHere(readFileSync(path))
  if (!read.ok) return { problem: read.refusal.code }
  const mail = read.value
  return {
    subject: mail.subject,
    from: mail.from[0]?.address ?? '',
    to: mail.to.map((a) => a.address).join(),
    message_id: mail.messageId ?? '',
    in_reply_to: mail.inReplyTo.join(' '),
    text: mail.text,
    attachments: mail.attachments.map((a) => a.sha256.slice(0, 16)).join(),
  }
}

/** The value both parsers agree on; null where nothing can be compared: text we make of HTML, they do not. */
function wanted(said: Said, field: string): string | null {
  if (field === 'to') return said.to.join()
  if (field === 'attachments') return said.attachments.map((a) => a.sha256_16).join()
  return field === 'text' && said.text === '' && said.html_len > 0 ? null : String(said[field])
}

describe.skipIf(!present)(`real mails${note}`, () => {
  it.each([
    ['mail_chatwoot', 20],
    ['mail_mikel', 52],
    ['mail_mime4j', 19],
  ])('%s: at least %i mails are read as both parsers agree', async (name, floor) => {
    const oracle = JSON.parse(readFileSync(`${folder}/${name}/oracle_mailparser_postalmime.json`, 'utf8')) as Oracle
    const wrong: string[] = []
    for (const [file, { mailparser, agree }] of Object.entries(oracle)) {
      const ours = await seen(`${folder}/${name}/${file}`)
      const fields = Object.keys(agree).filter((field) => agree[field])
      const differs = fields.find((field) => {
        const right = wanted(mailparser, field)
        return right !== null && bare(String(ours[field])) !== bare(right)
      })
      if (differs !== undefined) wrong.push(`${file}: ${differs}`)
    }
    expect(Object.keys(oracle).length - wrong.length, wrong.join('\n')).toBeGreaterThanOrEqual(floor)
  })

  it('cuts answers to what their authors wrote: at least 36 of 38 exactly', () => {
    const dir = `${folder}/reply_trimming`
    const files = readdirSync(`${dir}/discourse_emails`)
    const wrong = files.filter((file) => {
      const cut = newTextOf(readFileSync(`${dir}/discourse_emails/${file}`, 'utf8'))
      return flat(cut) !== flat(readFileSync(`${dir}/discourse_expected_trimmed/${file}`, 'utf8'))
    })
    expect(files.length - wrong.length, wrong.join('\n')).toBeGreaterThanOrEqual(Math.floor(files.length * 0.95))
  })
})
