import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseSync } from 'node:sqlite'
import { DatabaseProblem } from './problem.ts'

/** A lock on a file that the kernel frees when its process ends, however it ends. */
export type Lock = { release(): void }

/**
 * Takes the lock at once or answers null. Many may share; exclusive waits for none to share. Node has no flock, so
 * SQLite's own file locking is borrowed: it survives kill -9 without leaving a stale lock.
 */
export function tryLock(path: string, mode: 'shared' | 'exclusive'): Lock | null {
  const file = new DatabaseSync(path, { timeout: 0 })
  try {
    file.exec(mode === 'exclusive' ? 'BEGIN EXCLUSIVE' : 'BEGIN; SELECT count(*) FROM sqlite_schema')
  } catch (error) {
    file.close()
    if (error instanceof Error && /locked|busy/.test(error.message)) return null
    throw error
  }
  return { release: () => file.isOpen && file.close() }
}

/** Waits for the lock, at most `patience` ms. */
export async function takeLock(path: string, mode: 'shared' | 'exclusive', patience: number): Promise<Lock> {
  const deadline = performance.now() + patience
  for (;;) {
    const lock = tryLock(path, mode)
    if (lock) return lock
    if (performance.now() > deadline) throw new DatabaseProblem(`another program has held ${path} for too long`)
    await sleep(25)
  }
}
