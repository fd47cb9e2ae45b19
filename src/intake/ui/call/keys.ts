import { useEffect, useRef } from 'react'
import { isComposing } from '../../../web/ui/keys.ts'

/** Alt and a key, anywhere on the page, while typing too; by the place of the key, so that an Option key works as well. */
export function useShortcut(code: string | ((code: string) => boolean), work: (code: string) => void): void {
  const latest = useRef({ code, work })
  latest.current = { code, work }
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      const { code: wanted, work: act } = latest.current
      if (!e.altKey || e.ctrlKey || e.metaKey || isComposing(e)) return
      if (typeof wanted === 'string' ? e.code !== wanted : !wanted(e.code)) return
      e.preventDefault()
      act(e.code)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}
