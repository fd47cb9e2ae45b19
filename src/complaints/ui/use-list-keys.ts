import { useEffect, useRef } from 'react'
import { isComposing, isTyping, type KeyName, nameOfKey } from '../../web/ui/keys.ts'

export type ListKey =
  | 'next'
  | 'previous'
  | 'open'
  | 'select'
  | 'select-all'
  | 'clear'
  | 'assign'
  | 'severity'
  | 'type'
  | 'triage'
  | 'step'
  | 'undo'
  | 'accept'
  | 'decline'

const ofList = new Set<KeyName>([
  'next',
  'previous',
  'select',
  'assign',
  'severity',
  'type',
  'triage',
  'step',
  'undo',
  'accept',
  'decline',
])

/**
 * The keys of a list. Single letters can be switched off and are silent while somebody types or composes; arrows, Enter and
 * Escape work where the list itself is focused. `on` says whether it took the key.
 */
export function useListKeys(box: React.RefObject<HTMLElement | null>, on: (key: ListKey) => boolean): void {
  const latest = useRef(on)
  latest.current = on
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      const key = keyOf(e, box.current)
      if (key && latest.current(key)) e.preventDefault()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [box])
}

function keyOf(e: KeyboardEvent, box: HTMLElement | null): ListKey | undefined {
  if (isComposing(e) || isTyping(e.target) || e.altKey || e.defaultPrevented) return undefined
  const target = e.target instanceof Element ? e.target : null
  const inList = target !== null && box !== null && box.contains(target)
  const nowhere = target === document.body
  if (e.ctrlKey || e.metaKey) {
    if (e.key === 'a' && (inList || nowhere)) return 'select-all'
    return e.key === 'z' && !e.shiftKey && (inList || nowhere) ? 'undo' : undefined
  }
  if (inList || nowhere) {
    if (e.key === 'ArrowDown') return 'next'
    if (e.key === 'ArrowUp') return 'previous'
    if (e.key === 'Escape') return 'clear'
    // A focused link or button has an Enter of its own.
    if (e.key === 'Enter' && nowhere) return 'open'
  }
  const name = nameOfKey(e.key)
  const key = name && ofList.has(name) ? (name as ListKey) : undefined
  // In the complaint that is open its own keys rule; going on in the list works from everywhere.
  if (key !== 'next' && key !== 'previous' && target?.closest('.pane, .context')) return undefined
  return key
}
