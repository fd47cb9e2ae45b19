import { useSyncExternalStore } from 'react'

/** What a single key can do at the desk, with the key it has for whoever never changed it. Enter, Escape and arrows are fixed. */
export const standardKeys = {
  new: 'c',
  search: '/',
  palette: 'p',
  notices: 'i',
  help: '?',
  next: 'j',
  previous: 'k',
  step: 'e',
  triage: 't',
  assign: 'a',
  severity: 's',
  type: '#',
  select: 'x',
  undo: 'z',
  accept: 'y',
  decline: 'd',
  reply: 'r',
  note: 'n',
} as const
export type KeyName = keyof typeof standardKeys
export const keyNames = Object.keys(standardKeys) as KeyName[]

/** How one person has them: on or off, and what differs from the standard (null: no key). */
export type Keys = { readonly on: boolean; readonly map: Readonly<Record<string, string | null>> }

const standard: Keys = { on: true, map: {} }
let now = standard
const watchers = new Set<() => void>()

/** Sets the keys of who is signed in; effective at once, everywhere. */
export function setKeys(keys: Keys): void {
  now = keys
  for (const watcher of watchers) watcher()
}

/** The key of something in these keys; null where it has none. */
export function keyIn({ map }: Keys, name: KeyName): string | null {
  const own = map[name]
  return own === undefined ? standardKeys[name] : own
}

/** What a pressed key does now; undefined where nothing, or where single keys are switched off. */
export function nameOfKey(key: string): KeyName | undefined {
  return now.on ? keyNames.find((name) => keyIn(now, name) === key) : undefined
}

/** A key that does something by itself may be pressed here: nobody types, composes, or holds another key. */
export function isSingleKey(e: KeyboardEvent): boolean {
  return now.on && !e.ctrlKey && !e.metaKey && !e.altKey && !isComposing(e) && !isTyping(e.target)
}

/** The keys as they are, drawn again when they change. */
export function useKeys(): Keys {
  return useSyncExternalStore(watch, () => now)
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

/**
 * Whether a key belongs to an input method that is still composing (注音, 拼音): such an Enter chooses a word and must
 * never send. Safari ends the composition before the key event and tells it by keyCode 229 alone.
 */
export function isComposing(e: { isComposing?: boolean; keyCode?: number }): boolean {
  return e.isComposing === true || e.keyCode === 229
}

export function isTyping(target: EventTarget | null): boolean {
  const typing = 'input, textarea, select, [contenteditable], dialog, [role=dialog], [role=menu]'
  return target instanceof Element && target.closest(typing) !== null
}
