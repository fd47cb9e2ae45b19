import { Checkbox, NativeSelect, Select, Textarea, TextInput } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { CheckList } from '../../web/ui/check-list.tsx'
import { useAway } from '../../people/ui/index.ts'
import type { ComplaintPage } from '../contract.ts'
import type { Field } from './action-fields.ts'
import { ComplaintPicker } from './complaint-picker.tsx'
import { type Findings, FindingsFields } from './findings-fields.tsx'
import { MoneyInput, usualCurrency } from './money-input.tsx'
import type { Money } from './money-words.ts'
import { codeOptions, type Option, placeOptions, productOptions, staffOptions, teamOptions } from './options.ts'
import { channelOptions, toldOptions } from './telling.tsx'
import { ToldWhen } from './told-when.tsx'
import { type Names, useNames } from './use-names.ts'
import { useReach } from './use-reach.ts'
import { OwedInput, WhenInput } from './when-input.tsx'

/** Few actions ask for several people. */
const SeveralOf = lazy(() => import('./several-of.tsx'))

type Props = {
  field: Field
  action: string
  page: ComplaintPage
  focus: boolean
  value: unknown
  onChange: (value: unknown) => void
}

/** One field of an action, by its kind. */
export function FieldInput({ field, action, page, focus, value, onChange }: Props) {
  const { t } = useTranslation()
  const names = useNames()
  const away = useAway()
  const label = t([`fields.${action}.${field.name}`, `fields.${field.name}`])
  const shared = { label, 'data-autofocus': focus || undefined, withAsterisk: field.required ?? false }
  const text = typeof value === 'string' ? value : ''
  switch (field.kind) {
    case 'line':
      return <TextInput {...shared} value={text} onChange={(e) => onChange(e.currentTarget.value)} />
    case 'prose':
      return <Textarea {...shared} rows={4} value={text} onChange={(e) => onChange(e.currentTarget.value)} />
    case 'findings':
      return <FindingsFields points={page.points} value={(value as Findings) ?? {}} onChange={onChange} />
    case 'money':
      return (
        <MoneyInput
          label={label}
          value={value as Money | undefined}
          usual={usualCurrency(names.catalogue?.places.find((p) => p.id === page.complaint.placeId)?.jurisdiction)}
          onChange={onChange}
        />
      )
    case 'files':
      // They are dropped on the whole form.
      return null
    case 'tick':
      return (
        <Checkbox
          label={label}
          description={t(`field-hints.${field.name}`, { defaultValue: '' })}
          checked={value === true}
          onChange={(e) => onChange(e.currentTarget.checked)}
        />
      )
    case 'complaint':
      return <ComplaintPicker {...shared} page={page} value={text} onChange={onChange} />
    case 'staff-many':
      return (
        <Suspense>
          <SeveralOf
            {...shared}
            searchable
            data={staffOptions(names, false, away, page.complaint.teamId)}
            value={listOf(value)}
            onChange={onChange}
            nothingFoundMessage={t('common.nothing-found')}
          />
        </Suspense>
      )
    case 'flags':
      return (
        <CheckList label={label} options={codeOptions(names, 'risk_flag')} value={listOf(value)} onChange={onChange} />
      )
    case 'owner':
    case 'reviewer':
    case 'staff':
    case 'product':
      return (
        <Select
          {...shared}
          searchable
          clearable={!field.required}
          data={searchable(field.kind, names, page, away)}
          value={text || null}
          onChange={onChange}
          placeholder={field.name === 'ownerId' ? t('complaint.unassigned') : t('common.choose')}
          nothingFoundMessage={t('common.nothing-found')}
          clearButtonProps={{ 'aria-label': t('common.clear') }}
        />
      )
    case 'when':
      return <WhenInput {...shared} value={text} onChange={onChange} />
    case 'owed':
      return <OwedInput {...shared} page={page} value={text} onChange={onChange} />
    case 'told-at':
      return <ToldWhen label={label} page={page} value={text} onChange={onChange} />
    case 'told':
      return <ToldInput {...shared} page={page} value={text} onChange={onChange} />
    case 'approval':
      return (
        <NativeSelect
          {...shared}
          value={value === undefined ? '' : String(value)}
          onChange={(e) => onChange(e.currentTarget.value === '' ? undefined : e.currentTarget.value === 'true')}
          data={[
            { value: '', label: t('common.choose') },
            { value: 'true', label: t('choices.approve') },
            { value: 'false', label: t('choices.decline') },
          ]}
        />
      )
    case 'score':
      return (
        <NativeSelect
          {...shared}
          value={value ? String(value) : ''}
          onChange={(e) => onChange(Number(e.currentTarget.value) || undefined)}
          data={[
            { value: '', label: t('common.choose') },
            ...[1, 2, 3, 4, 5].map((n) => ({ value: String(n), label: t(`scores.${field.name}-${n}`) })),
          ]}
        />
      )
    default:
      return (
        <NativeSelect
          {...shared}
          value={text}
          onChange={(e) => onChange(e.currentTarget.value)}
          data={[{ value: '', label: t('common.choose') }, ...menu(field, names, t, page)]}
        />
      )
  }
}

type ToldProps = { label: string; page: ComplaintPage; value: string; onChange: (value: unknown) => void }

function ToldInput({ page, value, onChange, ...shared }: ToldProps) {
  const { t } = useTranslation()
  const { unreached, door, called, names } = useReach(page, true)
  return (
    <NativeSelect
      {...shared}
      value={value}
      onChange={(e) => onChange(e.currentTarget.value)}
      data={toldOptions({ unreached, door, called }, names, t, page.complaint.channel)}
    />
  )
}

function searchable(
  kind: 'owner' | 'staff' | 'product' | 'reviewer',
  names: Names,
  page: ComplaintPage,
  away: (id: string) => string,
): Option[] {
  // In a review the server says who decided nothing here, and may look again.
  if (kind === 'reviewer' || (kind === 'owner' && page.complaint.state === 'review'))
    return page.reviewers.map(({ id, name }) => ({ value: id, label: [name, away(id)].filter(Boolean).join(' · ') }))
  return kind === 'product' ? productOptions(names) : staffOptions(names, kind === 'owner', away, page.complaint.teamId)
}

function menu(field: Field, names: Names, t: (key: string) => string, page: ComplaintPage): Option[] {
  if (field.kind === 'point') return page.points.map((p) => ({ value: p.id, label: `${p.no}. ${p.text}` }))
  if (field.kind === 'team') return teamOptions(names)
  if (field.kind === 'place') return placeOptions(names)
  if (field.kind === 'told-authority') return channelOptions(names, 'authority', page.complaint.channel)
  if (field.kind === 'channel')
    return (names.catalogue?.channels ?? []).map(({ kind }) => ({ value: kind, label: names.channel(kind) }))
  if (field.kind === 'code') return codeOptions(names, field.list ?? '')
  return (field.values ?? []).map((value) => ({ value, label: t(`choices.${value}`) }))
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}
