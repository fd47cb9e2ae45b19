import { constants, type Dirent } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { RefusalError } from '../kit/pure/result.ts'
import { safeFileName } from '../kit/files/file-name.ts'
import type { Wanted } from './domain/index.ts'

/** A file that lies in the folder: where, what it is called, and the names of the folders above it. */
type Lying = { readonly path: string; readonly name: string; readonly above: readonly string[]; readonly size: number }
export type Folder = {
  /** The one file that is meant, or null: none, several, or one of another size than the export says. */
  find(wanted: Wanted): Lying | null
}

const most = 500_000
const deepest = 8
const key = (name: string) => safeFileName(name).toLowerCase()

/**
 * A folder of files that came with an export. Only what lies in it can be found: names of an export are compared with names of
 * files and never become paths, and links lead nowhere. Refuses import.no-such-folder (422), import.too-many-files (422).
 */
export async function openFolder(path: string): Promise<Folder> {
  const byName = new Map<string, Lying[]>()
  const byId = new Map<string, Lying[]>()
  const put = (map: Map<string, Lying[]>, name: string, file: Lying) => map.set(name, [...(map.get(name) ?? []), file])
  let count = 0
  for await (const file of filesUnder(path, [])) {
    count += 1
    if (count > most) throw new RefusalError({ code: 'import.too-many-files', status: 422, facts: { most } })
    put(byName, key(file.name), file)
    const [id] = /^[A-Za-z0-9-]*[0-9][A-Za-z0-9-]*(?=[-_. ]|$)/.exec(file.name) ?? []
    // `17-photo.jpg`: 17 as well as 17-photo are read as ids; what the export has decides.
    for (const one of new Set([id, /^[A-Za-z0-9]+/.exec(file.name)?.[0]])) if (one) put(byId, one, file)
  }
  return {
    find(wanted) {
      const fits = (file: Lying) => wanted.size === null || wanted.size === file.size
      const named = byName.get(key(wanted.name)) ?? []
      const tries = [
        (wanted.id === '' ? [] : (byId.get(wanted.id) ?? [])).filter((f) => calledBy(f, wanted)),
        wanted.id === '' ? [] : named.filter((f) => f.above.includes(wanted.id)),
        ...wanted.ids.map((id) => named.filter((f) => f.above.includes(id))),
        // By its name alone only where there is no other of this name at all.
        named.length === 1 ? named : [],
      ]
      for (const found of tries) {
        const fitting = found.filter(fits)
        if (fitting.length === 1) return fitting[0] ?? null
      }
      return null
    },
  }
}

/** `<id>`, `<id>.<ending>`, `<id>-<name>`, `<id>_<name>`. */
function calledBy({ name }: Lying, { id, name: wanted }: Wanted): boolean {
  const rest = name.slice(id.length)
  if (rest === '' || /^\.[A-Za-z0-9]{1,16}$/.test(rest)) return true
  return /^[-_ ]/.test(rest) && key(rest.slice(1)) === key(wanted)
}

async function* filesUnder(path: string, above: readonly string[]): AsyncGenerator<Lying> {
  let entries: Dirent[]
  try {
    entries = await readdir(path, { withFileTypes: true })
  } catch {
    if (above.length > 0) return
    throw new RefusalError({ code: 'import.no-such-folder', status: 422 })
  }
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const place = join(path, entry.name)
    if (entry.isDirectory() && above.length < deepest) yield* filesUnder(place, [...above, entry.name])
    else if (entry.isFile()) yield { path: place, name: entry.name, above, size: (await stat(place)).size }
  }
}

/** The bytes of a file that was found. A link put in its place meanwhile is not followed. */
export async function* bytesOf({ path }: Pick<Lying, 'path'>): AsyncGenerator<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    yield* file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>
  } finally {
    await file.close()
  }
}
