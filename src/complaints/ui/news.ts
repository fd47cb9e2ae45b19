import { useSyncExternalStore } from 'react'

// New complaints per list, waiting behind the "n new" pill so that they never move the row somebody is reading.

let news: ReadonlyMap<string, ReadonlySet<string>> = new Map()
const watchers = new Set<() => void>()

function set(next: ReadonlyMap<string, ReadonlySet<string>>): void {
  news = next
  for (const watcher of watchers) watcher()
}

export function noteNews(list: string, complaintId: string): void {
  set(new Map(news).set(list, new Set(news.get(list)).add(complaintId)))
}

export function forgetNews(list?: string): void {
  if (list === undefined) return set(new Map())
  const next = new Map(news)
  if (next.delete(list)) set(next)
}

/** How many new complaints wait behind this list. */
export function useNews(list: string): number {
  return useSyncExternalStore(watch, () => news.get(list)?.size ?? 0)
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}
