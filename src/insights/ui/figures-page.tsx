import { Button, NativeSelect } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { addressOf } from '../../kit/client/address.ts'
import { useMe } from '../../web/ui/session.ts'
import { Answer, Empty } from '../../web/ui/states.tsx'
import { clockTime, isoDate } from '../../web/ui/time.ts'
import { read } from '../../web/ui/use-call.ts'
import { useNow } from '../../web/ui/use-now.ts'
import { readFigures } from '../contract.ts'
import { measures } from '../domain/roll-up.ts'
import { BalanceLine } from './balance.tsx'
import { BarChart } from './bar-chart.tsx'
import { Controls } from './controls.tsx'
import { Times } from './durations.tsx'
import { dayInLast, type FiguresSearch } from './figures-search.ts'
import { FiguresTable } from './figures-table.tsx'
import { periodWords } from './period-words.ts'
import type { Figures } from './use-row-names.ts'
import './figures.css'

const route = getRouteApi('/shell/figures')

/** Monday's meeting: what came in, was answered, ended, is open and ran over, each number with its list. */
export function FiguresPage() {
  const { t } = useTranslation()
  const search = route.useSearch()
  const { chart: _, ...query } = search
  const answer = useQuery({ ...read(readFigures, { query }), placeholderData: keepPreviousData })
  return (
    <main className="page figures" aria-label={t('figures.title')}>
      <header>
        <h1>{t('figures.title')}</h1>
        <Downloads search={search} />
      </header>
      <Controls key={search.period === 'custom' ? 'custom' : 'whole'} search={search} />
      <Answer of={answer}>
        {(figures) => <Shown figures={figures} search={search} waits={answer.isPlaceholderData} />}
      </Answer>
    </main>
  )
}

/** This very table, and the two reports everybody asks for, as workbooks. */
function Downloads({ search }: { search: FiguresSearch }) {
  const { t, i18n } = useTranslation()
  const today = isoDate(useNow(), useMe().organisation.zone)
  const { chart: _, ...query } = search
  const address = (part: FiguresSearch) =>
    addressOf('/api/v1/figures.xlsx', {}, { ...query, ...part, language: i18n.language })
  const last = (period: 'week' | 'month') => address({ period, on: dayInLast(period, today), first: '', last: '' })
  return (
    <div className="row-flex figures-take">
      <Button component="a" href={address({})} download variant="default" size="xs">
        {t('figures.export')}
      </Button>
      <a className="link" href={last('week')} download>
        {t('figures.weekly')}
      </a>
      <a className="link" href={last('month')} download>
        {t('figures.monthly')}
      </a>
      <button type="button" className="plain link" onClick={() => print()}>
        {t('figures.print')}
      </button>
    </div>
  )
}

type ShownProps = { figures: Figures; search: FiguresSearch; waits: boolean }

function Shown({ figures, search, waits }: ShownProps) {
  const { t } = useTranslation()
  const chart = search.chart ?? 'received'
  const { name, days } = usePeriodWords(figures.period)
  const nothing = figures.rows.length === 0
  return (
    <div className={waits ? 'stack waits' : 'stack'} aria-busy={waits}>
      <Heading figures={figures} search={search} />
      {nothing ? (
        <Empty title={t('figures.empty')}>{t('figures.empty-hint')}</Empty>
      ) : (
        <>
          <FiguresTable
            figures={figures}
            chart={chart}
            caption={t('figures.table', { period: `${name} ${days}`, by: t(`figures.by.${figures.by}`) })}
          />
          {figures.by === 'owner' && <p className="quiet small">{t('figures.people-hint')}</p>}
          <BalanceLine figures={figures} />
          <ChartChoice search={search} />
          <BarChart figures={figures} chart={chart} />
          <Times
            search={search}
            figures={figures}
            caption={t('figures.times.table', { period: `${name} ${days}`, by: t(`figures.by.${figures.by}`) })}
          />
        </>
      )}
      <p className="quiet small">
        {t(figures.listed ? 'figures.hint' : 'figures.hint-whole', { zone: figures.period.zone })}{' '}
        {t('figures.means.today')}
      </p>
    </div>
  )
}

function usePeriodWords(period: Figures['period']) {
  const { t, i18n } = useTranslation()
  return periodWords(period, i18n.language, t)
}

function Heading({ figures, search }: { figures: Figures; search: FiguresSearch }) {
  const { t, i18n } = useTranslation()
  const { period, before, running, asOf } = figures
  const { name, days } = usePeriodWords(period)
  const then = before && periodWords(before, i18n.language, t)
  const time = clockTime(Date.parse(asOf), { locale: i18n.language, zone: period.zone })
  const to = (step: Figures['earlier']) => ({ ...search, period: period.kind, ...step }) as FiguresSearch
  return (
    <div className="figures-period">
      <div className="row-flex">
        <Link to="/figures" search={to(figures.earlier)} className="step" aria-label={t('figures.earlier')}>
          ‹
        </Link>
        <h2>{name}</h2>
        <Link to="/figures" search={to(figures.later)} className="step" aria-label={t('figures.later')}>
          ›
        </Link>
        <span className="quiet">{days}</span>
        {running && <span className="tag soon">{t('figures.running', { time })}</span>}
      </div>
      {then && (
        <p className="quiet small">
          {t(before.cut ? 'figures.before-cut' : 'figures.before', { period: `${then.name} ${then.days}` })}
        </p>
      )}
    </div>
  )
}

function ChartChoice({ search }: { search: FiguresSearch }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return (
    <NativeSelect
      className="figures-choice"
      size="xs"
      label={t('figures.measure.label')}
      value={search.chart ?? 'received'}
      onChange={(e) => {
        const chart = measures.find((m) => m === e.currentTarget.value) ?? 'received'
        void navigate({ to: '/figures', search: { ...search, chart }, replace: true })
      }}
      data={measures.map((value) => ({ value, label: t(`figures.measure.${value}`) }))}
    />
  )
}
