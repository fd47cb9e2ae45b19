import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isComposing } from '../../web/ui/keys.ts'

export type Choice = {
  readonly value: string
  readonly label: string
  /** Beside it, quieter: why it is here. */
  readonly hint?: string
  /** Other words it is found by. */
  readonly also?: string
}
type Props = {
  readonly title: string
  readonly choices: readonly Choice[] | undefined
  readonly choose: (value: string) => void
  readonly close: () => void
  /** The focus went elsewhere: there it stays. */
  readonly left: () => void
  /** Shown under the title: which step of how many. */
  readonly step?: string
  /** What it is picked for, where that is one thing. */
  readonly about?: string | undefined
  readonly typed?: (text: string) => void
}

const plain = (text: string) => text.normalize('NFKC').toLowerCase()
const mostShown = 60

/** One choice by keyboard: a digit takes it at once, letters look for it, arrows and Enter go through it. */
export function Pick({ title, choices, choose, close, left, step, about, typed }: Props) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const waiting = useRef<number | undefined>(undefined)
  const listId = useId()
  const wanted = plain(text)
  const shown = (choices ?? [])
    .filter((c) => typed || plain(`${c.label} ${c.also ?? ''}`).includes(wanted))
    .slice(0, mostShown)
  const take = (n: number) => {
    const choice = shown[n]
    if (choice) choose(choice.value)
  }
  // A digit pressed before the choices came is not lost.
  useEffect(() => {
    if (choices === undefined || waiting.current === undefined) return
    const choice = choices[waiting.current]
    waiting.current = undefined
    if (choice) choose(choice.value)
  }, [choices, choose])
  const onKeyDown = (e: React.KeyboardEvent<HTMLInputElement>) => {
    if (isComposing(e.nativeEvent)) return
    const digit = /^[1-9]$/.test(e.key) && text === '' ? Number(e.key) - 1 : undefined
    if (digit !== undefined && !typed) {
      if (choices === undefined) waiting.current = digit
      else take(digit)
    } else if (e.key === 'ArrowDown') setAt(Math.min(at + 1, shown.length - 1))
    else if (e.key === 'ArrowUp') setAt(Math.max(at - 1, 0))
    else if (e.key === 'Enter') take(at)
    else if (e.key === 'Escape') close()
    else return
    e.preventDefault()
    e.stopPropagation()
  }
  return (
    <div className="pick" role="dialog" aria-label={title}>
      <p className="pick-title">
        <b>{title}</b>
        {step && <span className="quiet"> {step}</span>}
      </p>
      {about && <p className="pick-about">{about}</p>}
      <input
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- opened by a key, to go on by keys
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={shown[at] ? `${listId}-${at}` : undefined}
        aria-label={title}
        placeholder={t('pick.hint')}
        value={text}
        onChange={(e) => {
          setText(e.currentTarget.value)
          setAt(0)
          typed?.(e.currentTarget.value)
        }}
        onKeyDown={onKeyDown}
        onBlur={(e) => {
          // An input that is taken away is left as well: by the next step, not by the person.
          const box = e.currentTarget
          setTimeout(() => {
            if (box.isConnected && !box.closest('.pick')?.contains(document.activeElement)) left()
          })
        }}
      />
      <div role="listbox" id={listId} aria-label={title} className="pick-list">
        {shown.map((c, n) => (
          <button
            type="button"
            tabIndex={-1}
            key={c.value}
            id={`${listId}-${n}`}
            role="option"
            aria-selected={n === at}
            className={n === at ? 'at' : ''}
            // The press must not take the focus away before it counts.
            onMouseDown={(e) => e.preventDefault()}
            onClick={() => take(n)}
          >
            <kbd aria-hidden="true">{n < 9 && !typed && text === '' ? n + 1 : ''}</kbd>
            <span>{c.label}</span>
            {c.hint && <small>{c.hint}</small>}
          </button>
        ))}
      </div>
      {choices === undefined && <p className="quiet small appear">{t('common.loading')}</p>}
      {choices !== undefined && shown.length === 0 && <p className="quiet small">{t('common.nothing-found')}</p>}
    </div>
  )
}
