import type { KeptFile } from './told-files.ts'

/** One row as it was read: its number in the file (the first behind the header is 1) and its cells by column. */
export type RawRow = { readonly no: number; readonly cells: ReadonlyMap<string, Cell> }
/** A cell: text, or an instant or a number where the file itself has types (XLSX, JSON). */
export type Cell = string | number | boolean | Date | null

/** What is wrong with a row, where, and with which value; codes have words in three languages. */
export type Problem = { readonly column: string; readonly value: string; readonly code: ProblemCode }

export const problemCodes = [
  'id-missing',
  'received-missing',
  'date-unreadable',
  'date-in-future',
  'date-too-old',
  'closed-date-missing',
  'value-unknown',
  'row-unreadable',
  'row-ragged',
  'text-too-long',
] as const
export type ProblemCode = (typeof problemCodes)[number]

/** Why instants of a complaint say nothing of how long it took. */
export type Flaw = 'closed-before-received' | 'answered-before-received' | 'closed-and-answered-before-received'
/** Which flaw spoils which time: one that was closed too early may well have been answered in time. */
export const spoils: Readonly<Record<'close' | 'reply', readonly Flaw[]>> = {
  close: ['closed-before-received', 'closed-and-answered-before-received'],
  reply: ['answered-before-received', 'closed-and-answered-before-received'],
}

export type Person = { readonly name: string; readonly mail: string; readonly phone: string }
/** A file an export tells of by its address, which nobody opens: its bytes come from a folder, or not at all. */
export type ToldFile = {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly size: number | null
}
export type ToldMessage = {
  readonly id?: string
  readonly files?: readonly ToldFile[]
  /** Those of them that were brought along. */
  readonly kept?: readonly KeptFile[]
  readonly at: number
  readonly direction: 'in' | 'out' | 'note'
  readonly text: string
  readonly author: string
}

/** A complaint as the source tells it, mapped to our words: codes and ids are those of the organisation. */
export type Told = {
  readonly no: number
  readonly sourceId: string
  readonly receivedAt: number
  /** When it was first answered; null where the source does not say. */
  readonly answeredAt: number | null
  readonly closedAt: number | null
  readonly state: 'open' | 'closed' | 'withdrawn'
  readonly title: string
  readonly text: string
  readonly answer: string
  readonly typeCode: string | null
  readonly productId: string | null
  readonly placeId: string | null
  readonly channel: string
  readonly severity: 'low' | 'medium' | 'high' | 'critical' | null
  readonly outcomeCode: string | null
  readonly orderNo: string | null
  readonly teamId: string | null
  readonly ownerId: string | null
  readonly ownerName: string
  readonly person: Person | null
  /** What else was said, oldest first. */
  readonly messages: readonly ToldMessage[]
  /** That came with its first words. */
  readonly files: readonly ToldFile[]
  readonly kept: readonly KeptFile[]
}
