import { NativeSelect } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { labelOf } from '../../web/ui/i18n.ts'
import { type ChipName, chipNames, type InboxSearch } from './inbox-search.ts'
import { type Names, useNames } from './use-names.ts'

/** The conditions of a list as chips that can be taken away, one more to add, and the order. */
export function Filters({ search }: { search: InboxSearch }) {
  const { t } = useTranslation()
  const names = useNames()
  const [adding, setAdding] = useState<ChipName | null>(null)
  const set = chipNames.filter((name) => search[name] !== undefined)
  const free = chipNames.filter((name) => !set.includes(name) && name !== 'customerId')
  return (
    <div className="chips">
      {set.map((name) => (
        <Link
          key={name}
          to="/complaints"
          search={{ ...search, [name]: undefined }}
          className="chip"
          aria-label={t('inbox.remove-filter', { filter: t(`filters.${name}`) })}
        >
          {t('inbox.filter', { name: t(`filters.${name}`), value: valueName(name, String(search[name]), names, t) })}{' '}
          <span aria-hidden="true">×</span>
        </Link>
      ))}
      {adding ? (
        <Value name={adding} search={search} names={names} done={() => setAdding(null)} />
      ) : (
        <NativeSelect
          size="xs"
          className="add-filter"
          aria-label={t('inbox.add-filter')}
          value=""
          onChange={(e) => setAdding(chipNames.find((name) => name === e.currentTarget.value) ?? null)}
          data={[
            { value: '', label: t('inbox.add-filter') },
            ...free.map((name) => ({ value: name, label: t(`filters.${name}`) })),
          ]}
        />
      )}
      <Link
        to="/complaints"
        search={{ ...search, sort: search.sort === 'received' ? undefined : 'received' }}
        className="chip sort"
      >
        {t(search.sort === 'received' ? 'inbox.by-received' : 'inbox.by-clock')}
      </Link>
    </div>
  )
}

function Value({ name, search, names, done }: { name: ChipName; search: InboxSearch; names: Names; done: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const choose = (value: string) => {
    done()
    void navigate({ to: '/complaints', search: { ...search, [name]: value || undefined } as InboxSearch })
  }
  return (
    <NativeSelect
      size="xs"
      autoFocus
      aria-label={t(`filters.${name}`)}
      value=""
      onChange={(e) => choose(e.currentTarget.value)}
      onBlur={done}
      data={[{ value: '', label: t(`filters.${name}`) }, ...options(name, names, t)]}
    />
  )
}

type T = (key: string) => string
type Option = { value: string; label: string }

function options(name: ChipName, names: Names, t: T): Option[] {
  const c = names.catalogue
  const named = (items: readonly { id: string; name: Parameters<typeof labelOf>[0] }[] = []) =>
    items.map((x) => ({ value: x.id, label: labelOf(x.name) }))
  const codes = (list: string) =>
    (c?.codes[list] ?? []).map((x) => ({ value: x.code, label: labelOf(x.labels, x.code) }))
  const fixed = (values: readonly string[], group: string) =>
    values.map((value) => ({ value, label: t(`${group}.${value}`) }))
  switch (name) {
    case 'open':
      return fixed(['false', 'any'], 'filter-open')
    case 'due':
      return fixed(['overdue', 'soon'], 'views')
    case 'severity':
      return [
        ...fixed(['critical', 'high', 'medium', 'low'], 'severity'),
        { value: 'unassessed', label: t('context.not-assessed') },
      ]
    case 'state':
      return fixed(
        (c?.states ?? []).map((s) => s.name),
        'states',
      )
    case 'teamId':
      return named(c?.teams)
    case 'placeId':
      return named(c?.places)
    case 'productId':
      return named(c?.products)
    case 'ownerId':
      return (c?.staff ?? []).filter((s) => s.owns).map((s) => ({ value: s.id, label: s.name }))
    case 'channel':
      return (c?.channels ?? []).map((x) => ({ value: x.kind, label: labelOf(x.labels, x.kind) }))
    case 'type':
      return codes('issue')
    case 'flag':
      return codes('risk_flag')
    case 'customerId':
      return []
  }
}

function valueName(name: ChipName, value: string, names: Names, t: T): string {
  if (name === 'customerId') return ''
  return options(name, names, t).find((o) => o.value === value)?.label ?? value
}
