import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'

/** A backup or a restore that cannot go on, in one line for the operator. */
export class BackupProblem extends Error {
  override name = 'BackupProblem'
}

// Names are spelled out, not cleaned: what is not one of these never becomes a path.
const fileName = z
  .string()
  .regex(/^(tables\/[a-z_]+\.[a-z0-9_]+\.copy\.gz|checkpoints\/[0-9a-f-]{36}\.jsonl\.gz|jobs\.copy\.gz|secret\.key)$/)
const count = z.number().int().min(0)

const shape = z.object({
  format: z.literal(1),
  program: z.string(),
  postgres: z.string(),
  at: z.string(),
  migrations: z.array(z.object({ name: z.string().regex(/^[A-Za-z0-9_.-]+$/), sha256: z.string() })),
  secretFingerprint: z.string(),
  tables: z.array(
    z.object({ schema: z.string(), name: z.string(), columns: z.array(z.string()), rows: count, file: fileName }),
  ),
  jobs: count,
  files: z.array(z.object({ name: fileName, bytes: count, sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
  blobs: z.object({ count, bytes: count, lost: z.array(z.string()) }),
})

/** What a backup holds. Written last: a folder without it is no backup. */
export type Manifest = z.infer<typeof shape>
export const manifestFile = 'manifest.json'

/** Reads and checks the manifest; throws BackupProblem. */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, manifestFile), 'utf8').catch(() => undefined)
  if (text === undefined)
    throw new BackupProblem(`${folder} has no ${manifestFile}: it is no backup, or an unfinished one`)
  const parsed = shape.safeParse(safeJson(text))
  if (parsed.success) return parsed.data
  throw new BackupProblem(
    `${join(folder, manifestFile)} cannot be read: ${parsed.error.issues[0]?.path.join('.')} is wrong`,
  )
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Compares every file with the manifest, before anything is loaded. Links are refused: they lead out of the folder. */
export async function checkFiles(folder: string, manifest: Manifest): Promise<void> {
  for (const { name, bytes, sha256 } of manifest.files) {
    const path = join(folder, name)
    const found = await lstat(path).catch(() => undefined)
    if (!found?.isFile()) throw new BackupProblem(`the backup lacks ${name}`)
    if (found.size !== bytes || (await sha256Of(path)) !== sha256)
      throw new BackupProblem(`${name} is not as it was when the backup was made`)
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
