import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { sniff } from '../kit/files/sniff.ts'
import { RefusalError } from '../kit/pure/result.ts'
import type { Tx } from '../kit/db/database.ts'
import type { Services } from '../kit/services.ts'
import { canBeAnonymous, storeUpload } from '../intake/index.ts'
import type { MailPart } from './domain/mail.ts'

/** More than these stay in the mail as it came, which is kept whole. */
const most = 200

export type Stored = { readonly ids: readonly string[]; readonly cids: Readonly<Record<string, string>> }

export const uploaderOf = (itemId: string) => `mail:${itemId}`

export const noFiles: Stored = { ids: [], cids: {} }

/**
 * The files of a mail, stored like uploads: types by their bytes, names cleaned, what a camera wrote cut out. They are nobody's
 * until the transaction that takes the mail in. What an earlier try left stays until then (`dropLeft`): whoever made it may
 * still be at it.
 */
export async function storeAttachments(
  app: Services,
  { org, itemId, now }: { readonly org: string; readonly itemId: string; readonly now: number },
  parts: readonly MailPart[],
): Promise<Stored> {
  const kept = parts.filter((p) => p.content.length > 0).slice(0, most)
  const uploader = uploaderOf(itemId)
  if (kept.length === 0) return noFiles
  const ids: string[] = []
  const cids: Record<string, string> = {}
  for (const part of kept) {
    const id = await storeOne(app, { org, uploader, now }, part)
    ids.push(id)
    if (part.contentId) cids[part.contentId.replaceAll(/^<|>$/g, '').slice(0, 500)] = id
  }
  return { ids, cids }
}

/** A mail is settled: files that other tries stored for it are nobody's any more. In the transaction that holds it. */
export function dropLeft(tx: Tx, org: string, itemId: string): void {
  tx.send(
    sql`delete from attachment where org_id = ${org} and uploader = ${uploaderOf(itemId)} and complaint_id is null`,
  )
}

/** Somebody else was quicker: what was stored for it is not needed. */
export async function dropFiles(app: Pick<Services, 'db'>, org: string, itemId: string, files: Stored): Promise<void> {
  if (files.ids.length === 0) return
  await app.db.withScope({ org }, (tx) =>
    tx.run(
      sql`delete from attachment where org_id = ${org} and id = any (${[...files.ids]}::uuid[]) and uploader = ${uploaderOf(itemId)} and complaint_id is null`,
    ),
  )
}

/** What reports of delivery and forwarded mails bring without a name. */
const nameless: Readonly<Record<string, string>> = {
  'message/rfc822': 'mail.eml',
  'text/rfc822-headers': 'mail-headers.txt',
  'message/delivery-status': 'delivery-report.txt',
  'text/calendar': 'invitation.ics',
}

async function storeOne(
  app: Services,
  to: { readonly org: string; readonly uploader: string; readonly now: number },
  part: MailPart,
): Promise<string> {
  const { mime } = await sniff(Buffer.from(part.content.subarray(0, 4096)))
  const given = () => ({
    ...to,
    name: part.filename || (nameless[part.contentType.toLowerCase()] ?? ''),
    stream: Readable.from([Buffer.from(part.content)], { objectMode: false }),
    maxBytes: app.config.mail.maxBytes,
  })
  const clean = canBeAnonymous(mime)
  try {
    return (await storeUpload(app, { ...given(), anonymous: clean })).id
  } catch (error) {
    // A damaged picture cannot be cleaned; it is kept as it came rather than lost.
    if (!clean || !(error instanceof RefusalError)) throw error
    return (await storeUpload(app, given())).id
  }
}
