import type { ServerResponse } from 'node:http'
import type { Scope } from '../kit/db/database.ts'
import { canSee } from '../people/index.ts'
import { isAfter, writeStreamCursor } from './stream-epoch.ts'
import type { Batch, Reader } from './stream-feed.ts'
import type { Place } from './stream-rows.ts'

/** What a slow browser may leave unread before it is dropped; it comes back with its cursor. */
const mostUnread = 1_000_000

export type SseReader = Reader & {
  scope: Scope
  /** Whether this person may know who complains. */
  names: boolean
  event(name: string, data: unknown): void
  beat(): void
  begin(place: Place): void
  end(): void
}

/**
 * One browser on the stream. Its cursor goes out with the last event of a batch only, so that a connection cut inside a
 * batch gets the whole batch again.
 */
export function sseReader(
  out: Pick<ServerResponse, 'write' | 'end' | 'destroy' | 'writableLength'>,
  epoch: string,
  scope: Scope,
  names: boolean,
): SseReader {
  let at: Place | undefined
  const write = (text: string) => {
    if (out.writableLength > mostUnread) out.destroy()
    else out.write(text)
  }
  const idLine = () => (at ? `id: ${writeStreamCursor(epoch, at)}\n` : '')
  const advance = (to: Place) => {
    if (!at || isAfter(to, at)) at = to
  }
  const reader: SseReader = {
    scope,
    names,
    take(batch) {
      const lines = linesFor(reader, batch)
      const last = lines.pop()
      advance(batch.end)
      if (last) write(lines.map((line) => `${line}\n\n`).join('') + `${idLine()}${last}\n\n`)
    },
    reload(place) {
      advance(place)
      reader.event('reload', {})
    },
    begin: advance,
    event: (name, data) => write(`${idLine()}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`),
    // Without data it is no event, but it moves the browser's cursor on.
    beat: () => write(`: beat\n${idLine()}\n`),
    end: () => void out.end(),
  }
  return reader
}

function linesFor({ scope, names }: Pick<SseReader, 'scope' | 'names'>, batch: Batch): string[] {
  const lines: string[] = []
  for (const { complaintId, change, before, noticed } of batch.told) {
    if (change && canSee(scope, change.audience)) {
      lines.push(`event: change\ndata: ${names ? change.text : (change.nameless ?? change.text)}`)
      if (scope.staff && noticed.includes(scope.staff))
        lines.push(`event: notice\ndata: ${JSON.stringify({ complaintId })}`)
    } else if (before.some((audience) => canSee(scope, audience)))
      lines.push(`event: gone\ndata: ${JSON.stringify({ complaintId })}`)
  }
  return lines
}
