import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { harmless } from '../../kit/pure/markup.ts'
import { isComposing } from '../../web/ui/keys.ts'
import { markupOfHtml } from './composer-paste.ts'
import { continued, type Edit, lined, linked, marked, mentionAt } from './composer-text.ts'
import { useNames } from './use-names.ts'

export type Person = { readonly id: string; readonly name: string }
type Props = {
  label: string
  hint: string
  /** What somebody else said is written down as they said it: no marks. */
  plain: boolean
  value: string
  /** On its way: what is typed now would be of no message. */
  still: boolean
  onChange: (text: string) => void
  /** Ctrl or ⌘ with Enter. */
  onSend: () => void
  onEscape: () => void
  onBlur: () => void
  /** Names can be chosen with @. */
  onMention?: (person: Person) => void
}

/** A plain text box that knows light markup: buttons and keys put marks, lists go on, pasted HTML becomes marks. */
export function MarkupBox({ label, hint, plain, value, still, onChange, onSend, onEscape, onBlur, onMention }: Props) {
  const { t } = useTranslation()
  const box = useRef<HTMLTextAreaElement>(null)
  const naming = useNaming(value, onMention)
  const edit = (make: (text: string, from: number, to: number) => Edit | undefined) => {
    const el = box.current
    if (!el || plain || still) return false
    const made = make(el.value, el.selectionStart, el.selectionEnd)
    if (made) apply(el, made)
    return made !== undefined
  }
  const choose = (person: Person) => {
    onMention?.(person)
    edit((text, from) => {
      const at = mentionAt(text, from)
      const words = `@${person.name} `
      return at && { from: at.from, to: from, text: words, select: [at.from + words.length, at.from + words.length] }
    })
    naming.close()
    box.current?.focus()
  }
  const marks: Record<string, () => unknown> = {
    b: () => edit((x, a, b) => marked(x, a, b, '**')),
    i: () => edit((x, a, b) => marked(x, a, b, '*')),
  }
  const onKeyDown = (e: React.KeyboardEvent<HTMLTextAreaElement>) => {
    if (isComposing(e.nativeEvent) || still) return
    const ctrl = (e.ctrlKey || e.metaKey) && !e.altKey
    if (naming.onKey(e.key, choose)) return e.preventDefault()
    if (ctrl && e.key === 'Enter') {
      e.preventDefault()
      onSend()
    } else if (ctrl && !e.shiftKey && marks[e.key.toLowerCase()]) {
      e.preventDefault()
      marks[e.key.toLowerCase()]?.()
    } else if (e.key === 'Enter' && !e.shiftKey && !ctrl) {
      if (edit((text, from, to) => (from === to ? continued(text, from) : undefined))) e.preventDefault()
    } else if (e.key === 'Escape') onEscape()
  }
  const onPaste = (e: React.ClipboardEvent) => {
    const html = e.clipboardData.files.length === 0 && !plain ? e.clipboardData.getData('text/html') : ''
    const text = html && markupOfHtml(html)
    if (!text) return
    e.preventDefault()
    edit((_, from, to) => ({ from, to, text, select: [from + text.length, from + text.length] }))
  }
  const tools: [string, string, () => unknown][] = [
    ['bold', 'B', () => marks.b?.()],
    ['italic', 'I', () => marks.i?.()],
    ['bullets', '•', () => edit((x, a, b) => lined(x, a, b, '- '))],
    ['numbers', '1.', () => edit((x, a, b) => lined(x, a, b, '1. '))],
    ['quote', '❝', () => edit((x, a, b) => lined(x, a, b, '> '))],
    ['link', '↗', () => edit((x, a, b) => linked(x, a, b, 'https://'))],
  ]
  return (
    <div className="markup-box">
      {!plain && (
        <div className="tools" role="toolbar" aria-label={t('composer.format')}>
          {tools.map(([name, sign, run]) => (
            <button
              key={name}
              type="button"
              className={name}
              aria-label={t(`composer.format-${name}`)}
              title={t(`composer.format-${name}`)}
              onMouseDown={(e) => e.preventDefault()}
              onClick={() => {
                box.current?.focus()
                run()
              }}
            >
              {sign}
            </button>
          ))}
        </div>
      )}
      <textarea
        ref={(el) => {
          if (el && !box.current) el.focus()
          box.current = el
        }}
        aria-label={label}
        placeholder={hint}
        value={value}
        readOnly={still}
        rows={5}
        dir="auto"
        onChange={(e) => {
          onChange(e.currentTarget.value)
          naming.look(e.currentTarget)
        }}
        onSelect={(e) => naming.look(e.currentTarget)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        onBlur={onBlur}
        aria-autocomplete={onMention ? 'list' : undefined}
        aria-controls={naming.people.length > 0 ? 'mention-list' : undefined}
      />
      {naming.people.length > 0 && (
        <div className="mention-list" id="mention-list" role="listbox" aria-label={t('composer.mention')}>
          {naming.people.map((person, i) => (
            <button
              type="button"
              tabIndex={-1}
              key={person.id}
              role="option"
              aria-selected={i === naming.at}
              onMouseDown={(e) => e.preventDefault()}
              onClick={() => choose(person)}
            >
              <bdi>{harmless(person.name)}</bdi>
            </button>
          ))}
        </div>
      )}
    </div>
  )
}

/** Through the browser's own editing, so that Ctrl-Z takes it back. */
function apply(el: HTMLTextAreaElement, { from, to, text, select }: Edit): void {
  el.focus()
  el.setSelectionRange(from, to)
  // oxlint-disable-next-line typescript/no-deprecated -- the only way to an edit that can be undone
  const done = text === '' ? document.execCommand('delete') : document.execCommand('insertText', false, text)
  if (!done && !(text === '' && from === to)) el.setRangeText(text, from, to, 'end')
  el.setSelectionRange(select[0], select[1])
}

/** The colleagues whose names begin, or go on, as what stands after the @. */
function useNaming(value: string, onMention: ((person: Person) => void) | undefined) {
  const { catalogue } = useNames()
  const [query, setQuery] = useState<string | null>(null)
  const [at, setAt] = useState(0)
  const asked = query?.toLowerCase()
  const people =
    asked === undefined || !onMention || !value.includes('@')
      ? []
      : (catalogue?.staff ?? []).filter((s) => s.name.toLowerCase().includes(asked)).slice(0, 6)
  return {
    people,
    at: Math.min(at, people.length - 1),
    close: () => setQuery(null),
    look: (el: HTMLTextAreaElement) => {
      if (!onMention || el.selectionStart !== el.selectionEnd) return setQuery(null)
      const next = mentionAt(el.value, el.selectionStart)?.query ?? null
      if (next !== query) setAt(0)
      setQuery(next)
    },
    /** Whether the key was for the list. */
    onKey: (key: string, choose: (person: Person) => void): boolean => {
      const person = people[Math.min(at, people.length - 1)]
      if (!person) return false
      if (key === 'ArrowDown') setAt((at + 1) % people.length)
      else if (key === 'ArrowUp') setAt((at + people.length - 1) % people.length)
      else if (key === 'Enter' || key === 'Tab') choose(person)
      else if (key === 'Escape') setQuery(null)
      else return false
      return true
    },
  }
}
