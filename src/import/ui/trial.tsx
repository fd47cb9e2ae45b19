import { useTranslation } from 'react-i18next'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import type { tryImport } from '../contract.ts'

type Trial = ReplyOf<typeof tryImport>

/** What would come in, what would not and why, and values that mean nothing here yet. */
export function TrialReport({ trial }: { trial: Trial }) {
  const { t } = useTranslation()
  const { counts } = trial
  const said = (['rows', 'ready', 'open', 'closed', 'known', 'changed', 'flawed', 'bad', 'filesLeft'] as const).filter(
    (name) => name === 'rows' || name === 'ready' || name === 'bad' || (counts[name] ?? 0) > 0,
  )
  return (
    <section aria-label={t('import.trial')} className="import-trial" aria-live="polite">
      <dl className="import-counts">
        {said.map((name) => (
          <div key={name} className={name === 'bad' && (counts.bad ?? 0) > 0 ? 'late' : ''}>
            <dt>{t(`import.count.${name}`)}</dt>
            <dd>{counts[name] ?? 0}</dd>
          </div>
        ))}
      </dl>
      {!trial.whole && <p className="small quiet">{t('import.only-first', { count: counts.rows ?? 0 })}</p>}
      {(counts.filesLeft ?? 0) > 0 && <p className="small quiet">{t('import.files-hint')}</p>}
      {trial.swappable.map(({ column, count }) => (
        <p key={column} role="note" className="import-warning">
          {t('import.swappable', { column, count })}
        </p>
      ))}
      {trial.broken > 0 && (
        <p role="note" className="import-warning">
          {t('import.broken', { count: trial.broken })}
        </p>
      )}
      {trial.firstBad.length > 0 && (
        <>
          <ul className="import-problems">
            {trial.problems.slice(0, 12).map(({ column, code, count }) => (
              <li key={`${code} ${column}`}>
                {column && <b>{column} </b>}
                {t(`import.why.${code}`)} <span className="quiet">{t('import.times', { count })}</span>
              </li>
            ))}
          </ul>
          <details open={trial.firstBad.length <= 5}>
            <summary>{t('import.first-bad')}</summary>
            <table className="table">
              <thead>
                <tr>
                  {(['row', 'column', 'value', 'why'] as const).map((name) => (
                    <th key={name} scope="col">
                      {t(`import.bad.${name}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {trial.firstBad.flatMap(({ no, problems }) =>
                  problems.map(({ column, value, code }) => (
                    <tr key={`${no} ${column} ${code}`}>
                      <td>{no}</td>
                      <td>{column}</td>
                      <td>{value}</td>
                      <td>{t(`import.why.${code}`)}</td>
                    </tr>
                  )),
                )}
              </tbody>
            </table>
          </details>
        </>
      )}
    </section>
  )
}
