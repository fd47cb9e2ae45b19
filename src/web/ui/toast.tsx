import { useSyncExternalStore } from 'react'

type Toast = { readonly key: number; readonly text: string }

const STAY_MS = 4_000
let toasts: readonly Toast[] = []
let next = 1
const watchers = new Set<() => void>()

function set(all: readonly Toast[]): void {
  toasts = all
  for (const watcher of watchers) watcher()
}

/** A short word that something was done; also read aloud. Never the only place of anything that matters. */
export function toast(text: string): void {
  const key = next++
  set([...toasts.slice(-2), { key, text }])
  setTimeout(() => set(toasts.filter((x) => x.key !== key)), STAY_MS)
}

export function Toasts() {
  const all = useSyncExternalStore(watch, () => toasts)
  return (
    <div className="toasts" role="status" aria-live="polite">
      {all.map((x) => (
        <p key={x.key}>{x.text}</p>
      ))}
    </div>
  )
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}
