import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, useMe } from '../../web/ui/session.ts'
import { isoDate } from '../../web/ui/time.ts'
import { useNow } from '../../web/ui/use-now.ts'
import { dayInLast, type FiguresSearch } from './figures-search.ts'

const kinds = ['week', 'month', 'quarter', 'year'] as const
const dimensions = ['type', 'product', 'place', 'team', 'owner', 'channel', 'severity'] as const

/** By what, of which period, beside the one before or alone. */
export function Controls({ search }: { search: FiguresSearch }) {
  const { t } = useTranslation()
  const owners = useMay('figures.owners')
  const navigate = useNavigate()
  const today = isoDate(useNow(), useMe().organisation.zone)
  const [custom, setCustom] = useState(search.period === 'custom')
  const go = (part: FiguresSearch) => void navigate({ to: '/figures', search: { ...search, ...part } })
  const choose = (value: string) => {
    setCustom(value === 'custom')
    const kind = kinds.find((k) => value === k || value === `last-${k}`)
    if (!kind) return
    const on = value === kind ? undefined : dayInLast(kind, today)
    go({ period: kind, on, first: undefined, last: undefined } as FiguresSearch)
  }
  return (
    <div className="figures-controls">
      <NativeSelect
        label={t('figures.period.label')}
        value={custom ? 'custom' : presetOf(search, today)}
        onChange={(e) => choose(e.currentTarget.value)}
        data={[
          ...kinds
            .flatMap((kind) => [kind, `last-${kind}`])
            .map((value) => ({ value, label: t(`figures.preset.${value}`) })),
          { value: 'custom', label: t('figures.preset.custom') },
          ...(!custom && presetOf(search, today) === 'other'
            ? [{ value: 'other', label: t(`figures.kind.${search.period ?? 'week'}`) }]
            : []),
        ]}
      />
      {custom && <Days search={search} go={go} today={today} />}
      <NativeSelect
        label={t('figures.by.label')}
        value={search.by ?? 'type'}
        onChange={(e) => go({ by: dimensions.find((d) => d === e.currentTarget.value) ?? 'type' })}
        data={dimensions
          .filter((d) => owners || d !== 'owner')
          .map((value) => ({ value, label: t(`figures.by.${value}`) }))}
      />
      <Checkbox
        label={t('figures.compare')}
        checked={search.compare !== 'none'}
        onChange={(e) => go({ compare: e.currentTarget.checked ? 'before' : 'none' })}
      />
    </div>
  )
}

function presetOf({ period = 'week', on }: FiguresSearch, today: string): string {
  if (period === 'custom') return 'custom'
  if (on === undefined) return period
  return on === dayInLast(period, today) ? `last-${period}` : 'other'
}

type DaysProps = { search: FiguresSearch; go: (part: FiguresSearch) => void; today: string }

function Days({ search, go, today }: DaysProps) {
  const { t } = useTranslation()
  const [first, setFirst] = useState(search.first ?? today)
  const [last, setLast] = useState(search.last ?? today)
  return (
    <form
      className="figures-days"
      onSubmit={(e) => {
        e.preventDefault()
        go({ period: 'custom', first, last, on: undefined } as FiguresSearch)
      }}
    >
      <TextInput
        type="date"
        label={t('figures.first')}
        required
        value={first}
        onChange={(e) => setFirst(e.currentTarget.value)}
      />
      <TextInput
        type="date"
        label={t('figures.last')}
        required
        min={first}
        value={last}
        onChange={(e) => setLast(e.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        {t('figures.show')}
      </Button>
    </form>
  )
}
