import type { TFunction } from 'i18next'
import { NativeSelect, TextInput } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Reader } from '../../web/ui/time.ts'
import { useReader } from '../../web/ui/when.tsx'
import { filterOptions, valueName } from './filter-options.ts'
import { type ChipName, chipNames, type InboxSearch } from './inbox-search.ts'
import { type Names, useNames } from './use-names.ts'

/** The words of three languages come only when somebody writes. */
const FilterLine = lazy(() => import('./filter-line.tsx'))
/** Lists of an import are rare. */
const ImportName = lazy(async () => ({ default: (await import('../../import/ui/index.ts')).ImportName }))

/** The conditions of a list as chips that can be taken away, one more to add, all of it as a line of text, and the order. */
export function Filters({ search }: { search: InboxSearch }) {
  const { t } = useTranslation()
  const [line, setLine] = useState(false)
  const ended = (search.open ?? 'true') !== 'true'
  const byReceived = ended || search.sort === 'received'
  return (
    <>
      {(line || search.rest !== undefined) && (
        <Suspense>
          <FilterLine search={search} close={() => setLine(false)} focus={line} />
        </Suspense>
      )}
      <div className="chips">
        <Chips search={search} />
        <button type="button" className="chip" aria-expanded={line} onClick={() => setLine(!line)}>
          {t('inbox.as-text')}
        </button>
        {!ended && (
          <Link
            to="/complaints"
            search={{ ...search, sort: byReceived ? undefined : 'received' }}
            className="chip sort"
          >
            {t(byReceived ? 'inbox.by-received' : 'inbox.by-clock')}
          </Link>
        )}
      </div>
    </>
  )
}

function Chips({ search }: { search: InboxSearch }) {
  const { t } = useTranslation()
  const names = useNames()
  const [adding, setAdding] = useState<ChipName | null>(null)
  const reader = useReader()
  const set = chipNames.filter((name) => search[name] !== undefined)
  const free = chipNames.filter((name) => !set.includes(name) && name !== 'customerId')
  return (
    <>
      {set.map((name) => (
        <Link
          key={name}
          to="/complaints"
          search={{ ...search, [name]: undefined }}
          className="chip"
          aria-label={t('inbox.remove-filter', { filter: t(`filters.${name}`) })}
        >
          {t('inbox.filter', { name: t(`filters.${name}`), value: valueName(name, search[name] ?? '', names, t) })}{' '}
          <span aria-hidden="true">×</span>
        </Link>
      ))}
      {search.figure !== undefined && (
        <Link
          to="/complaints"
          search={{ ...search, figure: undefined, from: undefined, to: undefined, without: undefined }}
          className="chip"
          aria-label={t('inbox.remove-filter', { filter: figureWords(search, t, reader) })}
        >
          {figureWords(search, t, reader)} <span aria-hidden="true">×</span>
        </Link>
      )}
      {search.importId !== undefined && (
        <Link to="/complaints" search={{ ...search, importId: undefined }} className="chip">
          <Suspense>
            <ImportName id={search.importId} />
          </Suspense>{' '}
          <span aria-hidden="true">×</span>
          <span className="spoken">{t('inbox.remove-filter', { filter: t('nav.import') })}</span>
        </Link>
      )}
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
    </>
  )
}

/** Which figure the list is of, and of which days: the last instant is no longer in it. */
function figureWords({ figure, from, to, without }: InboxSearch, t: TFunction, reader: Reader): string {
  const day = (at: number) =>
    new Intl.DateTimeFormat(reader.locale, { dateStyle: 'medium', timeZone: reader.zone }).format(at)
  const days = from && to ? t('inbox.figure-days', { first: day(Date.parse(from)), last: day(Date.parse(to) - 1) }) : ''
  const blank = without ? t('inbox.figure-without', { by: t(`figures.by.${without}`, { defaultValue: without }) }) : ''
  return [t('inbox.of-figure', { figure: t(`figure-chip.${figure}`) }), days, blank].filter(Boolean).join(' ')
}

type ValueProps = { name: ChipName; search: InboxSearch; names: Names; done: () => void }

function Value({ name, search, names, done }: ValueProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const choose = (value: string) => {
    done()
    void navigate({ to: '/complaints', search: { ...search, [name]: value || undefined } })
  }
  if (name === 'receivedFrom' || name === 'receivedTo')
    return (
      <TextInput
        type="date"
        size="xs"
        autoFocus
        aria-label={t(`filters.${name}`)}
        onBlur={(e) => choose(e.currentTarget.value)}
        onKeyDown={(e) => e.key === 'Enter' && choose(e.currentTarget.value)}
      />
    )
  return (
    <NativeSelect
      size="xs"
      autoFocus
      aria-label={t(`filters.${name}`)}
      value=""
      onChange={(e) => choose(e.currentTarget.value)}
      onBlur={done}
      data={[{ value: '', label: t(`filters.${name}`) }, ...filterOptions(name, names, t)]}
    />
  )
}
