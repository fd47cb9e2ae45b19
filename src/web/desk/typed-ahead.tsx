import { useEffect } from 'react'

let ahead = ''

/** Stands in for the palette while it is loaded for the first time: what is typed meanwhile is meant for it, not for the desk. */
export function TypedAhead() {
  useEffect(() => {
    ahead = ''
    const onKey = (e: KeyboardEvent) => {
      if (e.ctrlKey || e.metaKey || e.altKey) return
      if ([...e.key].length === 1) ahead += e.key
      else if (e.key === 'Backspace') ahead = ahead.slice(0, -1)
      else return
      e.preventDefault()
      e.stopImmediatePropagation()
    }
    addEventListener('keydown', onKey, true)
    return () => removeEventListener('keydown', onKey, true)
  }, [])
  return null
}

/** What was typed before the palette stood. */
export function takeTypedAhead(): string {
  const typed = ahead
  ahead = ''
  return typed
}
