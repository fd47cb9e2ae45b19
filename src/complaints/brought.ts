import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { textHash } from './chain.ts'
import type { Brought } from './domain/brought.ts'

type Bringing = {
  readonly messageId: string
  readonly salt: Buffer
  readonly authorName: string
  /** When it was said, where that was before now. */
  readonly at?: number | undefined
  readonly attachmentIds?: readonly string[] | undefined
}

/**
 * What an event says of a message it brings: salted hashes of its author's name and of each file (bytes, type, name). Files
 * that are not there are left out: whoever attaches them refuses.
 */
export async function broughtOf(tx: Tx, org: string, m: Bringing): Promise<Brought> {
  const ids = [...new Set(m.attachmentIds ?? [])]
  const rows =
    ids.length === 0
      ? []
      : await tx.rows<{ id: string; says: string }>(
          sql`select id, encode(sha256, 'hex') || ' ' || media_type || ' ' || name as says from attachment
              where org_id = ${org} and id = any (${ids}::uuid[]) order by id`,
        )
  return {
    messageId: m.messageId,
    ...(m.authorName === '' ? {} : { authorHash: textHash(m.salt, m.authorName) }),
    ...(m.at === undefined ? {} : { at: new Date(m.at).toISOString() }),
    ...(rows.length === 0
      ? {}
      : { files: rows.map(({ id, says }) => ({ attachmentId: id, hash: textHash(m.salt, says) })) }),
  }
}
