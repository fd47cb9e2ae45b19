import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sql } from 'kysely'
import { byteLimit } from '../kit/files/limits.ts'
import { safeFileName } from '../kit/files/file-name.ts'
import { peek, sniff } from '../kit/files/sniff.ts'
import { inTurn, spooled } from '../kit/files/spool.ts'
import { canStrip, requireStripped, stripMetadata } from '../kit/files/strip-metadata.ts'
import { newId } from '../kit/ids.ts'
import type { Tx } from '../kit/db/database.ts'
import { valueOf } from '../kit/pure/result.ts'
import type { Services } from '../kit/services.ts'

export type Upload = {
  readonly id: string
  readonly name: string
  readonly mediaType: string
  readonly size: number
  readonly stripped: boolean
}

/**
 * Streams a file to the blob store and writes its row once it is durable: no row without bytes. The type is sniffed, never
 * believed. `anonymous`: pictures lose what a camera wrote into them, kinds that cannot be cleaned are refused
 * (`files.stripping-impossible`). Runs outside any transaction: a slow upload must not hold one open.
 */
export async function storeUpload(
  app: Services,
  given: {
    org: string
    uploader: string
    stream: Readable
    name: string
    now: number
    anonymous?: boolean
    maxBytes?: number
  },
): Promise<Upload> {
  const limit = byteLimit(given.maxBytes ?? app.config.maxUploadBytes)
  const fed = pipeline(given.stream, limit)
  // The limit's refusal reaches the reader of the stream below; here it must only not be unhandled.
  fed.catch(() => undefined)
  const { head, stream } = await peek(limit)
  const type = await sniff(head)
  const name = safeFileName(given.name, type.extension)
  const store = app.blobs(given.org)
  const cleaned = given.anonymous === true
  const blob = cleaned
    ? await spooled(stream, (bytes) => store.put(oneOf(valueOf(requireStripped(bytes, type.mime)))))
    : await store.put(stream)
  await fed
  const id = newId(given.now)
  await app.db.withScope({ org: given.org }, async (tx) => {
    await tx.run(
      sql`insert into blob (org_id, sha256, size, created_at) values (${given.org}, decode(${blob.sha256}, 'hex'), ${blob.size}, ${new Date(given.now)})
          on conflict (org_id, sha256) do update set created_at = excluded.created_at`,
    )
    await tx.run(sql`insert into attachment (org_id, id, uploader, name, media_type, size, sha256, stripped, created_at)
      values (${given.org}, ${id}, ${given.uploader}, ${name}, ${type.mime}, ${blob.size}, decode(${blob.sha256}, 'hex'), ${cleaned}, ${new Date(given.now)})`)
  })
  return { id, name, mediaType: type.mime, size: blob.size, stripped: cleaned }
}

/** Whether a file of this type can be freed of what identifies its maker. */
export const canBeAnonymous = canStrip

async function* oneOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

type Unclean = { id: string; sha256: string; media_type: string; name: string; stripped: boolean }

/**
 * Files that come with an anonymous complaint, freed of what tells who made them: pictures lose what a camera wrote into them,
 * and all lose their names, which often say who sent them. In the transaction that records the complaint, before its files are proven.
 * What cannot be cleaned (a PDF, a recording) stays as it is and stays marked as such: whoever records it has seen it.
 */
export async function makeAnonymous(
  app: Pick<Services, 'blobs'>,
  tx: Tx,
  org: string,
  ids: readonly string[],
  now: number,
): Promise<void> {
  if (ids.length === 0) return
  const files = await tx.rows<Unclean>(
    sql`select id, encode(sha256, 'hex') as sha256, media_type, name, stripped from attachment
        where org_id = ${org} and id = any (${[...new Set(ids)]}::uuid[]) and complaint_id is null order by created_at, id`,
  )
  const store = app.blobs(org)
  for (const [i, file] of files.entries()) {
    const name = `${i + 1}${/\.[\w-]{1,16}$/.exec(file.name)?.[0] ?? ''}`
    await tx.run(sql`update attachment set name = ${name} where org_id = ${org} and id = ${file.id}`)
    if (file.stripped || !canStrip(file.media_type)) continue
    const blob = await inTurn(async () => {
      const clean = stripMetadata(await whole(await store.get(file.sha256)), file.media_type)
      return clean.stripped ? store.put(oneOf(clean.bytes)) : undefined
    })
    if (!blob) continue
    await tx.run(
      sql`insert into blob (org_id, sha256, size, created_at) values (${org}, decode(${blob.sha256}, 'hex'), ${blob.size}, ${new Date(now)})
          on conflict (org_id, sha256) do update set created_at = excluded.created_at`,
    )
    await tx.run(
      sql`update attachment set sha256 = decode(${blob.sha256}, 'hex'), size = ${blob.size}, stripped = true where org_id = ${org} and id = ${file.id}`,
    )
  }
}

async function whole(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}
