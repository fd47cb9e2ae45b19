import { Transform } from 'node:stream'
import { ok, RefusalError, type Result, refuse } from '../pure/result.ts'

export type FileLimits = {
  /** Bytes of one file. */
  readonly maxBytes: number
  /** Files of one message. */
  readonly maxCount: number
}

export const defaultFileLimits: FileLimits = { maxBytes: 25 * 1024 * 1024, maxCount: 10 }

/** Whether a message may carry `count` files: `files.too-many` names the limit. */
export function allowCount(count: number, limits: Pick<FileLimits, 'maxCount'>): Result<void> {
  return count > limits.maxCount ? refuse('files.too-many', { maxCount: limits.maxCount }) : ok(undefined)
}

/**
 * Passes bytes on until there are too many: fails with RefusalError `files.too-large` (413) at the first byte above
 * `maxBytes`, whatever length was announced, and with `files.empty` (422) at the end when there were none.
 */
export function byteLimit(maxBytes: number): Transform {
  let seen = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length
      if (seen > maxBytes) done(new RefusalError({ code: 'files.too-large', status: 413, facts: { maxBytes } }))
      else done(null, chunk)
    },
    flush(done) {
      done(seen === 0 ? new RefusalError({ code: 'files.empty', status: 422 }) : null)
    },
  })
}
