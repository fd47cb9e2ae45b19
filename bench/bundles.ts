import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { print } from './report.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const kb = (bytes: number) => Math.round(bytes / 102.4) / 10

/** What a browser must load, compressed, read off the built files: entry with its static imports, then each lazy part. */
export async function bundles(): Promise<void> {
  const web = join(root, 'dist', 'web')
  if (!existsSync(web)) {
    print({
      bench: 'bundles',
      size: '',
      what: 'desk',
      n: 0,
      goal: '',
      ok: null,
      note: 'not built: npm start or npm run build first',
    })
    return
  }
  const assets = join(web, 'assets')
  const scripts = new Map(
    readdirSync(assets)
      .filter((f) => f.endsWith('.js'))
      .map((f) => [f, readFileSync(join(assets, f), 'utf8')]),
  )
  const sizes = new Map([...scripts].map(([f, text]) => [f, gzipSync(text).length]))
  const entry = [...readFileSync(join(web, 'index.html'), 'utf8').matchAll(/assets\/([\w.-]+\.js)/g)].map(
    (m) => m[1] ?? '',
  )
  const importsOf = (file: string) =>
    [...(scripts.get(file) ?? '').matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g)].map((m) => m[1] ?? '')
  const closure = (from: readonly string[]) => {
    const seen = new Set<string>()
    const visit = (file: string) => {
      if (!sizes.has(file) || seen.has(file)) return
      seen.add(file)
      importsOf(file).forEach(visit)
    }
    from.forEach(visit)
    return seen
  }
  const sum = (files: Iterable<string>) => [...files].reduce((total, f) => total + (sizes.get(f) ?? 0), 0)
  const first = closure(entry)
  const firstKb = kb(sum(first))
  print({
    bench: 'bundles',
    size: '',
    what: 'desk first load, JS',
    unit: 'KB gz',
    value: firstKb,
    n: first.size,
    goal: '≤ 250',
    ok: firstKb <= 250,
  })
  const lazy = [...sizes.keys()]
    .filter((f) => !first.has(f))
    .map((f) => ({ f, kb: kb(sum(closure([...entry, f]))) }))
    .sort((a, b) => b.kb - a.kb)
  const [largest] = lazy
  print({
    bench: 'bundles',
    size: '',
    what: 'largest route, first load included',
    unit: 'KB gz',
    value: largest?.kb ?? firstKb,
    n: lazy.length,
    goal: '≤ 300',
    ok: (largest?.kb ?? firstKb) <= 300,
    note: largest?.f ?? '',
  })
  const portal = kb(gzipSync(readFileSync(join(root, 'src/portal/assets/portal.js'))).length)
  print({
    bench: 'bundles',
    size: '',
    what: 'portal page, JS',
    unit: 'KB gz',
    value: portal,
    n: 1,
    goal: '≤ 40',
    ok: portal <= 40,
  })
}
