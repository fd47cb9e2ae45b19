import type { Draft } from '../contract.ts'

/** 'saved': the server has it. 'saving': not yet. 'offline': it does not answer, the words are here. */
export type DraftState = 'saved' | 'saving' | 'offline'
/** What was written elsewhere meanwhile. */
export type Other<T> = { readonly value: T; readonly updatedAt: string }
export type Snapshot<T> = {
  readonly value: T
  readonly state: DraftState
  readonly other: Other<T> | null
  /** The server refused to keep it (too large, too many): the words are only here. */
  readonly refused: string | null
}

/** Words not known to have reached the server, as kept in the browser. `at`: epoch ms. */
export type Unsaved<T> = {
  readonly value: T
  readonly base: number | null
  readonly writer: string
  readonly at: number
}

/** Where words go. `put` and `drop` throw `Refused` for a no and anything else where no answer came. */
export type Doors<T> = {
  put(value: T, base: number | null, more: { dropOther: boolean; last: boolean }): Promise<Draft>
  drop(): Promise<void>
  keepHere(unsaved: Unsaved<T> | null): void
  now(): number
  /** This window. */
  readonly writer: string
  later(work: () => void, ms: number): () => void
}

export class Refused extends Error {
  readonly code: string
  constructor(code: string) {
    super(code)
    this.code = code
  }
}

/** Words typed on and on reach the server this often; a pause is not waited for. */
const saveEvery = 900
const retryEvery = 4_000

export type Keeper<T> = {
  snapshot(): Snapshot<T>
  set(value: T): void
  /** Sends what is unsaved now; `last`: the page may be gone the next moment. */
  flush(last?: boolean): void
  /** Sent or given up: gone here and there. */
  clear(): void
  takeOther(): void
  dropOther(): void
  /** A draft that the server told of later than the opening. */
  found(draft: Draft | null): void
  /** Whether the server's draft is known. */
  ready(): boolean
  stop(): void
}

/**
 * Keeps one draft: here at once, on the server within a second of the first key, however long the typing lasts. What was
 * left unsaved here by a crash wins over the server's words where it was written on them or is newer; the others are offered.
 */
export function keepDraft<T>(
  initial: T,
  start: { here: Unsaved<T> | null; there: Draft | null | undefined },
  doors: Doors<T>,
  changed: () => void,
): Keeper<T> {
  let shown: Snapshot<T> = { value: initial, state: 'saved', other: null, refused: null }
  let base: number | null = null
  let ready = false
  let touched = false
  let dirty = false
  let dropOther = false
  let held: Other<T> | null = null
  let sending = false
  let cleared = false
  let onItsWay: Promise<unknown> = Promise.resolve()
  let cancel: (() => void) | undefined

  const show = (next: Partial<Snapshot<T>>) => {
    shown = { ...shown, ...next }
    changed()
  }
  const schedule = (ms: number) => {
    cancel ??= doors.later(() => {
      cancel = undefined
      save(false)
    }, ms)
  }
  const save = (last: boolean) => {
    if (!dirty || (sending && !last)) return
    onItsWay = Promise.all([onItsWay, send(last)])
  }
  const send = async (last: boolean) => {
    cancel?.()
    cancel = undefined
    sending = true
    dirty = false
    const forgetting = dropOther
    try {
      const kept = same(shown.value, initial)
        ? await doors.drop().then(() => null)
        : await doors.put(shown.value, base, { dropOther: forgetting, last })
      if (cleared) return
      base = kept?.version ?? null
      if (forgetting) dropOther = false
      if (!dirty) doors.keepHere(null)
      show({ state: dirty ? 'saving' : 'saved', other: held ?? (dropOther ? null : otherOf(kept)), refused: null })
    } catch (error) {
      if (cleared) return
      dirty = true
      show(error instanceof Refused ? { refused: error.code, state: 'offline' } : { state: 'offline' })
      schedule(retryEvery)
      return
    } finally {
      sending = false
    }
    if (dirty) schedule(saveEvery)
  }
  /** Words worth offering: not nothing, and not what stands there anyway. */
  const otherOf = (draft: Draft | null): Other<T> | null => {
    const other = draft?.other
    if (!other || same(other.value, initial) || same(other.value, shown.value)) return null
    return { value: other.value as T, updatedAt: other.updatedAt }
  }
  const write = (value: T) => {
    cleared = false
    touched = true
    dirty = true
    doors.keepHere({ value, base, writer: doors.writer, at: doors.now() })
    show({ value, state: shown.state === 'offline' ? 'offline' : 'saving' })
    schedule(saveEvery)
  }
  const found = (there: Draft | null) => {
    ready = true
    if (touched) return
    const { here } = start
    const current = there === null ? null : { value: there.value as T, updatedAt: there.updatedAt }
    if (there) base = there.version
    const other = otherOf(there)
    if (!here) return show({ value: current?.value ?? initial, other })
    const builtOn = there === null || here.base === there.version || here.writer === there.writer
    const newer = current !== null && here.at >= Date.parse(current.updatedAt)
    if (builtOn || newer) {
      show({ other: builtOn ? other : current })
      write(here.value)
    } else if (current)
      show({ value: current.value, other: { value: here.value, updatedAt: new Date(here.at).toISOString() } })
  }
  if (start.there !== undefined) found(start.there)
  else if (start.here) shown = { ...shown, value: start.here.value }

  return {
    snapshot: () => shown,
    set: write,
    flush: (last = false) => save(last),
    clear: () => {
      cleared = true
      touched = true
      dirty = false
      cancel?.()
      cancel = undefined
      base = null
      held = null
      doors.keepHere(null)
      show({ value: initial, state: 'saved', other: null, refused: null })
      // A save on its way would arrive after the removal, and bring the words back.
      void onItsWay.then(() => doors.drop()).catch(() => undefined)
    },
    takeOther: () => {
      const { other } = shown
      if (!other) return
      const mine: Other<T> = { value: shown.value, updatedAt: new Date(doors.now()).toISOString() }
      // What stood here is offered in its turn, and kept there as replaced.
      held = mine
      base = null
      write(other.value)
      show({ other: mine })
    },
    dropOther: () => {
      held = null
      dropOther = true
      dirty = true
      show({ other: null })
      schedule(0)
    },
    found,
    ready: () => ready,
    stop: () => {
      save(true)
      cancel?.()
      cancel = undefined
    },
  }
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
