import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

export type Asset = { readonly path: string; readonly type: string; readonly bytes: Buffer; readonly etag: string }

function asset(name: string, type: string): Asset {
  const bytes = readFileSync(new URL(`./assets/${name}`, import.meta.url))
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  const path = `/p/-/${name.replace('.', `.${hash}.`)}`
  return { path, type, bytes, etag: `"${hash}"` }
}

/** Named by their content, so that they may be kept for ever. */
export const style = asset('portal.css', 'text/css; charset=utf-8')
export const script = asset('portal.js', 'text/javascript; charset=utf-8')
