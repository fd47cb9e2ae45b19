import { Buffer } from 'node:buffer'
import type { Attachment, Email } from 'postal-mime'
import { readTnef } from './tnef.ts'
import { uuencodedIn } from './uuencoded.ts'

/** Files that are packed as no parser knows them: in a winmail.dat, or uuencoded among the words. What cannot be unpacked stays. */
export function unpack(email: Email): Email {
  return fromWords(fromTnef(email))
}

const mostPackets = 5

function fromTnef(email: Email, depth = 0): Email {
  const packed = email.attachments.findIndex(isTnef)
  const part = email.attachments[packed]
  const found = part && readTnef(bytesOf(part))
  if (!part || !found || (found.files.length === 0 && found.text === '' && found.html === '')) return email
  const files = found.files.map((file) => attachment(file.name, file.mediaType, file.content, file.contentId))
  const wordless = (email.text ?? '').trim() === '' && email.html === undefined
  const unpacked: Email = {
    ...email,
    ...(wordless && found.text !== '' ? { text: found.text.replaceAll('\r\n', '\n') } : {}),
    ...(wordless && found.html !== '' ? { html: found.html } : {}),
    attachments: email.attachments.toSpliced(packed, 1, ...files),
  }
  return depth < mostPackets ? fromTnef(unpacked, depth + 1) : unpacked
}

const isTnef = (part: Attachment) =>
  /^application\/(?:vnd\.)?ms-tnef$/iu.test(part.mimeType) || /^winmail\.dat$/iu.test(part.filename ?? '')

function bytesOf({ content }: Attachment): Buffer {
  if (typeof content === 'string') return Buffer.from(content)
  return content instanceof Uint8Array
    ? Buffer.from(content.buffer, content.byteOffset, content.byteLength)
    : Buffer.from(content)
}

function fromWords(email: Email): Email {
  if (email.text === undefined) return email
  const { text, files } = uuencodedIn(email.text)
  if (files.length === 0) return email
  const parts = files.map(({ name, content }) => attachment(name, 'application/octet-stream', content))
  return { ...email, text, attachments: [...email.attachments, ...parts] }
}

function attachment(filename: string, mimeType: string, content: Buffer, contentId = ''): Attachment {
  return {
    filename: filename === '' ? null : filename,
    mimeType,
    disposition: 'attachment',
    content: new Uint8Array(content),
    ...(contentId === '' ? {} : { contentId }),
  }
}
