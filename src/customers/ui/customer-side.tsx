import { Button, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { harmless } from '../../kit/pure/markup.ts'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { useSend } from '../../web/ui/use-call.ts'
import { useReader, When } from '../../web/ui/when.tsx'
import { dropNote, noteCustomer } from '../contract.ts'
import type { Customer } from './customer-page.tsx'

type Props = { customer: Customer }
type Again = Props & { again: () => unknown }

/** How to reach them, and how not. */
export function Reach({ customer }: Props) {
  const { t } = useTranslation()
  const { locale, zone } = useReader()
  const day = (at: string) =>
    new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: zone }).format(Date.parse(at))
  const preferred = customer.preferredChannel
  return (
    <section>
      <h2>{t('customers.reach')}</h2>
      <p>
        {t('customers.preferred')}{' '}
        <b>{preferred ? t(`customers.preferred-is.${preferred}`) : t('customers.preferred-none')}</b>
        {t('common.dot')}
        {t(`locales.${customer.locale}`)}
      </p>
      <ul>
        {customer.identities.map((i) => (
          <li key={i.id}>
            <span className="quiet small">{t(`identities.${i.kind}`, { defaultValue: i.kind })}</span>{' '}
            {i.notUsed ? (
              <s>
                <bdi>{harmless(i.value)}</bdi>
              </s>
            ) : (
              <bdi>{harmless(i.value)}</bdi>
            )}
            <p className="quiet small">
              {t(i.verified ? 'customers.verified' : 'customers.unverified')}
              {t('common.dot')}
              {t('customers.from', { date: day(i.since) })}
            </p>
            {i.notUsed && <p className="soon">⊘ {t(`customers.not-used.${i.notUsed}`)}</p>}
            {i.failedAt && <p className="late">⚠ {t('customers.failed', { date: day(i.failedAt) })}</p>}
          </li>
        ))}
      </ul>
    </section>
  )
}

export function Notes({ customer, again }: Again) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const add = useSend(noteCustomer, () => {
    setText('')
    return again()
  })
  const drop = useSend(dropNote, again)
  return (
    <section>
      <h2>{t('customers.notes')}</h2>
      {customer.notes.length === 0 && !customer.mayChange && <p className="quiet">{t('customers.notes-none')}</p>}
      <ul>
        {customer.notes.map((n) => (
          <li key={n.id}>
            <span className="quiet small">
              {n.by}
              {t('common.dot')}
              <When at={n.at} />
            </span>{' '}
            {n.mine && (
              <button
                type="button"
                className="plain link small"
                onClick={() => drop.mutate({ params: { id: customer.id }, body: { noteId: n.id } })}
              >
                {t('customers.note-drop')}
              </button>
            )}
            <p dir="auto">{harmless(n.text)}</p>
          </li>
        ))}
      </ul>
      {customer.mayChange && (
        <form
          onSubmit={(e) => {
            e.preventDefault()
            add.mutate({ params: { id: customer.id }, body: { text } })
          }}
        >
          <Textarea
            label={t('customers.note')}
            description={t('customers.notes-hint')}
            value={text}
            onChange={(e) => setText(e.currentTarget.value)}
            autosize
            minRows={2}
            mt={10}
          />
          <Button
            type="submit"
            size="compact-md"
            variant="default"
            mt={6}
            disabled={text.trim() === ''}
            loading={add.isPending}
          >
            {t('customers.note-add')}
          </Button>
        </form>
      )}
      <ProblemNote error={add.error ?? drop.error} />
    </section>
  )
}

/** Who changed what, with before and after. */
export function Changes({ customer }: Props) {
  const { t } = useTranslation()
  const value = (field: string, text: string) => {
    if (field === 'locale') return t(`locales.${text}`, { defaultValue: text })
    if (field === 'preferredChannel' && text) return t(`customers.preferred-is.${text}`, { defaultValue: text })
    if (field === 'notUsed')
      return text.replace(/\((asked|wrong|returned)\)$/, (_, why: string) => `（${t(`customers.not-used.${why}`)}）`)
    return harmless(text)
  }
  const sentence = ({ by, field, before, after }: Customer['changes'][number]) => {
    if (field === 'merged')
      return t(after ? 'customers.change-merged' : 'customers.change-unmerged', { by, before, after })
    const named = t([`customers.change-field.${field}`, `identities.${field}`], { defaultValue: field })
    const key = before === '' ? 'change-new' : after === '' ? 'change-gone' : 'change'
    return t(`customers.${key}`, {
      by: by || t('customers.by-itself'),
      field: named,
      before: value(field, before),
      after: value(field, after),
    })
  }
  return (
    <section>
      <h2>{t('customers.changes')}</h2>
      {customer.changes.length === 0 && <p className="quiet">{t('customers.changes-none')}</p>}
      <ul>
        {customer.changes.map((c) => (
          <li key={c.id}>
            <When at={c.at} exact />
            <p>{sentence(c)}</p>
          </li>
        ))}
      </ul>
    </section>
  )
}
