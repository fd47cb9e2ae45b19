import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { isComposing, isTyping, shortcutsOn } from '../ui/keys.ts'

/** C: new; /: search. Single keys, so never while typing, and they can be turned off (WCAG 2.1.4). */
export function useShortcuts(): void {
  const navigate = useNavigate()
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if (!shortcutsOn() || e.ctrlKey || e.metaKey || e.altKey || isComposing(e) || isTyping(e.target)) return
      if (e.key === 'c') void navigate({ to: '/new' })
      else if (e.key === '/') void navigate({ to: '/search', search: {} })
      else return
      e.preventDefault()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [navigate])
}
