import type { Told, ToldFile, ToldMessage } from './told.ts'

/** A file that was brought along: its bytes are kept under their hash. */
export type KeptFile = { readonly name: string; readonly mime: string; readonly size: number; readonly sha256: string }

/** Where a file that an export tells of may lie in a folder of files. `ids`: of its ticket and its message. */
export type Wanted = ToldFile & { readonly ids: readonly string[] }

/** All files a row tells of. */
export function filesIn({ files, messages }: Told): readonly ToldFile[] {
  return [...files, ...messages.flatMap((m) => m.files ?? [])]
}

/** What a file of a message may lie under. */
export const idsOf = ({ id = '' }: ToldMessage, { sourceId }: Told): string[] => [id, sourceId].filter(Boolean)

/** How many of them were brought along. */
export const keptIn = ({ kept, messages }: Told): number =>
  messages.reduce((n, m) => n + (m.kept?.length ?? 0), kept.length)

/** Words with a line for each file that was not brought along. */
export function withLines(text: string, left: readonly ToldFile[], line: (file: ToldFile) => string): string {
  if (left.length === 0) return text
  return [text, left.map(line).join('\n')].filter(Boolean).join('\n\n')
}
