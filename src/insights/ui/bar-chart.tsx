import { useTranslation } from 'react-i18next'
import { inOrder, keepsOrder, type Measure } from '../domain/roll-up.ts'
import { whole } from './period-words.ts'
import { type Figures, useRowNames } from './use-row-names.ts'

const most = 15
const row = 26
const [width, names, numbers] = [720, 190, 56]

type Props = { figures: Figures; chart: Measure }

/** Bars of one measure, the period before as a mark on each; the table says the same in words and numbers. */
export function BarChart({ figures, chart }: Props) {
  const { t } = useTranslation()
  const nameOf = useRowNames(figures.by)
  // One bar alone says nothing: then what stands under it.
  const top = figures.rows.filter((r) => r.depth === 0)
  const level = top.length > 1 || figures.rows.length === 1 ? top : figures.rows.filter((r) => r.depth === 1)
  const flat = level.map((r) => ({ ...r, parent: null }))
  const rows = inOrder(flat, chart, keepsOrder(figures.by))
  const shown = rows.slice(0, most)
  const largest = Math.max(1, ...shown.flatMap((r) => [r.now[chart], r.before?.[chart] ?? 0]))
  const x = (n: number) => (n / largest) * (width - names - numbers)
  const title = t('figures.chart', { measure: t(`figures.measure.${chart}`), by: t(`figures.by.${figures.by}`) })
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls sideways on a phone: keys must reach it
    <figure className="figures-chart" tabIndex={0}>
      <figcaption>{title}</figcaption>
      <svg
        viewBox={`0 0 ${width} ${shown.length * row}`}
        role="img"
        aria-label={`${title}. ${t('figures.chart-hint')}`}
      >
        {shown.map((r, i) => (
          <g key={r.key ?? ''} transform={`translate(0 ${i * row})`}>
            <text className="name" x={names - 10} y={row / 2} textAnchor="end" dominantBaseline="central">
              {shortened(nameOf(r))}
              <title>{nameOf(r)}</title>
            </text>
            <rect
              className={chart === 'overdue' ? 'bar late' : 'bar'}
              x={names}
              y={5}
              width={x(r.now[chart])}
              height={row - 10}
              rx={2}
            />
            {r.before && (
              <line
                className="mark"
                x1={names + x(r.before[chart])}
                x2={names + x(r.before[chart])}
                y1={2}
                y2={row - 2}
              />
            )}
            <text
              className="number"
              x={names + Math.max(x(r.now[chart]), x(r.before?.[chart] ?? 0)) + 8}
              y={row / 2}
              dominantBaseline="central"
            >
              {whole(r.now[chart])}
            </text>
          </g>
        ))}
      </svg>
      <p className="quiet small">
        {figures.before && (
          <span className="legend">
            <svg width="8" height="14" aria-hidden="true">
              <line className="mark" x1="4" x2="4" y1="0" y2="14" />
            </svg>
            {t('figures.previous')}
          </span>
        )}
        {rows.length > most && ` ${t('figures.chart-more', { count: rows.length - most })}`}
      </p>
    </figure>
  )
}

/** A Chinese character is as wide as two letters. */
function shortened(name: string): string {
  let wide = 0
  const kept = [...name].filter((c) => (wide += c > '⺀' ? 2 : 1) <= 23)
  return kept.length < [...name].length ? `${kept.join('')}…` : name
}
