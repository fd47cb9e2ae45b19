import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { isComposing, isSingleKey, type KeyName, nameOfKey } from '../ui/keys.ts'

export type Opens = 'palette' | 'notices' | 'help'

/**
 * The keys that work everywhere. Single ones never while somebody types, and they can be changed and switched off (WCAG 2.1.4);
 * Ctrl or Cmd with K opens the palette from everywhere, while typing too, but never while an input method composes.
 */
export function useShortcuts(open: (what: Opens) => void): void {
  const navigate = useNavigate()
  const latest = useRef(open)
  latest.current = open
  useEffect(() => {
    const does: Partial<Record<KeyName, () => unknown>> = {
      new: () => navigate({ to: '/new' }),
      search: () => navigate({ to: '/search', search: {} }),
      palette: () => latest.current('palette'),
      notices: () => latest.current('notices'),
      help: () => latest.current('help'),
    }
    const onKey = (e: KeyboardEvent) => {
      const chord = (e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey && e.key.toLowerCase() === 'k'
      if (chord && !isComposing(e)) latest.current('palette')
      else {
        const name = isSingleKey(e) ? nameOfKey(e.key) : undefined
        const act = name && does[name]
        if (!act) return
        act()
      }
      e.preventDefault()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [navigate])
}
