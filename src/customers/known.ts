import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { RefusalError } from '../kit/pure/result.ts'
import type { StaffActor } from '../people/index.ts'
import { readable } from './identify.ts'
import { mayKnowConfidential } from './list.ts'

export type Call = { readonly tx: Tx; readonly actor: StaffActor; readonly now: number }

/** To those who may not know of a customer, there is none. */
export const missing = () => new RefusalError({ code: 'customers.not-found', status: 404 })

export type Known = { id: string; version: number; name: string; locale: string; preferred_channel: string | null }

/** A customer one may know of, under its lock. */
export async function lockKnown({ tx, actor }: Call, id: string): Promise<Known> {
  const row = await tx.first<Known>(
    sql`select u.id, u.version, u.name, u.locale, u.preferred_channel from customer u
        where u.org_id = ${actor.org.id} and u.id = ${id} and ${readable('u', mayKnowConfidential(actor))} for update`,
  )
  if (!row) throw missing()
  return row
}
