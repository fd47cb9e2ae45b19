import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** Scripts a browser must have before something works: how many files, and their kilobytes compressed by gzip. */
export type Size = { readonly name: string; readonly files: number; readonly kb: number }
export type BundleSizes = {
  readonly first: Size
  /** Each part loaded when it is needed, with the first load; the largest first. Words of one language are a part, too. */
  readonly parts: readonly Size[]
  readonly words: readonly Size[]
  readonly portal: Size
}

const script = '[\\w.~-]+\\.js'
const language = /^(zh-Hant|zh-Hans|en)-/
const gzipKb = (text: string) => Math.round(gzipSync(text).length / 102.4) / 10

/** Read off the built files in `dist/web` of the project at `root`. */
export function bundleSizes(root: string): BundleSizes {
  const assets = join(root, 'dist', 'web', 'assets')
  const scripts = new Map(
    readdirSync(assets)
      .filter((f) => f.endsWith('.js'))
      .map((f) => [f, readFileSync(join(assets, f), 'utf8')]),
  )
  const named = (text: string, before: string) =>
    [...text.matchAll(new RegExp(`${before}(${script})`, 'g'))].map((m) => m[1] ?? '')
  const entry = named(readFileSync(join(root, 'dist', 'web', 'index.html'), 'utf8'), 'assets/')
  const with_ = (from: readonly string[]): ReadonlySet<string> => {
    const seen = new Set<string>()
    const visit = (file: string) => {
      const text = scripts.get(file)
      if (text === undefined || seen.has(file)) return
      seen.add(file)
      named(text, '(?:from|import)\\s*["\'`]\\./').forEach(visit)
    }
    from.forEach(visit)
    return seen
  }
  const size = (name: string, files: ReadonlySet<string>): Size => ({
    name,
    files: files.size,
    kb: Math.round([...files].reduce((sum, f) => sum + gzipKb(scripts.get(f) ?? ''), 0) * 10) / 10,
  })
  const first = with_(entry)
  const lazy = [...scripts.keys()].filter((f) => !first.has(f))
  const part = (f: string) => size(f, with_([...entry, f]))
  return {
    first: size('first load', first),
    parts: lazy
      .filter((f) => !language.test(f))
      .map(part)
      .sort((a, b) => b.kb - a.kb),
    words: lazy.filter((f) => language.test(f)).map((f) => size(f, new Set([f]))),
    portal: { name: 'portal', files: 1, kb: gzipKb(readFileSync(join(root, 'src/portal/assets/portal.js'), 'utf8')) },
  }
}
