import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sql } from 'kysely'
import { byteLimit } from '../kit/files/limits.ts'
import { safeFileName } from '../kit/files/file-name.ts'
import { peek, sniff } from '../kit/files/sniff.ts'
import { canStrip, requireStripped } from '../kit/files/strip-metadata.ts'
import { newId } from '../kit/ids.ts'
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
    ? await store.put(oneOf(valueOf(requireStripped(await collect(stream), type.mime))))
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

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}

async function* oneOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
