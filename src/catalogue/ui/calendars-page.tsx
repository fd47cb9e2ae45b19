import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import { labelOf } from '../../web/ui/i18n.ts'
import { Page } from '../../web/ui/page.tsx'
import { Answer } from '../../web/ui/states.tsx'
import { read } from '../../web/ui/use-call.ts'
import { listCalendars } from '../contract.ts'
import './settings.css'

type Calendar = ReplyOf<typeof listCalendars>['items'][number]

/** By which days and hours dates are counted, and for whom. To be read: a calendar is a version, never edited in place. */
export function CalendarsPage() {
  const { t } = useTranslation()
  const answer = useQuery(read(listCalendars, {}))
  return (
    <Page title={t('nav.calendars')} hint={t('settings.hint-calendars')}>
      <Answer of={answer}>
        {({ items, year }) => {
          const counted = (c: Calendar) => c.places.length + c.teams.length > 0
          return [...items]
            .sort((a, b) => Number(counted(b)) - Number(counted(a)))
            .map((c) => <OneCalendar key={c.key} calendar={c} year={year} />)
        }}
      </Answer>
    </Page>
  )
}

function OneCalendar({ calendar: c, year }: { calendar: Calendar; year: number }) {
  const { t, i18n } = useTranslation()
  const names = [...c.teams, ...c.places].map((name) => labelOf(name))
  const missing = c.keepsHolidays ? [year, year + 1].filter((y) => !c.years.includes(y)) : []
  const day = new Intl.DateTimeFormat(i18n.language, { weekday: 'short', timeZone: 'UTC' })
  // 5 January 1970 was a Monday.
  const week = Object.entries(c.week).map(
    ([n, windows]) => `${day.format((Number(n) + 3) * 86_400_000)} ${windows.map((w) => w.join('–')).join(', ')}`,
  )
  return (
    <section>
      <h2>{t(`calendars.${c.key}`, { defaultValue: c.key })}</h2>
      <p className="small">
        {names.length > 0
          ? t('settings.calendar-counts', { names: names.join(t('common.comma')) })
          : t('settings.calendar-unused')}
      </p>
      {missing.map((y) => (
        <p key={y} className={y === year ? 'note-box warn' : 'small soon'}>
          {t('settings.calendar-missing', { year: y })}
        </p>
      ))}
      <details>
        <summary>{t('settings.calendar-days', { zone: c.zone, version: c.version })}</summary>
        <p className="small settings-days">{week.join(t('common.comma'))}</p>
        {c.years
          .filter((y) => y >= year)
          .map((y) => (
            <Days key={y} calendar={c} year={y} />
          ))}
      </details>
    </section>
  )
}

function Days({ calendar, year }: { calendar: Calendar; year: number }) {
  const { t } = useTranslation()
  const of = (dates: readonly string[]) => dates.filter((d) => d.startsWith(`${year}-`)).map((d) => d.slice(5))
  const workdays = of(calendar.workdays)
  return (
    <>
      <h3>{year}</h3>
      <p className="small settings-days">
        {t('settings.holidays', { days: of(calendar.holidays).join(t('common.comma')) })}
      </p>
      {workdays.length > 0 && (
        <p className="small settings-days">{t('settings.workdays', { days: workdays.join(t('common.comma')) })}</p>
      )}
    </>
  )
}
