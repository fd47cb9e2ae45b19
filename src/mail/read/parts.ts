import { createHash } from 'node:crypto'
import type { Attachment, Email } from 'postal-mime'
import type { MailPart } from '../domain/mail.ts'
import { oneLine } from './people.ts'

/** What is attached, each with its hash. A name is the last step of a path; empty where there is none. */
export function partsOf(email: Email): MailPart[] {
  const html = email.html ?? ''
  return email.attachments.map((part) => {
    const content = bytesOf(part)
    const contentId = oneLine(part.contentId ?? '').replace(/^<|>$/gu, '')
    const contentType = part.mimeType === '' ? 'application/octet-stream' : oneLine(part.mimeType)
    const shown = contentId !== '' && html.includes(`cid:${contentId}`)
    return {
      filename: nameOf(part.filename, contentType),
      contentType,
      content,
      sha256: createHash('sha256').update(content).digest('hex'),
      inline: shown || (part.disposition === 'inline' && contentType.startsWith('image/')),
      contentId: contentId === '' ? null : contentId,
    }
  })
}

/** Bytes of their own: what is a piece of something larger (the mail, Node's pool) cannot be handed to another thread. */
function bytesOf({ content }: Attachment): Uint8Array {
  if (typeof content === 'string') return new TextEncoder().encode(content)
  if (!(content instanceof Uint8Array)) return new Uint8Array(content)
  return content.byteLength === content.buffer.byteLength ? content : new Uint8Array(content)
}

function nameOf(filename: string | null, contentType: string): string {
  const name = oneLine((filename ?? '').replace(/[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, ''))
  const last = name.split(/[/\\]/u).findLast((step) => step !== '') ?? ''
  if (last === '' || /^\.+$/u.test(last)) return contentType === 'application/ms-tnef' ? 'winmail.dat' : ''
  return last
}
