// A case file before it is a page or a PDF: blocks of plain text, the same for both.

/** How an entry of the chronology stands out. */
export type Tone = 'in' | 'out' | 'note' | 'event'

export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [string, string])[] }
  | { readonly kind: 'text'; readonly text: string; readonly quiet?: boolean }
  | {
      readonly kind: 'point'
      readonly no: number
      readonly text: string
      readonly finding: string
      readonly answer: string
    }
  | {
      readonly kind: 'entry'
      readonly tone: Tone
      readonly at: string
      readonly head: string
      readonly text: string
      /** Why, in pairs; files, one a line. */
      readonly small: readonly string[]
    }
  | {
      readonly kind: 'table'
      readonly head: readonly string[]
      readonly rows: readonly (readonly string[])[]
      /** Shares of the width. */
      readonly widths: readonly number[]
      /** The column of long hashes, written small. */
      readonly fine: number | null
    }

export type CaseFile = {
  readonly locale: string
  /** `客訴 R-2026-000123` */
  readonly title: string
  readonly organisation: string
  /** What the complaint is called. */
  readonly subject: string
  /** For whom, made when and by whom. */
  readonly made: readonly string[]
  readonly blocks: readonly Block[]
  /** `第 {page} 頁，共 {pages} 頁`, with braces as they stand. */
  readonly pageOf: string
  /** Said where the font of the PDF lacks characters, with `{count}`. */
  readonly lacking: string
}
