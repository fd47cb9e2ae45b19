import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { harmless } from '../../kit/pure/markup.ts'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { useMay } from '../../web/ui/session.ts'
import { toast } from '../../web/ui/toast.tsx'
import { useSend } from '../../web/ui/use-call.ts'
import { mergeCustomers, unmergeCustomer } from '../contract.ts'

type Entry = { readonly id: string; readonly name: string }
type Props = {
  readonly customer: { readonly id: string; readonly also: readonly Entry[]; readonly samePeople: readonly Entry[] }
  readonly heading: 'h2' | 'h4'
  readonly again: () => unknown
}

/** Entries that may be the same person, or were made one: both ways are one press. */
export function SamePeople({ customer, heading: Heading, again }: Props) {
  const { t } = useTranslation()
  const may = useMay('complaint.merge')
  const merge = useSend(mergeCustomers, () => {
    toast(t('context.same-person-done'))
    return again()
  })
  const unmerge = useSend(unmergeCustomer, again)
  const { also, samePeople } = customer
  if (also.length + samePeople.length === 0) return null
  return (
    <>
      {also.map((a) => (
        <p key={a.id} className="small">
          <bdi>{t('context.same-person-also', { name: harmless(a.name) })}</bdi>{' '}
          {may && (
            <button
              type="button"
              className="plain link"
              disabled={unmerge.isPending}
              onClick={() => unmerge.mutate({ params: { id: a.id } })}
            >
              {t('context.same-person-undo')}
            </button>
          )}
        </p>
      ))}
      {samePeople.length > 0 && <Heading>{t('context.same-person')}</Heading>}
      {samePeople.map((p) => (
        <p key={p.id} className="small">
          <Link to="/customers/$id" params={{ id: p.id }} className="link">
            <bdi>{harmless(p.name) || t('customers.no-name')}</bdi>
          </Link>{' '}
          <span className="quiet">{t('context.same-by')}</span>{' '}
          {may && (
            <button
              type="button"
              className="plain link"
              disabled={merge.isPending}
              onClick={() => merge.mutate({ params: { id: p.id }, body: { intoId: customer.id } })}
            >
              {t('context.same-person-merge')}
            </button>
          )}
        </p>
      ))}
      <ProblemNote error={merge.error ?? unmerge.error} />
    </>
  )
}
