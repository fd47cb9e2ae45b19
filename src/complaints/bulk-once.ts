import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { canonicalJson } from '../kit/pure/jcs.ts'
import { RefusalError } from '../kit/pure/result.ts'
import type { Context } from './act.ts'

/**
 * Does it once for a key, in the transaction of the effect: a repetition is given the version of the first time. Without a
 * key it is simply done.
 */
export async function once(
  { tx, actor, now }: Context,
  key: string | undefined,
  asked: unknown,
  work: () => Promise<number>,
): Promise<number> {
  if (key === undefined) return work()
  const org = actor.org.id
  const hash = createHash('sha256')
    .update(canonicalJson(JSON.parse(JSON.stringify(asked))))
    .digest()
  const fresh = await tx.run(
    sql`insert into idempotency (org_id, caller, key, request_hash, created_at)
      values (${org}, ${actor.caller}, ${key}, ${hash}, ${new Date(now)}) on conflict do nothing`,
    'bulk-claim',
  )
  if (fresh === 0) return keptVersion(tx, org, actor.caller, key, hash)
  const version = await work()
  tx.send(
    sql`update idempotency set status = 200, reply = ${JSON.stringify({ version })}::jsonb
      where org_id = ${org} and caller = ${actor.caller} and key = ${key}`,
    'bulk-remember',
  )
  return version
}

async function keptVersion(tx: Context['tx'], org: string, caller: string, key: string, hash: Buffer): Promise<number> {
  const seen = await tx.first<{ request_hash: Buffer; reply: { version: number } | null }>(
    sql`select request_hash, reply from idempotency where org_id = ${org} and caller = ${caller} and key = ${key}`,
  )
  if (!seen?.reply || !seen.request_hash.equals(hash))
    throw new RefusalError({ code: 'request.idempotency-key-reused', status: 422 })
  return seen.reply.version
}
