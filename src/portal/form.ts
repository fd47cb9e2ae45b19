import { cleanText } from '../kit/pure/text.ts'

/** The answers of a posted form: text that can be stored, '' where nothing was given. Keys are never object keys. */
export type Form = {
  text(name: string): string
  /** One line: no line breaks, no invisible ends. */
  line(name: string): string
}

export const emptyForm: Form = { text: () => '', line: () => '' }

/** Reads application/x-www-form-urlencoded; invalid UTF-8 becomes U+FFFD, NUL and lone surrogates go. */
export function readForm(body: string): Form {
  const values = new URLSearchParams(body)
  return formOf((name) => values.get(name) ?? '')
}

export function formOf(get: (name: string) => string): Form {
  const text = (name: string) => cleanText(get(name)).text.trim()
  return { text, line: (name) => text(name).replace(/\s+/g, ' ') }
}
