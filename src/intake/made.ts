import { sql } from 'kysely'
import { insertComplaints, type NewComplaintRow } from '../complaints/index.ts'
import { type CustomerRows, writingCustomers } from '../customers/index.ts'
import type { Tx } from '../kit/db/database.ts'
import type { StaffActor } from '../people/index.ts'
import { addingSearchRowsOf, type Searchable } from '../search/index.ts'
import type { Marks } from './among.ts'
import { type Contact, rememberingWords, sharesWords, type Words } from './duplicates.ts'
import { type Texts, writingTexts } from './words.ts'

/** A complaint that was decided and is not written yet. */
export type Made = {
  readonly row: NewComplaintRow
  readonly customer: CustomerRows | null
  readonly texts: Texts
  readonly said: readonly Searchable[]
  readonly words: Words
  /** What is written after its row. */
  rest(): Promise<void>
}

/** Whether one, once it is written, may be found to be of the same person or matter as the other. */
export function isLike(one: Marks, other: Marks): boolean {
  const contacts = new Set(one.contacts.map(nameOf))
  if (one.persons?.some((id) => other.persons?.includes(id))) return true
  return other.contacts.some((c) => contacts.has(nameOf(c))) || sharesWords(other.bands, one.bands)
}
const nameOf = ({ kind, norm }: Contact) => `${kind} ${norm}`

/** Where it is written. */
export type To = { readonly tx: Tx; readonly actor: Pick<StaffActor, 'org'>; readonly now: number }

/** Writes them in one statement: every round trip saved is time no row waits in. */
export async function writeMade({ tx, actor: { org }, now }: To, all: readonly Made[]): Promise<void> {
  if (all.length === 0) return
  const customers = all.flatMap((m) => m.customer ?? [])
  const texts = all.map((m) => m.texts)
  const said = all.map((m) => ({ id: m.words.id, said: m.said }))
  const words = all.map((m) => m.words)
  await insertComplaints(
    tx,
    org.id,
    all.map((m) => m.row),
    sql`${writingCustomers(org.id, customers, now)}, ${writingTexts(org.id, texts)}, searched as (${addingSearchRowsOf(org, said)}),
      ${rememberingWords(org.id, words)}`,
  )
  for (const made of all) await made.rest()
}
