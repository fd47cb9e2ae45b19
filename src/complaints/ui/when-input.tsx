import './telephone.css'
import { NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { parseWhen } from '../../language/domain/index.ts'
import { moment } from '../../web/ui/time.ts'
import { useNow } from '../../web/ui/use-now.ts'
import { useReader } from '../../web/ui/when.tsx'
import type { ComplaintPage } from '../contract.ts'
import { useWhenWords } from './promise-fields.tsx'
import { useNames } from './use-names.ts'

type Props = { label: string; withAsterisk: boolean; value: string; onChange: (value: unknown) => void }

/** A date as people say it; what it was understood as stands below, and goes out as an instant. */
export function WhenInput({ value, onChange, ...shared }: Props) {
  const { t } = useTranslation()
  const { zone } = useReader()
  const now = useNow()
  const words = useWhenWords()
  const [typed, setTyped] = useState('')
  const found = parseWhen(typed, { now, zone })
  return (
    <div>
      <TextInput
        {...shared}
        autoComplete="off"
        placeholder={t('promise.when-example')}
        value={typed}
        error={typed.trim() !== '' && value === '' ? t('promise.not-understood') : undefined}
        onChange={(e) => {
          const text = e.currentTarget.value
          setTyped(text)
          const is = parseWhen(text, { now: Date.now(), zone })
          onChange(is && is.at > Date.now() ? new Date(is.at).toISOString() : '')
        }}
      />
      <p className={found?.unsure ? 'understood unsure' : 'understood'} aria-live="polite">
        {found && value !== '' ? words(found) : ''}
      </p>
    </div>
  )
}

/** One of the promises still owed here. */
export function OwedInput({ page, value, onChange, ...shared }: Props & { page: ComplaintPage }) {
  const { t } = useTranslation()
  const names = useNames()
  const reader = useReader()
  const owed = page.clocks.filter((c) => (c.kind === 'promise' || c.kind === 'callback') && !c.endedAt)
  const says = (c: (typeof owed)[number]) =>
    [names.clockOf(c), c.dueAt ? moment(Date.parse(c.dueAt), reader) : '', c.words].filter(Boolean).join(' ')
  return (
    <NativeSelect
      {...shared}
      value={value}
      onChange={(e) => onChange(e.currentTarget.value)}
      data={[{ value: '', label: t('common.choose') }, ...owed.map((c) => ({ value: c.id, label: says(c) }))]}
    />
  )
}
