import { useTranslation } from 'react-i18next'
import { absolute } from '../../web/ui/time.ts'
import { useReader } from '../../web/ui/when.tsx'
import type { Clock } from '../contract.ts'
import { causeWords, targetWords, versionWords } from '../domain/clock-words.ts'
import { useNames } from './use-names.ts'

/** Why this clock and why this date: the rule, its version, the calendar, and what caused it. */
export function ClockWhy({ clock, assessed = true }: { clock: Clock; assessed?: boolean }) {
  const { t } = useTranslation()
  const names = useNames()
  const reader = useReader()
  const rows: [string, string][] = [
    [t('clock-why.clock'), names.clockOf(clock)],
    [t('clock-why.since'), absolute(Date.parse(clock.startedAt), reader)],
    ...(clock.dueAt ? [[t('clock-why.due'), absolute(Date.parse(clock.dueAt), reader)] as [string, string]] : []),
    ...(clock.internalDueAt && clock.internalDueAt !== clock.dueAt
      ? [[t('clock-why.internal'), absolute(Date.parse(clock.internalDueAt), reader)] as [string, string]]
      : []),
    [t('clock-why.target'), targetWords(clock.target, t)],
    [t('clock-why.policy'), versionWords('policies', clock.policy, t)],
    [t('clock-why.calendar'), versionWords('calendars', clock.calendar, t)],
    [t('clock-why.cause'), causeWords(clock.cause, (severity) => names.severityOf({ severity, assessed }), t)],
  ]
  return (
    <div>
      <dl className="kv">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {clock.provisional && <p className="soon small">{t('clock-why.provisional')}</p>}
    </div>
  )
}
