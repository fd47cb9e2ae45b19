import { useEffect, useState, useSyncExternalStore } from 'react'
import { addressOf } from '../../kit/client/address.ts'
import { call, readReply } from '../../kit/client/call.ts'
import { problemOf } from '../../kit/client/problem-error.ts'
import { randomUuid } from '../../kit/client/uuid.ts'
import { type Drafts, onDropDrafts, type Person } from '../../web/ui/drafts.ts'
import { useDrafts, useMe } from '../../web/ui/session.ts'
import { deleteDraft, type Draft, getDraft, putDraft } from '../contract.ts'
import { type Doors, type Keeper, keepDraft, Refused, type Snapshot, type Unsaved } from './keeper.ts'

/** This window, for as long as it lives; a reload of it goes on as the same writer. */
const writer = windowName()

/** What this page knows the server to have: newer than what a page opened earlier was told. Gone at sign-out, and when another takes the seat. */
const known = new Map<string, Draft | null>()
onDropDrafts((person) => {
  for (const place of known.keys()) if (!person || !place.startsWith(placeOf(person, ''))) known.delete(place)
})

export type DraftOptions = {
  /** About a restricted complaint: nothing is kept on the disk of this computer. */
  readonly secret?: boolean
  /** What came with the page (null: no draft); left out, the server is asked. */
  readonly from?: Draft | null
}

export type ServerDraft<T> = Snapshot<T> & {
  readonly set: (value: T) => void
  /** Sent, or given up: gone here and on the server. */
  readonly clear: () => void
  readonly flush: () => void
  /** Takes what was written elsewhere; what stands here is offered in its turn. */
  readonly takeOther: () => void
  readonly dropOther: () => void
}

/**
 * Unsent words of the person signed in, kept here at once and on the server within a second: they survive a crash of the
 * page, the browser or the computer. A value equal to `initial` is no draft. `key` as in the contract.
 */
export function useServerDraft<T>(key: string, initial: T, options: DraftOptions = {}): ServerDraft<T> {
  const me = useMe()
  const { secret = false } = options
  const local = useDrafts(secret)
  const place = placeOf(me, key)
  const make = () => ({ place, local, ...makeKeeper(key, place, initial, options.from, local) })
  const [kept, setKept] = useState(make)
  // A keeper lives as long as its key; what it began with is no news.
  const other = kept.place !== place || kept.local !== local
  const keeper = other ? make() : kept
  if (other) setKept(keeper)
  useEffect(() => keepAlive(keeper.keeper, place, key), [keeper, place, key])
  const shown = useSyncExternalStore(keeper.watch, keeper.keeper.snapshot)
  const { set, clear, flush, takeOther, dropOther } = keeper.keeper
  return { ...shown, set, clear, flush: () => flush(), takeOther, dropOther }
}

function makeKeeper<T>(key: string, place: string, initial: T, from: Draft | null | undefined, local: Drafts) {
  const watchers = new Set<() => void>()
  const changed = () => watchers.forEach((watcher) => watcher())
  const here = unsavedOf<T>(local.read(`server.${key}`))
  const keeper = keepDraft(initial, { here, there: newest(place, from) }, doorsOf<T>(key, place, local), changed)
  return {
    keeper,
    watch: (watcher: () => void) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
  }
}

/** Whether words of this person are begun and not sent: what this window did since the page was told counts. */
export function isBegun(me: Person, key: string, from: Draft | null | undefined): boolean {
  return Boolean(newest(placeOf(me, key), from))
}

function placeOf(me: Person, key: string): string {
  return `${me.organisation.id}.${me.id}.${key}`
}

/** What the page was told, unless this window has saved or dropped since. */
function newest(place: string, from: Draft | null | undefined): Draft | null | undefined {
  const mine = known.get(place)
  if (mine === undefined) return from
  return mine && from && from.version > mine.version ? from : mine
}

function doorsOf<T>(key: string, place: string, local: Drafts): Doors<T> {
  return {
    writer,
    now: () => Date.now(),
    later: (work, ms) => {
      const timer = setTimeout(work, ms)
      return () => clearTimeout(timer)
    },
    keepHere: (unsaved) => local.keep(`server.${key}`, unsaved ? JSON.stringify(unsaved) : ''),
    put: async (value, base, { dropOther, last }) => {
      const kept = await send('PUT', key, JSON.stringify({ value, base, writer, dropOther }), last)
      known.set(place, kept as Draft)
      return kept as Draft
    },
    drop: async () => {
      known.set(place, null)
      await call(deleteDraft, { params: { key } })
    },
  }
}

/** Without an idempotency key: a save of words is no effect to be done once, and leaves no copy. */
async function send(method: 'PUT', key: string, body: string, last: boolean): Promise<unknown> {
  const init = { method, body, credentials: 'same-origin', headers: { 'content-type': 'application/json' } } as const
  const address = addressOf(putDraft.path, { key }, {})
  // What outlives its page may be 64 KB at most.
  const keepalive = last && body.length < 20_000
  try {
    return await readReply(await fetch(address, { ...init, keepalive, signal: AbortSignal.timeout(10_000) }))
  } catch (error) {
    const { status, code } = problemOf(error)
    if (status >= 400 && status < 500 && status !== 401 && status !== 429) throw new Refused(code)
    throw error
  }
}

/** Saves at once when the window is left, and asks the server where the page brought nothing along. */
function keepAlive<T>(keeper: Keeper<T>, place: string, key: string): () => void {
  const leave = () => keeper.flush(true)
  const hidden = () => document.visibilityState === 'hidden' && keeper.flush(true)
  const back = () => keeper.flush()
  addEventListener('pagehide', leave)
  addEventListener('blur', leave)
  addEventListener('online', back)
  document.addEventListener('visibilitychange', hidden)
  if (!keeper.ready())
    void call(getDraft, { params: { key } }).then(
      ({ draft }) => keeper.found(known.get(place) ?? draft),
      () => undefined,
    )
  return () => {
    removeEventListener('pagehide', leave)
    removeEventListener('blur', leave)
    removeEventListener('online', back)
    document.removeEventListener('visibilitychange', hidden)
    keeper.stop()
  }
}

function unsavedOf<T>(text: string): Unsaved<T> | null {
  try {
    const kept = JSON.parse(text || 'null') as Partial<Unsaved<T>> | null
    return kept && 'value' in kept && typeof kept.at === 'number' ? (kept as Unsaved<T>) : null
  } catch {
    return null
  }
}

function windowName(): string {
  try {
    const name = sessionStorage.getItem('redress.window') ?? randomUuid()
    sessionStorage.setItem('redress.window', name)
    return name
  } catch {
    return randomUuid()
  }
}
