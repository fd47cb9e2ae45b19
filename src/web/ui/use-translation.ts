import i18next, { type i18n, type TFunction } from 'i18next'
import { useSyncExternalStore } from 'react'

// Stands for "react-i18next" in a browser (vite.config.ts). That one copies the whole i18next for every component that
// shows a word; here all share one object, new with each language, and a word without values is looked up once.

type Translation = { readonly t: TFunction; readonly i18n: i18n }

const watchers = new Set<() => void>()
let now = translation()
i18next.on('languageChanged', () => {
  now = translation()
  for (const watcher of watchers) watcher()
})

/** The words of the reader's language; drawn again in another one, or with other terms. */
export function useTranslation(): Translation {
  return useSyncExternalStore(watch, () => now)
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

function translation(): Translation {
  const known = new Map<string, string>()
  const t = (key: string, ...given: [Record<string, unknown>?]): string => {
    if (given.length > 0) return i18next.t(key, ...given)
    const found = known.get(key) ?? i18next.t(key)
    if (i18next.isInitialized) known.set(key, found)
    return found
  }
  return { t: t as TFunction, i18n: i18next }
}
