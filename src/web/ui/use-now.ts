import { useSyncExternalStore } from 'react'

const STEP = 15_000
let now = Date.now()
const watchers = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function tick(): void {
  now = Date.now()
  for (const watcher of watchers) watcher()
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  timer ??= setInterval(tick, STEP)
  return () => {
    watchers.delete(watcher)
    if (watchers.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time (epoch ms), moving every 15 s; one timer for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(watch, () => now)
}
