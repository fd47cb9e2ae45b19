import { useTranslation } from 'react-i18next'
import { absolute } from '../../web/ui/time.ts'
import { useReader } from '../../web/ui/when.tsx'
import type { Clock } from '../contract.ts'
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

type T = (key: string | string[], values?: Record<string, unknown>) => string

function versionWords(list: string, { key, version }: Clock['policy'], t: T): string {
  return t('clock-why.version', { key: t([`${list}.${key}`, 'clock-why.key'], { key }), version })
}

function targetWords(target: Record<string, unknown>, t: T): string {
  const calendar = t(`clock-why.calendar-${String(target.calendar)}`)
  if (target.basis === 'minutes') {
    const minutes = Number(target.minutes)
    return minutes % 60 === 0
      ? t('clock-why.hours', { n: minutes / 60, calendar })
      : t('clock-why.minutes', { n: minutes, calendar })
  }
  if (target.basis === 'days') {
    const rule = (target.rule ?? {}) as Record<string, unknown>
    return t([`clock-why.unit-${String(rule.unit)}`, 'clock-why.unit-other'], { n: rule.n, unit: rule.unit })
  }
  return t('clock-why.fixed-date')
}

function causeWords(cause: Record<string, unknown>, severity: (name: string) => string, t: T): string {
  const named = typeof cause.severity === 'string' ? severity(cause.severity) : ''
  if (cause.rule === 'target_changed' && cause.changed === 'severity')
    return t('clock-why.cause-changed', { severity: severity(String(cause.value)) })
  return t([`clock-why.cause-${String(cause.rule)}`, 'clock-why.cause-other'], { ...cause, severity: named })
}
