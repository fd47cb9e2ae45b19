import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** One mail of a file, with where it stands; without bytes: a file in a folder whose name says that it is none. */
export type FileMail = { readonly name: string; readonly raw: Buffer | null }

/**
 * The mails of these paths, one after the other: `.eml` files, mbox files (known by their first line), and folders: Maildirs
 * (`cur` and `new`) or folders of mails. A file that is named itself is a mail, whatever its name.
 */
export async function* mailsIn(paths: readonly string[]): AsyncGenerator<FileMail> {
  for (const path of paths) {
    if ((await stat(path)).isDirectory()) yield* inFolder(path)
    else yield* inFile(path)
  }
}

/** `1234.M5P6.host:2,S` of a Maildir, `12` of MH, `kettle.eml`, `Archive.mbox`, `Inbox`. */
const mailName = /:2,[A-Z]*$|\.(?:eml|msg|mbox|mbx|mail|email)$|^[^.]+$/iu

async function* inFolder(path: string, ofMaildir = false): AsyncGenerator<FileMail> {
  const entries = await readdir(path, { withFileTypes: true })
  const names = entries.map((e) => e.name)
  const isMaildir = names.includes('cur') && names.includes('new')
  const inside = isMaildir ? entries.filter((e) => e.name === 'cur' || e.name === 'new') : entries
  for (const entry of inside.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const at = join(path, entry.name)
    if (entry.isDirectory()) yield* inFolder(at, isMaildir)
    else if (!entry.isFile() || entry.name.startsWith('.')) continue
    else if (ofMaildir || mailName.test(entry.name)) yield* inFile(at)
    else yield { name: at, raw: null }
  }
}

async function* inFile(path: string): AsyncGenerator<FileMail> {
  if (await isMbox(path)) yield* inMbox(path)
  else yield { name: path, raw: await readFile(path) }
}

async function isMbox(path: string): Promise<boolean> {
  for await (const chunk of createReadStream(path, { end: 199 })) return /^From \S+.*\d{4}/.test(String(chunk))
  return false
}

/** mboxrd: a mail begins at a "From " line after an empty one; lines of mails that look so are quoted by ">". */
async function* inMbox(path: string): AsyncGenerator<FileMail> {
  let lines: string[] = []
  let no = 0
  let blank = true
  const made = () => ({ name: `${path}#${no}`, raw: Buffer.from(lines.join('\n'), 'latin1') })
  for await (const line of createInterface({
    input: createReadStream(path, 'latin1'),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (blank && /^From \S+.*\d{4}/.test(line)) {
      if (no > 0) yield made()
      no += 1
      lines = []
    } else lines.push(line.replace(/^>(>*From )/, '$1'))
    blank = line === ''
  }
  if (no > 0) yield made()
}
