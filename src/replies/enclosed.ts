import { buffer } from 'node:stream/consumers'
import { sql } from 'kysely'
import type { ReplyApp } from './where-said.ts'
import type { Outgoing } from './store.ts'

/** A file that goes with a mail. */
export type Enclosed = { readonly name: string; readonly mediaType: string; readonly content: Buffer }

/** Many mail servers take 20 MB and less, and a file grows by a third on its way; larger ones are found by the link. */
export const mostEnclosedBytes = 10_000_000

const leftOutIn: Readonly<Record<string, readonly [withLink: string, without: string]>> = {
  'zh-Hant': ['以下檔案未附在信中，請從信末的連結下載：', '以下檔案太大，未附在信中，請與我們聯絡索取：'],
  'zh-Hans': ['以下文件未附在邮件中，请从邮件末尾的链接下载：', '以下文件太大，未附在邮件中，请与我们联系索取：'],
  en: ['Not enclosed; find them by the link below: ', 'Too large to enclose; ask us for them: '],
}

/** What the mail says of files that do not go with it; '' where all do. */
export function leftOutWords(names: readonly string[], locale: string, link: boolean): string {
  const [withLink = '', without = ''] = leftOutIn[locale] ?? leftOutIn.en ?? []
  return names.length === 0 ? '' : `\n\n${link ? withLink : without}${names.join(locale === 'en' ? ', ' : '、')}`
}

type Row = { name: string; media_type: string; size: number; sha256: Buffer }

/**
 * The files of the message a mail brings, as many as fit in the order they were added, and the names of the others. A file that
 * cannot be read is no reason to keep the words back.
 */
export async function enclosedWith(
  app: ReplyApp,
  org: string,
  { message_id }: Pick<Outgoing, 'message_id'>,
): Promise<{ readonly files: readonly Enclosed[]; readonly leftOut: readonly string[] }> {
  if (!message_id) return { files: [], leftOut: [] }
  const rows = await app.db.withScope(
    { org },
    (tx) =>
      tx.rows<Row>(
        sql`select name, media_type, size, sha256 from attachment
            where org_id = ${org} and message_id = ${message_id}::uuid and visibility = 'public' order by created_at, id`,
      ),
    'read',
  )
  const files: Enclosed[] = []
  const leftOut: string[] = []
  let room = mostEnclosedBytes
  for (const { name, media_type: mediaType, size, sha256 } of rows) {
    const content = size <= room ? await read(app, org, sha256) : undefined
    if (content) {
      files.push({ name, mediaType, content })
      room -= size
    } else leftOut.push(name)
  }
  return { files, leftOut }
}

async function read(app: ReplyApp, org: string, sha256: Buffer): Promise<Buffer | undefined> {
  try {
    return await buffer(await app.blobs(org).get(sha256.toString('hex')))
  } catch (error) {
    app.log.error({ err: error, sha256: sha256.toString('hex') }, 'a file of a reply cannot be read')
    return undefined
  }
}
