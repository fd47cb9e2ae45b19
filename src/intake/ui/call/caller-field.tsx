import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { findCustomers } from '../../../customers/contract.ts'
import type { ReplyOf } from '../../../kit/contract/endpoint.ts'
import { isComposing } from '../../../web/ui/keys.ts'
import { read } from '../../../web/ui/use-call.ts'
import { useTyped } from '../../../web/ui/use-typed.ts'
import { ChoiceList } from './choice-list.tsx'
import type { CallForm, Caller } from './call-form.ts'

type Found = ReplyOf<typeof findCustomers>['items'][number]
type Props = {
  readonly form: CallForm
  readonly set: (part: Partial<CallForm>) => void
  readonly caller: Caller
  /** Somebody was chosen, or is new: on to the words. */
  readonly next: () => void
}

/** Who calls: the end of the number, the name or an order, and Enter. Whoever is not known is written down as typed. */
export function CallerField({ form, set, caller, next }: Props) {
  const { t } = useTranslation()
  if (form.customer)
    return (
      <p className="note-box caller">
        <b>{form.customer.name || form.number}</b> <span className="quiet">{form.number}</span>{' '}
        <button type="button" className="plain link" tabIndex={-1} onClick={() => set({ customer: null })}>
          {t('call.somebody-else')}
        </button>
      </p>
    )
  return <Finder form={form} set={set} caller={caller} next={next} />
}

function Finder({ form, set, caller, next }: Props) {
  const { t } = useTranslation()
  const { q, field } = useTyped()
  const [at, setAt] = useState(0)
  const listId = useId()
  const asked = q || (field.value === '' ? (caller.from ?? '') : '')
  const found = useQuery({ ...read(findCustomers, { query: { q: asked } }), enabled: asked.length > 1 })
  const items = asked.length > 1 ? (found.data?.items ?? []).slice(0, 6) : []
  const take = (c: Found) => {
    set({ customer: { id: c.id, name: c.name, locale: c.locale }, number: phoneOf(c, caller.from) })
    next()
  }
  useOnly(caller.from && field.value === '' ? items : [], take)
  const onKeyDown = (e: React.KeyboardEvent<HTMLInputElement>) => {
    if (isComposing(e.nativeEvent) || e.ctrlKey || e.metaKey || e.altKey) return
    if (e.key === 'ArrowDown') setAt(Math.min(at + 1, items.length - 1))
    else if (e.key === 'ArrowUp') setAt(Math.max(at - 1, 0))
    else if (e.key === 'Enter') {
      const chosen = items[at]
      if (chosen) take(chosen)
      else if (field.value.trim() !== '' && !found.isFetching && field.value.trim() === q) {
        set(asNew(field.value.trim()))
        next()
      }
    } else return
    e.preventDefault()
  }
  return (
    <div className="quick-pick">
      <TextInput
        label={t('call.caller')}
        description={t('call.caller-hint')}
        role="combobox"
        aria-expanded={items.length > 0}
        aria-controls={listId}
        aria-activedescendant={items[at] ? `${listId}-${at}` : undefined}
        autoComplete="off"
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the page is one form, and this is its first stop
        autoFocus
        {...field}
        onKeyDown={onKeyDown}
      />
      <ChoiceList
        id={listId}
        label={t('call.caller')}
        items={items}
        at={at}
        hidden={items.length === 0}
        stays
        keyOf={(c) => c.id}
        take={take}
      >
        {(c) => (
          <>
            <b>{c.name}</b>{' '}
            <span className="quiet small">{c.identities.map((i) => i.value).join(t('common.comma'))}</span>{' '}
            <span className="small">{t('new.open-count', { count: c.openCount })}</span>
          </>
        )}
      </ChoiceList>
      {(form.name !== '' || form.number !== '') && (
        <div className="two">
          <TextInput label={t('new.name')} value={form.name} onChange={(e) => set({ name: e.currentTarget.value })} />
          <TextInput
            type="tel"
            label={t('new.phone')}
            value={form.number}
            onChange={(e) => set({ number: e.currentTarget.value })}
          />
        </div>
      )}
    </div>
  )
}

/** A number of one person is that person; one of a family is asked about. */
function useOnly(items: readonly Found[], take: (c: Found) => void): void {
  const only = items.length === 1 ? items[0] : undefined
  const id = only?.id
  useEffect(() => {
    if (only) take(only)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once for whom the number brought up
  }, [id])
}

function phoneOf(c: Found, from: string | undefined): string {
  return from ?? c.identities.find((i) => i.kind === 'phone')?.value ?? ''
}

/** Somebody new, by what was typed: a number or a name. */
function asNew(typed: string): Partial<CallForm> {
  return /^[\d\s+()#-]{3,}$/.test(typed) ? { number: typed } : { name: typed }
}
