import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { type Figure, listOf } from '../domain/lists.ts'
import { inOrder, keepsOrder, type Measure, measures } from '../domain/roll-up.ts'
import { changeWords, percent, whole } from './period-words.ts'
import { type FigureRow, type Figures, useRowNames } from './use-row-names.ts'

type Props = { figures: Figures; chart: Measure; caption: string }

/** Every number of the period, its list one press away; the text of the chart. */
export function FiguresTable({ figures, chart, caption }: Props) {
  const { t } = useTranslation()
  const nameOf = useRowNames(figures.by)
  const rows = inOrder(figures.rows, chart, keepsOrder(figures.by))
  const { total } = figures
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keys
    <section className="figures-box" aria-label={caption} tabIndex={0}>
      <table className="figures-table">
        <caption className="spoken">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t(`figures.by.${figures.by}`)}</th>
            {measures.map((m) => (
              <th key={m} scope="col" title={t(`figures.means.${m}`)} className={m === chart ? 'on' : ''}>
                {t(`figures.measure.${m}`)}
              </th>
            ))}
            <th scope="col" title={t('figures.means.share')}>
              {t('figures.share')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key ?? ''}>
              <RowName row={row}>{nameOf(row)}</RowName>
              <Numbers figures={figures} numbers={row} name={nameOf(row)} of={row} />
              <td className="quiet">{percent(row.now[chart], total.now[chart])}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('figures.total')}</th>
            <Numbers figures={figures} numbers={total} name={t('figures.total')} />
            <td className="quiet">{percent(total.now[chart], total.now[chart])}</td>
          </tr>
        </tfoot>
      </table>
    </section>
  )
}

/** The name of a row, as deep as it stands in its tree. */
export function RowName({ row, children }: { row: Pick<FigureRow, 'key' | 'depth'>; children: string }) {
  return (
    <th scope="row" style={{ paddingInlineStart: 10 + row.depth * 18 }} className={row.key === null ? 'quiet' : ''}>
      {children}
    </th>
  )
}

type NumbersProps = { figures: Figures; numbers: Figures['total']; name: string; of?: FigureRow }

function Numbers({ figures, numbers, name, of }: NumbersProps) {
  const { t } = useTranslation()
  return measures.map((m) => {
    const before = numbers.before?.[m]
    return (
      <td key={m} className={m === 'overdue' && numbers.now[m] > 0 ? 'late' : ''}>
        <Number figures={figures} figure={m} count={numbers.now[m]} name={name} of={of} />
        {before !== undefined && (
          <span className="change" title={`${t('figures.previous')} ${whole(before)}`}>
            {changeWords(numbers.now[m], before, t)}
          </span>
        )}
      </td>
    )
  })
}

type NumberProps = {
  figures: Figures
  figure: Figure
  count: number
  name: string
  of?: Pick<FigureRow, 'key'> | undefined
  before?: boolean
}

/** A number that opens its list; for whoever reads no such list, and where there is nothing, a number. */
export function Number({ figures, figure, count, name, of, before = false }: NumberProps) {
  const { t } = useTranslation()
  const period = (before && figures.before) || figures.period
  if (!figures.listed || count === 0) return <span className="n">{whole(count)}</span>
  const search = listOf(figure, period, of && { by: figures.by, key: of.key })
  const label = t('figures.list', { figure: t(`figure-chip.${figure}`), count, value: name })
  return (
    <Link to="/complaints" search={search as Record<string, never>} className="n link" aria-label={label}>
      {whole(count)}
    </Link>
  )
}
