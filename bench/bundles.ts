import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleSizes, type Size } from './bundle-sizes.ts'
import { print } from './report.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What a browser must load, compressed, read off the built files: entry with its static imports, then each lazy part. */
export async function bundles(): Promise<void> {
  const line = { bench: 'bundles', size: '', unit: 'KB gz' }
  if (!existsSync(join(root, 'dist', 'web'))) {
    print({ ...line, what: 'desk', n: 0, goal: '', ok: null, note: 'not built: npm start or npm run build first' })
    return
  }
  const { first, parts, words, portal } = bundleSizes(root)
  const tell = (what: string, { name, files, kb }: Size, goal: number | null) =>
    print({
      ...line,
      what,
      value: kb,
      n: files,
      goal: goal === null ? '' : `≤ ${goal}`,
      ok: goal === null ? null : kb <= goal,
      note: name,
    })
  tell('desk first load, JS', first, 250)
  if (parts[0]) tell('largest part, first load included', parts[0], 300)
  for (const one of words) tell('words of a language', one, null)
  tell('portal page, JS', portal, 40)
}
