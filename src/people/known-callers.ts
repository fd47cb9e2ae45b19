import type { Database } from '../kit/db/database.ts'

const keptMs = 2_000
const mostKept = 5_000
const minute = 60_000

type Door = {
  readonly kept: Map<string, { readonly value: unknown; readonly until: number }>
  readonly used: Map<string, number>
  onceAMinute(key: string, lastAt: number, now: number, work: () => Promise<void>): Promise<void>
}

const doors = new WeakMap<Database, Door>()

/** This process's short memory of who calls, one a database. */
export function doorOf(db: Database): Door {
  let door = doors.get(db)
  if (!door) {
    const used = new Map<string, number>()
    door = { kept: new Map(), used, onceAMinute: (...args) => onceAMinute(used, ...args) }
    doors.set(db, door)
  }
  return door
}

/** Looks up, or remembers for 2 s; "nobody" is not kept. The monotonic clock: a leap of the wall clock must not keep a session alive. */
export async function known<T>(
  db: Database,
  key: string,
  lookUp: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const { kept } = doorOf(db)
  const now = performance.now()
  const found = kept.get(key)
  if (found && found.until > now) return found.value as T
  const value = await lookUp()
  if (kept.size >= mostKept) kept.clear()
  if (value === undefined) kept.delete(key)
  else kept.set(key, { value, until: now + keptMs })
  return value
}

/** After anything that changes who may do what: this process looks everyone up again. Others follow within 2 s. */
export function forgetKnown(db: Database): void {
  doorOf(db).kept.clear()
}

/** "Last used" needs no more than a minute's precision, and must not fail the request it is about. */
async function onceAMinute(
  used: Map<string, number>,
  key: string,
  lastAt: number,
  now: number,
  work: () => Promise<void>,
): Promise<void> {
  if (now - Math.max(lastAt, used.get(key) ?? 0) < minute) return
  if (used.size >= mostKept) used.clear()
  used.set(key, now)
  await work().catch(() => undefined)
}
