import { useTranslation } from 'react-i18next'
import type { ComplaintPage } from '../contract.ts'
import type { Values } from './use-action-form.ts'
import type { CommandName } from './use-command.ts'

type Props = { page: ComplaintPage; act: (name: CommandName, given?: Values) => void }

/** Each thing complained of, with our finding on it. */
export function Points({ page, act }: Props) {
  const { t } = useTranslation()
  const may = (name: string) => page.actions.some((a) => a.name === name && a.allowed)
  return (
    <section aria-label={t('points.title')}>
      <div className="section-head">
        <h3>{t('points.title')}</h3>
        <span className="grow" />
        {may('find') && page.points.length > 0 && (
          <button type="button" className="plain link small" onClick={() => act('find')}>
            {t('actions.find')}
          </button>
        )}
        {may('add_point') && (
          <button type="button" className="plain link small" onClick={() => act('add_point')}>
            {t('actions.add_point')}
          </button>
        )}
      </div>
      {page.points.length > 0 && (
        <ol className="points">
          {page.points.map((point) => (
            <li key={point.id}>
              <span>{point.no}</span>
              <div>
                {point.text}
                {point.answer && <p className="small quiet">{point.answer}</p>}
                <PointActions page={page} point={point} may={may} act={act} />
              </div>
              <span
                className={
                  point.finding
                    ? point.finding === 'upheld' || point.finding === 'partly_upheld'
                      ? 'yes'
                      : ''
                    : 'soon'
                }
              >
                {t(point.finding ? `findings.${point.finding}` : 'findings.none')}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

type PointProps = Props & { point: ComplaintPage['points'][number]; may: (name: string) => boolean }

/** Better words, or away with it; what it said before stays in the history. */
function PointActions({ page, point, may, act }: PointProps) {
  const { t } = useTranslation()
  const { id, no, text, finding } = point
  const edits = may('edit_point') && !(finding && page.complaint.respondedAt !== null)
  const removes = may('remove_point') && !finding
  if (!edits && !removes) return null
  return (
    <span className="point-acts">
      {edits && (
        <button
          type="button"
          className="plain link small"
          aria-label={t('points.edit', { no })}
          onClick={() => act('edit_point', { pointId: id, text })}
        >
          {t('points.edit-short')}
        </button>
      )}
      {removes && (
        <button
          type="button"
          className="plain link small"
          aria-label={t('points.remove', { no })}
          onClick={() => act('remove_point', { pointId: id })}
        >
          {t('points.remove-short')}
        </button>
      )}
    </span>
  )
}
