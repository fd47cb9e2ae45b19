import { sql } from 'kysely'
import type { z } from 'zod'
import type { Proven } from '../../audit/index.ts'
import { openComplaint, readTimeline } from '../../complaints/index.ts'
import type { complaintPage } from '../../complaints/contract.ts'
import type { Labels } from '../../kit/contract/shapes.ts'
import type { Tx } from '../../kit/db/database.ts'
import type { StaffActor } from '../../people/index.ts'
import { type PublicAnswers, publicAnswers } from '../../portal/index.ts'
import { type Names, namesOf } from '../names.ts'
import { type Words, wordsOf } from '../words.ts'
import type { Variant } from '../contract.ts'

export type Page = z.input<typeof complaintPage>
type Item = Page['timeline'][number]
export type Message = Extract<Item, { kind: 'message' }>
export type Event = Extract<Item, { kind: 'event' }>

/** Everything a case file is made of, as this reader may read it. */
export type Read = {
  readonly page: Page
  /** The whole of it, oldest first, with whole bodies. */
  readonly items: readonly Item[]
  /** Entries that a file of sensible length no longer holds, counted from the oldest. */
  readonly leftOut: boolean
  readonly organisation: string
  readonly names: Names
  readonly words: Words
  readonly zone: string
  readonly by: string
  readonly now: number
  readonly variant: Variant
  readonly proven: Proven
  /** What the complainant was told of points and outcome, as far as it has left; for a file for outside. */
  readonly told: PublicAnswers | null
}

const mostItems = 5_000

export type CaseReader = {
  readonly actor: StaffActor
  readonly locale: Words['locale']
  readonly now: number
  readonly variant: Variant
}

/** Reads one complaint with the reader's eyes; to those who may not see it, it does not exist. */
export async function readCase(tx: Tx, id: string, reader: CaseReader): Promise<Omit<Read, 'proven'>> {
  const { actor, now, variant, locale } = reader
  const org = actor.org.id
  const page = await openComplaint(tx, actor, id, now)
  const { items, leftOut } = await wholeTimeline(tx, actor, id, page)
  const row = await tx.first<{ name: Labels; term_set: string }>(
    sql`select name, term_set from organisation where org_id = ${org}`,
  )
  const words = wordsOf(locale, row?.term_set ?? 'retail')
  const read = items.flatMap((i) => (i.kind === 'message' && wasSaid(i) ? [publicMessage(i)] : []))
  const told = variant === 'outside' ? await publicAnswers(tx, org, id, now, read) : null
  return {
    page,
    items: await withBodies(tx, org, items),
    leftOut,
    organisation: words.label(row?.name),
    names: await namesOf(tx, org, words),
    words,
    zone: actor.zone,
    by: actor.name,
    now,
    variant,
    told,
  }
}

/** Words that were meant for the complainant, or came from them, and were not taken back. */
export const wasSaid = (m: Message): boolean =>
  m.direction !== 'note' &&
  m.visibility === 'public' &&
  m.outbox?.state !== 'cancelled' &&
  !m.flags.includes('cancelled')

const publicMessage = (m: Message) => ({
  id: m.id,
  direction: m.direction === 'in' ? ('in' as const) : ('out' as const),
  body: m.body,
  at: Date.parse(m.at),
})

async function wholeTimeline(
  tx: Tx,
  actor: StaffActor,
  id: string,
  page: Page,
): Promise<{ items: Item[]; leftOut: boolean }> {
  let items = [...page.timeline]
  let before = page.timelineBefore
  while (before !== null && items.length < mostItems) {
    const earlier: { items: Item[]; before: string | null } = await readTimeline(tx, actor, id, { before })
    items = [...earlier.items, ...items]
    before = earlier.before
  }
  return { items, leftOut: before !== null }
}

/** A timeline cuts long messages; a file does not. */
async function withBodies(tx: Tx, org: string, items: readonly Item[]): Promise<Item[]> {
  const cut = items.flatMap((i) => (i.kind === 'message' && i.length > [...i.body].length ? [i.id] : []))
  if (cut.length === 0) return [...items]
  const rows = await tx.rows<{ id: string; body: string }>(
    sql`select id, body from message where org_id = ${org} and id = any (${cut}::uuid[])`,
  )
  const whole = new Map(rows.map((r) => [r.id, r.body]))
  return items.map((i) => (i.kind === 'message' ? { ...i, body: whole.get(i.id) ?? i.body } : i))
}
