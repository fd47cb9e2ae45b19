import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { harmless } from '../../kit/pure/markup.ts'
import { mergeCustomers, unmergeCustomer } from '../../customers/contract.ts'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { useMay } from '../../web/ui/session.ts'
import { toast } from '../../web/ui/toast.tsx'
import { useSend } from '../../web/ui/use-call.ts'
import type { ComplaintPage } from '../contract.ts'
import { pageKey } from './live-cache.ts'

type Card = NonNullable<ComplaintPage['customer']>

/** Entries that may be the same person, or were made one: both ways are one press. */
export function SamePeople({ page, customer }: { page: ComplaintPage; customer: Card }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const may = useMay('complaint.merge')
  const again = () => void client.invalidateQueries({ queryKey: pageKey(page.complaint.id) })
  const merge = useSend(mergeCustomers, () => {
    toast(t('context.same-person-done'))
    again()
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
      {samePeople.length > 0 && <h4>{t('context.same-person')}</h4>}
      {samePeople.map((p) => (
        <p key={p.id} className="small">
          <bdi>{harmless(p.name)}</bdi> <span className="quiet">{t('context.same-by')}</span>{' '}
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
