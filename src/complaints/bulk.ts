import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../kit/db/database.ts'
import { RefusalError } from '../kit/pure/result.ts'
import type { Services } from '../kit/services.ts'
import { type StaffActor, visibleSql } from '../people/index.ts'
import type { Context } from './act.ts'
import { once } from './bulk-once.ts'
import type { bulk } from './contract/bulk.ts'
import { bulkVerb } from './bulk-verbs.ts'
import { rowsFor } from './queries.ts'

type Body = z.infer<NonNullable<typeof bulk.body>>
type Reply = z.input<typeof bulk.reply>
type Asked = { readonly actor: StaffActor; readonly now: number; readonly key: string | undefined }

/**
 * The same command to each of these, every one in a transaction of its own: what one refuses stops no other. With a key, what
 * is sent again after a lost answer is not done again.
 */
export async function doInBulk(app: Services, { actor, now, key }: Asked, { action, items }: Body): Promise<Reply> {
  const verb = bulkVerb(action)
  const done: { complaintId: string; version: number }[] = []
  const refused: Reply['refused'] = []
  for (const { complaintId, version } of unique(items)) {
    try {
      const after = await inOwnTransaction(app, actor, now, (ctx) =>
        once(ctx, key && `${key}:${complaintId}`, { action, version }, async () => {
          const outcome = await verb(app, ctx, complaintId, version)
          return outcome.version
        }),
      )
      done.push({ complaintId, version: after })
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error
      const { code, facts } = error.refusal
      refused.push({ complaintId, code, ...(facts ? { facts: { ...facts } } : {}) })
    }
  }
  const rows = await app.db.withScope(actor.scope, (tx) => visibleRows(tx, actor, done, now), 'read')
  return { done: done.map((d) => ({ ...d, row: rows.get(d.complaintId) ?? null })), refused }
}

/** The key of a request as the beginning of the keys of its items. */
export function bulkKey(given: string | string[] | undefined): string | undefined {
  if (given === undefined) return undefined
  if (typeof given !== 'string' || !/^[\x21-\x7e]{1,90}$/.test(given))
    throw new RefusalError({ code: 'request.bad-idempotency-key', status: 400 })
  return given
}

function unique(items: Body['items']): Body['items'] {
  return [...new Map(items.map((i) => [i.complaintId, i])).values()]
}

async function inOwnTransaction<T>(
  app: Services,
  actor: StaffActor,
  now: number,
  work: (ctx: Context) => Promise<T>,
): Promise<T> {
  const after: (() => void)[] = []
  const value = await app.db.withScope(
    actor.scope,
    (tx) => {
      after.length = 0
      return work({ tx, actor, now, afterCommit: (later) => void after.push(later) })
    },
    'write',
  )
  for (const later of after) later()
  return value
}

async function visibleRows(tx: Tx, actor: StaffActor, done: readonly { complaintId: string }[], now: number) {
  const ids = done.map((d) => d.complaintId)
  const seen = await tx.rows<{ id: string }>(
    sql`select c.id from complaint c where c.org_id = ${actor.org.id} and c.id = any (${ids}::uuid[]) and ${sql.raw(visibleSql('c'))}`,
  )
  const rows = await rowsFor(
    tx,
    actor,
    seen.map((s) => s.id),
    now,
  )
  return new Map(rows.map((r) => [r.id, r]))
}
