import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { openReader, type ReadContext, type WouldThread } from '../mail/index.ts'
import type { ReadMail } from '../mail/domain/mail.ts'
import type { Result } from '../kit/pure/result.ts'

/** Where a mail would be threaded to; null without a database. */
export type ThreadTo = (mail: ReadMail) => Promise<WouldThread | null>

export type Inspected = { readonly readable: boolean; readonly shown: Readonly<Record<string, unknown>> }

/** Reads mails of files (`-`: standard input) one after another and shows each as one object, in their order. */
export async function* inspectFiles(
  files: readonly string[],
  context: ReadContext,
  threadTo: ThreadTo = async () => null,
): AsyncGenerator<Inspected> {
  const reader = openReader({ workers: Math.min(2, files.length), waiting: files.length })
  try {
    const ahead: Promise<[string, Result<ReadMail> | null]>[] = []
    for (const file of files) {
      ahead.push(bytesOf(file).then(async (raw) => [file, raw ? await reader.read(raw, context) : null]))
      if (ahead.length >= 4) yield await shown(await ahead.shift(), threadTo)
    }
    for (const one of ahead) yield await shown(await one, threadTo)
  } finally {
    await reader.close()
  }
}

async function bytesOf(file: string): Promise<Uint8Array | null> {
  if (file === '-') return buffer(process.stdin)
  return readFile(file).catch(() => null)
}

async function shown(read: [string, Result<ReadMail> | null] | undefined, threadTo: ThreadTo): Promise<Inspected> {
  const [file = '', result = null] = read ?? []
  if (result === null) return { readable: false, shown: { file, problem: 'mail.no-such-file' } }
  if (!result.ok) return { readable: false, shown: { file, problem: result.refusal.code, ...result.refusal.facts } }
  const mail = result.value
  const { messageId, inReplyTo, references, date, text, newText } = mail
  return {
    readable: true,
    shown: {
      file,
      subject: mail.subject,
      from: mail.from[0] ?? null,
      ...(mail.from.length > 1 ? { alsoFrom: mail.from.slice(1) } : {}),
      to: mail.to,
      cc: mail.cc,
      replyTo: mail.replyTo,
      messageId,
      inReplyTo: inReplyTo.length > 0 ? inReplyTo.join(' ') : null,
      references,
      date: date === null ? null : new Date(date).toISOString(),
      class: mail.class,
      authenticity: mail.authenticity,
      text,
      newText,
      attachments: mail.attachments.map(({ filename, contentType, content, sha256, inline }) => ({
        filename,
        contentType,
        size: content.byteLength,
        sha256,
        inline,
      })),
      bounce: mail.bounce,
      forwardedFrom: mail.forwardedFrom,
      mended: mail.mended,
      wouldThreadTo: await threadTo(mail),
    },
  }
}
