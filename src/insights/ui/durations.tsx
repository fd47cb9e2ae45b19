import { useQuery, keepPreviousData } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { addressOf } from '../../kit/client/address.ts'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import { spanWords } from '../../web/ui/time.ts'
import { read } from '../../web/ui/use-call.ts'
import { readDurations } from '../contract.ts'
import { keepsOrder, treeOrder } from '../domain/roll-up.ts'
import type { FiguresSearch } from './figures-search.ts'
import { Number } from './figures-table.tsx'
import { type Figures, useRowNames } from './use-row-names.ts'

type Durations = ReplyOf<typeof readDurations>
type Pair = Durations['total']
type Row = Durations['rows'][number]
const whats = ['close', 'reply'] as const
const figureOf = { close: 'closed', reply: 'replied' } as const

/** How long it took to close and to the first reply; what cannot be measured is left out, and said. */
export function Times({ search, figures, caption }: { search: FiguresSearch; figures: Figures; caption: string }) {
  const { t, i18n } = useTranslation()
  const { chart: _, ...query } = search
  const { data, isPlaceholderData } = useQuery({ ...read(readDurations, { query }), placeholderData: keepPreviousData })
  if (!data) return null
  const { close, reply } = data.total.now
  const leftOut = close.leftOut + reply.leftOut
  const some = close.count + reply.count + leftOut > 0
  const address = addressOf('/api/v1/figures/durations.csv', {}, { ...query, language: i18n.language })
  return (
    <section className="figures-times" aria-label={t('figures.times.title')} aria-busy={isPlaceholderData}>
      <div className="row-flex">
        <h2>{t('figures.times.title')}</h2>
        {some && (
          <a className="link small" href={address} download>
            {t('figures.times.download')}
          </a>
        )}
      </div>
      {some ? (
        <Table durations={data} figures={figures} caption={caption} />
      ) : (
        <p className="quiet">{t('figures.times.none')}</p>
      )}
      {leftOut > 0 && (
        <p className="small">
          {whats
            .filter((what) => data.total.now[what].leftOut > 0)
            .map((what) =>
              t('figures.times.left-out', { what: t(`figures.times.${what}`), count: data.total.now[what].leftOut }),
            )
            .join(' ')}
        </p>
      )}
      {some && <p className="quiet small">{t('figures.times.hint')}</p>}
    </section>
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
              <th
                scope="row"
                style={{ paddingInlineStart: 10 + row.depth * 18 }}
                className={row.key === null ? 'quiet' : ''}
              >
                {nameOf(row)}
              </th>
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
