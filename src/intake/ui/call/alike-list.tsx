import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { listComplaints } from '../../../complaints/contract.ts'
import { useNames } from '../../../complaints/ui/index.ts'
import { call } from '../../../kit/client/call.ts'
import { read } from '../../../web/ui/use-call.ts'
import { checkAlike } from '../../contract.ts'
import type { CallForm } from './call-form.ts'

type Props = { readonly form: CallForm; readonly set: (part: Partial<CallForm>) => void }
export type Known = { readonly id: string; readonly number: string; readonly title: string; readonly why: string }

/**
 * What this may be already: the same number, order or words, while they are typed, and this person's last three. Chosen
 * (by its digit and Alt), the call is noted there instead of becoming another complaint.
 */
export function useKnown(form: CallForm): readonly Known[] {
  const { t } = useTranslation()
  const names = useNames()
  const { text, orderNo, number, customer } = form
  const [asked] = useDebouncedValue({ text: text.slice(0, 20_000), orderNo, phone: number }, 400)
  const body = { ...asked, ...(customer ? { customerId: customer.id } : {}) }
  const worth = asked.text.trim().length > 5 || asked.orderNo !== '' || asked.phone.length > 5 || customer !== null
  const alike = useQuery({
    queryKey: [checkAlike.id, body],
    queryFn: ({ signal }) => call(checkAlike, { body }, { signal }),
    enabled: worth,
    placeholderData: (before) => before,
  })
  const query = { customerId: customer?.id ?? '', sort: 'received' as const, limit: 3, open: 'any' as const }
  const last = useQuery({ ...read(listComplaints, { query }), enabled: customer !== null })
  const known = new Map<string, Known>()
  for (const s of worth ? (alike.data?.items ?? []) : []) {
    const why = s.reasons.map((r) => t(`suggestions.${r}`)).join(t('common.comma'))
    known.set(s.id, {
      id: s.id,
      number: s.number,
      title: s.title,
      why: `${why}${t('call.between')}${names.state(s.state)}`,
    })
  }
  for (const c of customer ? (last.data?.items ?? []) : [])
    if (!known.has(c.id)) known.set(c.id, { id: c.id, number: c.number, title: c.title, why: names.state(c.state) })
  return [...known.values()].slice(0, 6)
}

export function AlikeList({ known, form, set }: Props & { readonly known: readonly Known[] }) {
  const { t } = useTranslation()
  if (known.length === 0) return <p className="quiet small">{t('call.nothing-alike')}</p>
  return (
    <ul className="known" aria-live="polite">
      {known.map((k, n) => (
        <li key={k.id} className={form.onto?.id === k.id ? 'on' : ''}>
          <button
            type="button"
            className="plain"
            aria-pressed={form.onto?.id === k.id}
            onClick={() => set({ onto: form.onto?.id === k.id ? null : { id: k.id, number: k.number } })}
          >
            <kbd>Alt {n + 1}</kbd> <b>{k.number}</b> {k.title}
          </button>
          <small className="quiet">{k.why}</small>
        </li>
      ))}
    </ul>
  )
}
