import { bareSubject } from './subject.ts'

export type Fingerprinted = {
  readonly from: string
  readonly subject: string
  readonly date: number | null
  readonly text: string
  /** sha256 of what is attached. */
  readonly files: readonly string[]
}

/**
 * What makes a mail the one it is, as one line to hash: sender, time, subject and words, whatever a relay did to line
 * ends, spaces and the order of files.
 */
export function fingerprintOf({ from, subject, date, text, files }: Fingerprinted): string {
  const words = (written: string) => written.normalize('NFKC').replace(/\s+/gu, ' ').trim()
  return JSON.stringify([
    from.toLowerCase(),
    date === null ? null : Math.floor(date / 1000),
    words(bareSubject(subject)),
    words(text),
    [...files].sort(),
  ])
}
