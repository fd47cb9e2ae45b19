import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'

/**
 * Words typed to search as one goes: `q` follows the field after a short rest, and never while an input method is still
 * composing (注音 or 拼音 on the way to a word would be searched for as if meant).
 */
export function useTyped() {
  const [text, setText] = useState('')
  const [meant, setMeant] = useState('')
  const [composing, setComposing] = useState(false)
  const [q] = useDebouncedValue(meant.trim(), 250)
  const set = (value: string, done: boolean) => {
    setText(value)
    if (done) setMeant(value)
  }
  return {
    q,
    /** What is meant so far, at once. */
    meant: meant.trim(),
    put: (value: string) => set(value, true),
    field: {
      value: text,
      onChange: (e: React.ChangeEvent<HTMLInputElement>) => set(e.currentTarget.value, !composing),
      onCompositionStart: () => setComposing(true),
      onCompositionEnd: (e: React.CompositionEvent<HTMLInputElement>) => {
        setComposing(false)
        set(e.currentTarget.value, true)
      },
    },
  }
}
