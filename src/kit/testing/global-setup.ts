import { chmodSync, existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeEmbedded } from '../postgres/index.ts'
import { type Lock, tryLock } from '../postgres/lock.ts'
import { serverFolderVariable } from './database.ts'

const prefix = 'redress-test-'

/** Gives the run a folder for its database server; afterwards ends the server and removes the folder. */
export default async function setup(): Promise<() => Promise<void>> {
  await sweepOrphans()
  const folder = mkdtempSync(join(tmpdir(), prefix))
  chmodSync(folder, 0o711)
  const alive = tryLock(join(folder, 'run.lock'), 'exclusive')
  process.env[serverFolderVariable] = folder
  return () => remove(folder, alive)
}

/** Servers and folders of runs that were killed: nobody holds their lock any more. */
async function sweepOrphans(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((one) => one.startsWith(prefix))) {
    const folder = join(tmpdir(), name)
    try {
      const lock = existsSync(join(folder, 'run.lock')) ? tryLock(join(folder, 'run.lock'), 'exclusive') : null
      if (lock) await remove(folder, lock)
    } catch {
      // Another user's leftovers are that user's to sweep.
    }
  }
}

async function remove(folder: string, lock: Lock | null): Promise<void> {
  await removeEmbedded(join(folder, 'postgres'))
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  lock?.release()
}
