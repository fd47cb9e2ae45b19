import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { searchComplaints } from '../../search/contract.ts'
import { read } from '../../web/ui/use-call.ts'
import { useTyped } from '../../web/ui/use-typed.ts'
import type { ComplaintPage } from '../contract.ts'

type Props = {
  label: string
  withAsterisk: boolean
  page: ComplaintPage
  value: string
  onChange: (id: string) => void
}
type Choice = { id: string; number: string; title: string }

/** Another complaint, by number or words; what already looks like the same matter comes first. */
export function ComplaintPicker({ label, withAsterisk, page, value, onChange }: Props) {
  const { t } = useTranslation()
  const { q, field } = useTyped()
  const found = useQuery({ ...read(searchComplaints, { query: { q } }), enabled: q.length > 1 })
  const choices: Choice[] = q.length > 1 ? (found.data?.items.map((i) => i.complaint) ?? []) : page.suggestions
  return (
    <fieldset className="picker">
      <TextInput label={label} withAsterisk={withAsterisk} placeholder={t('picker.hint')} {...field} />
      {choices
        .filter((c) => c.id !== page.complaint.id)
        .slice(0, 8)
        .map((c) => (
          <label key={c.id}>
            <input type="radio" name="other" checked={value === c.id} onChange={() => onChange(c.id)} /> {c.number}{' '}
            {c.title}
          </label>
        ))}
    </fieldset>
  )
}
