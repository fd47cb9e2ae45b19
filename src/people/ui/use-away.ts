import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { read } from '../../web/ui/use-call.ts'
import { type Absence, listAbsences } from '../contract.ts'
import { awayUntil } from '../domain/away.ts'

/** Who is away now, as words beside their name: "away until 12/3"; nothing for who is there. Asked once a minute at most. */
export function useAway(): (staffId: string) => string {
  const { t, i18n } = useTranslation()
  const absences = useQuery({ ...read(listAbsences, {}), staleTime: 60_000 }).data?.absences
  return (staffId) => {
    const theirs = (absences ?? []).filter((a) => a.staffId === staffId)
    const running = theirs.find((a) => a.now)
    const until = running && awayUntil(theirs, running.until)
    return until ? t('absence.until', { day: dayWords(until, i18n.language) }) : ''
  }
}

/** A day as people write it; the year only where it is another one than today's. */
export function dayWords(day: string, locale: string): string {
  const at = new Date(`${day}T00:00:00Z`)
  const year = at.getUTCFullYear() === new Date().getFullYear() ? {} : ({ year: 'numeric' } as const)
  return at.toLocaleDateString(locale, { ...year, month: 'short', day: 'numeric', weekday: 'short', timeZone: 'UTC' })
}

export function spanWords({ from, until }: Pick<Absence, 'from' | 'until'>, locale: string): string {
  return from === until ? dayWords(from, locale) : `${dayWords(from, locale)} – ${dayWords(until, locale)}`
}
