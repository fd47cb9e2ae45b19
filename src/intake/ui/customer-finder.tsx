import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { findCustomers } from '../../customers/contract.ts'
import { useMay } from '../../web/ui/session.ts'
import { read } from '../../web/ui/use-call.ts'
import { useTyped } from '../../web/ui/use-typed.ts'
import type { Form } from './new-complaint-form.ts'

type Props = { form: Form; set: (part: Partial<Form>) => void }

/** A known customer by name, telephone ending, mail or order, so that one person stays one person. */
export function CustomerFinder({ form, set }: Props) {
  const { t } = useTranslation()
  const { q, field } = useTyped()
  const found = useQuery({ ...read(findCustomers, { query: { q } }), enabled: q.length > 1 })
  if (!useMay('customer.read')) return null
  if (form.customerId)
    return (
      <p className="note-box">
        <b>{form.name}</b>{' '}
        <button type="button" className="plain link" onClick={() => set({ customerId: '', name: '' })}>
          {t('new.someone-else')}
        </button>
      </p>
    )
  return (
    <div>
      <TextInput label={t('new.find')} description={t('new.find-hint')} {...field} />
      <ul className="found" aria-live="polite">
        {q.length > 1 &&
          found.data?.items.slice(0, 6).map((c) => (
            <li key={c.id}>
              <button type="button" className="plain link" onClick={() => set({ customerId: c.id, name: c.name })}>
                {c.name || t('new.no-name')}
              </button>{' '}
              <span className="quiet small">
                {c.identities.map((i) => i.value).join(t('common.comma'))} {t('new.open-count', { count: c.openCount })}
              </span>
            </li>
          ))}
      </ul>
    </div>
  )
}
