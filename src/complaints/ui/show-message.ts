import { useEffect } from 'react'
import { flushSync } from 'react-dom'

const asked = new EventTarget()

/** Leads to a message of the complaint on the screen. */
export function showMessage(id: string): void {
  asked.dispatchEvent(new CustomEvent('show', { detail: id }))
}

/** For the timeline: `reveal` draws what is not drawn at the moment. */
export function useShowing(reveal: () => void): void {
  useEffect(() => {
    const show = (e: Event) => {
      const find = () => document.getElementById(`m-${(e as CustomEvent<string>).detail}`)
      if (!find()) flushSync(reveal)
      const message = find()
      message?.scrollIntoView({ block: 'center' })
      message?.querySelector<HTMLElement>('.mail-waiting button')?.focus({ preventScroll: true })
    }
    asked.addEventListener('show', show)
    return () => asked.removeEventListener('show', show)
  })
}
