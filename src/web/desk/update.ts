import { useSyncExternalStore } from 'react'

let waiting: ServiceWorker | null = null
/** A part of this page is no longer on the server: the desk was updated under it. */
let stale = false
const watchers = new Set<() => void>()
const tell = () => watchers.forEach((watcher) => watcher())

/** Whether a newer desk is ready. It is offered and never forced: somebody may be writing. */
export function useUpdateReady(): boolean {
  return useSyncExternalStore(watch, () => waiting !== null || stale)
}

/** Takes the newer desk. */
export function takeUpdate(): void {
  if (!waiting) return location.reload()
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
  waiting.postMessage('take-over')
}

/** Keeps the files of the desk on this computer, once it stands; only the built desk, and only where browsers allow it. */
export async function keepDesk(): Promise<void> {
  addEventListener('vite:preloadError', () => {
    stale = true
    tell()
  })
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  try {
    const registration = await navigator.serviceWorker.register('/desk/worker.js', { scope: '/desk/' })
    const look = () => {
      // Without a controller it is the first one, not a newer one.
      waiting = navigator.serviceWorker.controller ? registration.waiting : null
      tell()
    }
    look()
    registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look))
    const { active } = await navigator.serviceWorker.ready
    active?.postMessage({ used: usedFiles() })
  } catch {
    // Forbidden or full: the desk works as well without it.
  }
}

function usedFiles(): string[] {
  return performance
    .getEntriesByType('resource')
    .map((entry) => new URL(entry.name))
    .filter((url) => url.origin === location.origin && url.pathname.startsWith('/desk/assets/'))
    .map((url) => url.pathname)
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}
