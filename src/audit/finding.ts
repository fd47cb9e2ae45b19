/** One thing that is wrong. `complaint` is its number where known, else its id; `seq` the first event concerned. */
export type Finding = {
  readonly code: string
  readonly org?: string
  readonly complaint?: string
  readonly seq?: number
  /** Which columns, rows or files; never content. */
  readonly what?: string
}

/** `audit.hash-mismatch harbour complaint R-2026-000123 seq 4`. */
export function sentence(f: Finding): string {
  return [
    f.code,
    f.org,
    f.complaint && `complaint ${f.complaint}`,
    f.seq !== undefined && `seq ${f.seq}`,
    f.what && `(${f.what})`,
  ]
    .filter(Boolean)
    .join(' ')
}
