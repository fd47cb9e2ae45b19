import { TextInput } from '@mantine/core'
import { useId, useState } from 'react'
import { isComposing } from '../../../web/ui/keys.ts'
import { ChoiceList } from './choice-list.tsx'
import { type Choosable, findBy } from './find-by.ts'

type Props<T extends Choosable> = {
  readonly label: string
  readonly hint?: string
  readonly all: readonly T[]
  /** Shown while nothing is typed. */
  readonly suggested: readonly T[]
  readonly value: string
  readonly choose: (value: string) => void
}

const mostShown = 8

/** One of many by typing: the first that fits is taken by Enter or Tab, arrows go through, Escape and Delete take it back. */
export function QuickPick<T extends Choosable>({ label, hint, all, suggested, value, choose }: Props<T>) {
  const [text, setText] = useState('')
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState(0)
  const listId = useId()
  const chosen = all.find((x) => x.value === value)
  const shown = (text === '' ? suggested : findBy(all, text)).slice(0, mostShown)
  const take = (x: T | undefined) => {
    if (x) choose(x.value)
    setText('')
    setOpen(false)
  }
  const onKeyDown = (e: React.KeyboardEvent<HTMLInputElement>) => {
    if (isComposing(e.nativeEvent) || e.altKey || e.ctrlKey || e.metaKey) return
    if (e.key === 'ArrowDown') setAt(Math.min(at + 1, shown.length - 1))
    else if (e.key === 'ArrowUp') setAt(Math.max(at - 1, 0))
    else if (e.key === 'Enter') {
      take(shown[at])
      nextField(e.currentTarget)
    } else if (e.key === 'Escape') {
      choose('')
      take(undefined)
    } else if ((e.key === 'Backspace' || e.key === 'Delete') && text === '') choose('')
    else {
      if (e.key === 'Tab' && text !== '') take(shown[at])
      return
    }
    e.preventDefault()
    setOpen(true)
  }
  return (
    <div className="quick-pick">
      <TextInput
        label={label}
        description={hint}
        role="combobox"
        aria-expanded={open && shown.length > 0}
        aria-controls={listId}
        aria-activedescendant={open && shown[at] ? `${listId}-${at}` : undefined}
        autoComplete="off"
        placeholder={chosen?.label}
        className={chosen ? 'has-choice' : ''}
        value={text}
        onChange={(e) => {
          setText(e.currentTarget.value)
          setAt(0)
          setOpen(true)
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <ChoiceList
        id={listId}
        label={label}
        items={shown}
        at={at}
        hidden={!open || shown.length === 0}
        keyOf={(x) => x.value}
        take={take}
      >
        {(x) => (
          <>
            <kbd aria-hidden="true">{all.indexOf(x) + 1}</kbd> {x.label} <small className="quiet">{x.code}</small>
          </>
        )}
      </ChoiceList>
    </div>
  )
}

/** The next stop of the form: Enter goes on as Tab does. */
export function nextField(from: HTMLElement): void {
  const stops = [...(from.closest('form')?.querySelectorAll<HTMLElement>('input, textarea, select, button') ?? [])]
  const next = stops.slice(stops.indexOf(from) + 1).find((x) => x.tabIndex >= 0 && x.offsetParent !== null)
  next?.focus()
}
