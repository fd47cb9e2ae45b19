import type { Say } from './event-words.ts'

// Why a clock runs and by which rule, in the words of the desk.

/** By which version of a policy or calendar. */
export function versionWords(
  list: string,
  { key, version }: { readonly key: string; readonly version: number },
  t: Say,
): string {
  return t('clock-why.version', { key: t([`${list}.${key}`, 'clock-why.key'], { key }), version })
}

/** How long: `8 h (office hours)`, `15 calendar days`. */
export function targetWords(target: Readonly<Record<string, unknown>>, t: Say): string {
  const calendar = t(`clock-why.calendar-${String(target.calendar)}`)
  if (target.basis === 'minutes') {
    const minutes = Number(target.minutes)
    return minutes % 60 === 0
      ? t('clock-why.hours', { n: minutes / 60, calendar })
      : t('clock-why.minutes', { n: minutes, calendar })
  }
  if (target.basis === 'days') {
    const rule = (target.rule ?? {}) as Readonly<Record<string, unknown>>
    return t([`clock-why.unit-${String(rule.unit)}`, 'clock-why.unit-other'], { n: rule.n, unit: rule.unit })
  }
  return t('clock-why.fixed-date')
}

/** What started it. */
export function causeWords(
  cause: Readonly<Record<string, unknown>>,
  severity: (name: string) => string,
  t: Say,
): string {
  const named = typeof cause.severity === 'string' ? severity(cause.severity) : ''
  if (cause.rule === 'target_changed' && cause.changed === 'severity')
    return t('clock-why.cause-changed', { severity: severity(String(cause.value)) })
  return t([`clock-why.cause-${String(cause.rule)}`, 'clock-why.cause-other'], { ...cause, severity: named })
}
