import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sql } from 'kysely'
import { safeFileName } from '../kit/files/file-name.ts'
import { byteLimit } from '../kit/files/limits.ts'
import { peek, sniff } from '../kit/files/sniff.ts'
import { cleanText, truncateGraphemes } from '../kit/pure/text.ts'
import { RefusalError } from '../kit/pure/result.ts'
import type { Services } from '../kit/services.ts'
import type { ReadRow } from './batch.ts'
import { filesIn, type KeptFile, type Told, type ToldFile, type Wanted, withLines } from './domain/index.ts'
import { idsOf } from './domain/told-files.ts'
import { bytesOf, type Folder } from './files-folder.ts'
import en from './locales/en.json' with { type: 'json' }
import zhHans from './locales/zh-Hans.json' with { type: 'json' }
import zhHant from './locales/zh-Hant.json' with { type: 'json' }

/** Keeps the bytes of a file that an export tells of; null where they were not brought along. */
export type FileKeeper = (wanted: Wanted) => Promise<KeptFile | null>
export const noFiles: FileKeeper = async () => null

/**
 * Keeps files of a folder as any attachment is kept: under their hash, by what their bytes are, within the limit of uploads.
 * Addresses are never opened. What is too large, empty or gone is not brought along.
 */
export function folderKeeper(
  app: Pick<Services, 'db' | 'blobs' | 'now'>,
  org: string,
  folder: Folder,
  maxBytes: number,
): FileKeeper {
  const met = new Map<string, KeptFile | null>()
  return async (wanted) => {
    const lying = folder.find(wanted)
    if (!lying) return null
    const known = met.get(lying.path)
    if (known !== undefined) return known && { ...known, name: safeFileName(wanted.name, extensionIn(known.name)) }
    const kept = await keep(app, org, lying.path, wanted.name, maxBytes)
    met.set(lying.path, kept)
    return kept
  }
}
const extensionIn = (name: string) => /\.([\p{L}\p{N}_-]{1,16})$/u.exec(name)?.[1]?.toLowerCase() ?? ''

async function keep(
  app: Pick<Services, 'db' | 'blobs' | 'now'>,
  org: string,
  path: string,
  called: string,
  maxBytes: number,
): Promise<KeptFile | null> {
  try {
    const limit = byteLimit(maxBytes)
    const fed = pipeline(Readable.from(bytesOf({ path })), limit)
    fed.catch(() => undefined)
    const { head, stream } = await peek(limit)
    const type = await sniff(head)
    const { sha256, size } = await app.blobs(org).put(stream)
    await fed
    await app.db.withScope({ org }, (tx) =>
      tx.run(
        sql`insert into blob (org_id, sha256, size, created_at) values (${org}, decode(${sha256}, 'hex'), ${size}, ${new Date(app.now())})
          on conflict (org_id, sha256) do update set created_at = excluded.created_at`,
      ),
    )
    return { name: safeFileName(called, type.extension), mime: type.mime, size, sha256 }
  } catch (error) {
    if (error instanceof RefusalError && error.refusal.status !== 507) return null
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ELOOP', 'EACCES'].includes(String(error.code)))
      return null
    throw error
  }
}

const sentences = { 'zh-Hant': zhHant, 'zh-Hans': zhHans, en } as const
/** The line that stands in a message for a file that was not brought along. */
function lineOf(locale: string, { name, url }: ToldFile): string {
  const sentence = sentences[locale in sentences ? (locale as keyof typeof sentences) : 'zh-Hant'].import['file-left']
  const address = /^https?:\/\//i.test(url) ? truncateGraphemes(cleanText(url).text.replaceAll(/\s/g, ''), 1000) : ''
  return sentence
    .replace('{{name}}', () => safeFileName(name))
    .replace('{{url}}', () => address)
    .trim()
}

/** Rows behind row `behind`, each with the files it tells of kept, or said in its words. */
export async function* bringFiles(
  rows: AsyncGenerator<ReadRow>,
  behind: number,
  locale: string,
  keeper: FileKeeper,
): AsyncGenerator<ReadRow> {
  for await (const row of rows) {
    const { told, no } = row
    yield told && no > behind && filesIn(told).length > 0
      ? { ...row, told: await withFiles(told, locale, keeper) }
      : row
  }
}

async function withFiles(told: Told, locale: string, keeper: FileKeeper): Promise<Told> {
  const each = async (files: readonly ToldFile[], ids: readonly string[]) => {
    const kept: KeptFile[] = []
    const left: ToldFile[] = []
    for (const file of files) {
      const found = await keeper({ ...file, ids })
      if (found) kept.push(found)
      else left.push(file)
    }
    return { kept, words: (text: string) => withLines(text, left, (file) => lineOf(locale, file)) }
  }
  const first = await each(told.files, [told.sourceId])
  const messages: Told['messages'][number][] = []
  for (const m of told.messages) {
    const { kept, words } = await each(m.files ?? [], idsOf(m, told))
    messages.push({ ...m, text: words(m.text), kept })
  }
  return { ...told, text: first.words(told.text || told.title), kept: first.kept, messages }
}
