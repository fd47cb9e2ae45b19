import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { instantOf, localOf } from '../../web/ui/time.ts'
import { useNow } from '../../web/ui/use-now.ts'
import { useReader } from '../../web/ui/when.tsx'
import type { ComplaintPage } from '../contract.ts'
import { lateTelling } from '../domain/late.ts'

/** Whether telling it then needs the reason why it is written down only now. */
export const isToldLate = (toldAt: unknown, now: number): boolean =>
  typeof toldAt === 'string' && toldAt !== '' && now - Date.parse(toldAt) > lateTelling

/** Told by somebody, not sent by us: then it may have been some time ago. */
export const isToldByThem = (told: unknown): boolean => typeof told === 'string' && told !== '' && told !== 'portal'

type Props = {
  label: string
  page: ComplaintPage
  /** ISO, empty for just now. */
  value: string
  onChange: (at: string) => void
  size?: 'xs'
}

/** When they were told, on the reader's wall clock; empty is just now. */
export function ToldWhen({ page, value, onChange, ...shared }: Props) {
  const { t } = useTranslation()
  const { zone } = useReader()
  const now = useNow()
  return (
    <TextInput
      {...shared}
      type="datetime-local"
      description={t('composer.told-at-hint', { zone })}
      min={localOf(Date.parse(page.complaint.receivedAt), zone)}
      max={localOf(now, zone)}
      value={value === '' ? '' : localOf(Date.parse(value), zone)}
      onChange={(e) => onChange(e.currentTarget.value === '' ? '' : instantOf(e.currentTarget.value, zone))}
    />
  )
}
