import { NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import { labelOf } from '../../web/ui/i18n.ts'
import type { tryImport } from '../contract.ts'
import { type Draft, type Looked, withValue } from './mapping.ts'

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
        <table className="table">
          <caption className="small quiet">{t('import.first-bad')}</caption>
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
      )}
    </section>
  )
}

const states = ['open', 'closed', 'withdrawn'] as const
const severities = ['low', 'medium', 'high', 'critical'] as const

/** Values of the file that mean nothing here, the most frequent first: each is given a meaning, or left empty. */
export function ValuesTable({
  trial,
  looked,
  draft,
  change,
}: {
  trial: Trial
  looked: Looked
  draft: Draft
  change: (draft: Draft) => void
}) {
  const { t } = useTranslation()
  const shown = trial.unknown.slice(0, 40)
  const set = Object.entries((draft.values ?? {}) as Record<string, Record<string, string | null>>).flatMap(
    ([target, values]) =>
      Object.keys(values)
        .filter((value) => !shown.some((u) => u.target === target && u.value === value))
        .map((value) => ({ target, value, count: 0 })),
  )
  if (shown.length + set.length === 0) return null
  const optionsOf = (target: string) => {
    if (target === 'state') return states.map((s) => ({ value: s, label: t(`import.state.${s}`) }))
    if (target === 'severity') return severities.map((s) => ({ value: s, label: t(`severity.${s}`) }))
    return (looked.lists[target] ?? []).map(({ id, name, labels }) => ({
      value: id,
      label: labels ? labelOf({ zhHant: '', zhHans: '', en: '', ...labels }, name) : name,
    }))
  }
  const means = (target: string, value: string) => {
    const said = ((draft.values ?? {}) as Record<string, Record<string, string | null>>)[target]?.[value]
    return said === null ? 'none' : (said ?? '')
  }
  return (
    <section aria-label={t('import.values')}>
      <h2>{t('import.values')}</h2>
      <p className="small quiet">{t('import.values-hint')}</p>
      <ul className="import-values">
        {[...shown, ...set].map(({ target, value, count }) => (
          <li key={`${target} ${value}`}>
            <span className="small quiet">{t(`import.target.${target}`)}</span>
            <b>{value}</b>
            <span className="small quiet">{count > 0 ? t('import.times', { count }) : ''}</span>
            <NativeSelect
              aria-label={t('import.means', { value })}
              value={means(target, value)}
              data={[
                { value: '', label: t('import.unmapped') },
                { value: 'none', label: t('import.left-empty') },
                ...optionsOf(target),
              ]}
              onChange={(e) => change(withValue(draft, target, value, e.currentTarget.value))}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}
