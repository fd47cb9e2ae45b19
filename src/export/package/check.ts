import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { text } from 'node:stream/consumers'
import { checkpointLineHolds } from '../../audit/index.ts'
import { tarEntries, type TarEntry, TarProblem } from '../../kit/files/tar.ts'
import {
  blobName,
  checkpointsName,
  dataName,
  knownName,
  manifest as shape,
  type Manifest,
  manifestName,
  PackageProblem,
  publicKeyName,
} from './manifest.ts'

/** A package whose every byte agrees with its manifest. */
export type Checked = {
  readonly manifest: Manifest
  readonly path: string
  readonly entries: ReadonlyMap<string, TarEntry>
}

/** Reads the whole file once, and refuses it before anything is written anywhere. Throws PackageProblem, one line. */
export async function checkPackage(path: string): Promise<Checked> {
  const entries = await entriesOf(path)
  const manifest = await manifestOf(path, entries)
  const named = new Set<string>([
    manifestName,
    ...manifest.kinds.map((k) => dataName(k.name)),
    ...manifest.audit.map((f) => f.name),
  ])
  for (const name of named) if (!entries.has(name)) throw new PackageProblem(`the package lacks ${name}`)
  for (const name of entries.keys())
    if (!named.has(name) && !name.startsWith('blobs/')) throw new PackageProblem(`${name} is not in the manifest`)
  const checked = { manifest, path, entries }
  for (const kind of manifest.kinds) await checkKind(checked, kind)
  for (const { name, bytes, sha256 } of manifest.audit) await checkBytes(checked, name, { bytes, sha256 })
  await checkBlobs(checked)
  await checkCheckpoints(checked)
  return checked
}

async function entriesOf(path: string): Promise<ReadonlyMap<string, TarEntry>> {
  const listed = await tarEntries(path).catch((error: unknown) => {
    if (error instanceof TarProblem) throw new PackageProblem(error.message)
    throw error
  })
  const entries = new Map<string, TarEntry>()
  for (const entry of listed) {
    if (!knownName.test(entry.name)) throw new PackageProblem(`${JSON.stringify(entry.name)} is no name of a package`)
    if (entries.has(entry.name)) throw new PackageProblem(`${entry.name} is in the package twice`)
    entries.set(entry.name, entry)
  }
  if (!entries.has(manifestName)) throw new PackageProblem('the package has no manifest: it was never finished')
  return entries
}

const mostManifest = 50_000_000

async function manifestOf(path: string, entries: ReadonlyMap<string, TarEntry>): Promise<Manifest> {
  const entry = entries.get(manifestName)
  if (!entry || entry.size > mostManifest) throw new PackageProblem('the manifest is too large')
  const parsed = parse(await text(bytesOf({ path, entries }, manifestName)))
  const version = typeof parsed === 'object' && parsed !== null && 'version' in parsed ? parsed.version : undefined
  const read = shape.safeParse(parsed)
  if (read.success) return read.data
  if (typeof version === 'number' && version !== 1)
    throw new PackageProblem(`the package has the format ${version}, this program knows 1`)
  throw new PackageProblem(`the manifest cannot be read: ${read.error.issues[0]?.path.join('.') || 'it'} is wrong`)
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** The bytes of one entry. */
export function bytesOf({ path, entries }: Pick<Checked, 'path' | 'entries'>, name: string): AsyncIterable<Buffer> {
  const entry = entries.get(name)
  if (!entry) throw new PackageProblem(`the package lacks ${name}`)
  if (entry.size === 0) return nothing()
  return createReadStream(path, { start: entry.at, end: entry.at + entry.size - 1, highWaterMark: 1 << 18 })
}

async function* nothing(): AsyncGenerator<Buffer> {}

/** The lines of one entry; every line ends with its break. */
export async function* linesOf(checked: Pick<Checked, 'path' | 'entries'>, name: string): AsyncGenerator<string> {
  const parts: Buffer[] = []
  for await (const piece of bytesOf(checked, name)) {
    let from = 0
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, from)) {
      parts.push(piece.subarray(from, at))
      yield Buffer.concat(parts.splice(0)).toString('utf8')
      from = at + 1
    }
    if (from < piece.length) parts.push(piece.subarray(from))
  }
  if (parts.length > 0) throw new PackageProblem(`${name} ends within a line`)
}

async function checkBytes(
  checked: Checked,
  name: string,
  { bytes, sha256 }: { readonly bytes: number; readonly sha256: string },
): Promise<void> {
  const hash = createHash('sha256')
  for await (const piece of bytesOf(checked, name)) hash.update(piece)
  if (checked.entries.get(name)?.size !== bytes || hash.digest('hex') !== sha256)
    throw new PackageProblem(`${name} is not as it was when the package was made`)
}

/** Its bytes, how many rows, and that each is an object of this organisation with the columns that are named. */
async function checkKind(checked: Checked, kind: Manifest['kinds'][number]): Promise<void> {
  const name = dataName(kind.name)
  await checkBytes(checked, name, kind)
  const known = new Set(kind.columns)
  const { id } = checked.manifest.organisation
  let rows = 0
  for await (const line of linesOf(checked, name)) {
    rows += 1
    const row = parse(line)
    if (typeof row !== 'object' || row === null || Array.isArray(row))
      throw new PackageProblem(`${name} line ${rows} is not an object`)
    if (Object.keys(row).some((column) => !known.has(column)))
      throw new PackageProblem(`${name} line ${rows} has a column that is not named`)
    if (known.has('org_id') && (row as { org_id?: unknown }).org_id !== id)
      throw new PackageProblem(`${name} line ${rows} is of another organisation`)
  }
  if (rows !== kind.rows) throw new PackageProblem(`${name} has ${rows} rows instead of ${kind.rows}`)
}

async function checkBlobs(checked: Checked): Promise<void> {
  const { blobs } = checked.manifest
  const wanted = new Set<string>()
  for await (const line of linesOf(checked, dataName('blob')))
    wanted.add(String((JSON.parse(line) as { sha256: string }).sha256).replace(/^\\x/, ''))
  let [count, bytes] = [0, 0]
  for (const { name, size } of checked.entries.values()) {
    if (!name.startsWith('blobs/')) continue
    const sha256 = name.slice(6)
    await checkBytes(checked, name, { bytes: size, sha256 })
    if (!wanted.delete(sha256)) throw new PackageProblem(`${name} belongs to nothing`)
    count += 1
    bytes += size
  }
  for (const sha256 of blobs.lost) wanted.delete(sha256)
  const [missing] = wanted
  if (missing) throw new PackageProblem(`the package lacks ${blobName(missing)}`)
  if (count !== blobs.count || bytes !== blobs.bytes)
    throw new PackageProblem(`the package has ${count} files instead of ${blobs.count}`)
}

/** What the old house signed it signed with this key, and in this order. */
async function checkCheckpoints(checked: Checked): Promise<void> {
  const publicKey = keyOf(await text(bytesOf(checked, publicKeyName)))
  let prev: string | undefined
  for await (const line of linesOf(checked, checkpointsName)) {
    const at = checkpointLineHolds(checked.manifest.organisation.id, publicKey, prev, parse(line))
    if (at === undefined) throw new PackageProblem(`${checkpointsName} is not what was signed`)
    prev = at
  }
}

function keyOf(pem: string): KeyObject {
  try {
    return createPublicKey(pem)
  } catch {
    throw new PackageProblem(`${publicKeyName} is no key`)
  }
}
