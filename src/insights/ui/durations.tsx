import { useQuery, keepPreviousData } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { addressOf } from '../../kit/client/address.ts'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import { Answer } from '../../web/ui/states.tsx'
import { spanWords } from '../../web/ui/time.ts'
import { read } from '../../web/ui/use-call.ts'
import { readDurations } from '../contract.ts'
import { keepsOrder, treeOrder } from '../domain/roll-up.ts'
import type { FiguresSearch } from './figures-search.ts'
import { Number, RowName } from './figures-table.tsx'
import { type Figures, useRowNames } from './use-row-names.ts'

type Durations = ReplyOf<typeof readDurations>
type Pair = Durations['total']
type Row = Durations['rows'][number]
const whats = ['close', 'reply'] as const
const figureOf = { close: 'closed', reply: 'replied' } as const

/** How long it took to close and to the first reply; what cannot be measured is left out, and said. */
export function Times({ search, figures, caption }: { search: FiguresSearch; figures: Figures; caption: string }) {
  const { t } = useTranslation()
  const { chart: _, ...query } = search
  const durations = useQuery({ ...read(readDurations, { query }), placeholderData: keepPreviousData })
  return (
    <section
      className="figures-times"
      aria-label={t('figures.times.title')}
      aria-busy={durations.isPending || durations.isPlaceholderData}
    >
      <Answer of={durations}>
        {(data) => <Measured durations={data} query={query} figures={figures} caption={caption} />}
      </Answer>
    </section>
  )
}

type MeasuredProps = {
  durations: Durations
  query: Omit<FiguresSearch, 'chart'>
  figures: Figures
  caption: string
}

function Measured({ durations, query, figures, caption }: MeasuredProps) {
  const { t, i18n } = useTranslation()
  const { now } = durations.total
  const spoilt = whats.filter((what) => now[what].leftOut > 0)
  const some = spoilt.length > 0 || whats.some((what) => now[what].count > 0)
  const address = addressOf('/api/v1/figures/durations.csv', {}, { ...query, language: i18n.language })
  return (
    <>
      <div className="row-flex">
        <h2>{t('figures.times.title')}</h2>
        {some && (
          <a className="link small" href={address} download>
            {t('figures.times.download')}
          </a>
        )}
      </div>
      {some ? (
        <Table durations={durations} figures={figures} caption={caption} />
      ) : (
        <p className="quiet">{t('figures.times.none')}</p>
      )}
      {spoilt.length > 0 && (
        <p className="small">
          {spoilt
            .map((what) => t('figures.times.left-out', { what: t(`figures.times.${what}`), count: now[what].leftOut }))
            .join(' ')}
        </p>
      )}
      {some && <p className="quiet small">{t('figures.times.hint')}</p>}
    </>
  )
}

function Table({ durations, figures, caption }: { durations: Durations; figures: Figures; caption: string }) {
  const { t } = useTranslation()
  const nameOf = useRowNames(durations.by)
  const rows = treeOrder(durations.rows, keepsOrder(durations.by) ? null : (r) => r.now.close.count)
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keys
    <div className="figures-box" role="group" aria-label={caption} tabIndex={0}>
      <table className="figures-table">
        <caption className="spoken">{caption}</caption>
        <thead>
          <tr>
            <th scope="col" rowSpan={2}>
              {t(`figures.by.${durations.by}`)}
            </th>
            {whats.map((what) => (
              <th key={what} scope="colgroup" colSpan={3} className="over">
                {t(`figures.times.${what}`)}
              </th>
            ))}
          </tr>
          <tr>
            {whats.flatMap((what) =>
              (['count', 'median', 'p90'] as const).map((name) => (
                <th key={`${what} ${name}`} scope="col" className={name === 'count' ? 'first' : ''}>
                  {t(`figures.times.${name}`)}
                </th>
              )),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key ?? ''}>
              <RowName row={row}>{nameOf(row)}</RowName>
              <Cells pair={row} figures={figures} name={nameOf(row)} of={row} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('figures.total')}</th>
            <Cells pair={durations.total} figures={figures} name={t('figures.total')} />
          </tr>
        </tfoot>
      </table>
    </div>
  )
}

function Cells({ pair, figures, name, of }: { pair: Pair; figures: Figures; name: string; of?: Row }) {
  const { t } = useTranslation()
  return whats.flatMap((what) => {
    const now = pair.now[what]
    const before = pair.before?.[what]
    const span = (part: 'median' | 'p90') => (
      <td key={`${what} ${part}`}>
        {now[part] === null ? '–' : spanWords(now[part], t)}
        {before && before[part] !== null && (
          <span className="was">
            {t('figures.previous')} {spanWords(before[part], t)}
          </span>
        )}
      </td>
    )
    return [
      <td key={what} className="first">
        <Number figures={figures} figure={figureOf[what]} count={now.count + now.leftOut} name={name} of={of} />
      </td>,
      span('median'),
      span('p90'),
    ]
  })
}
