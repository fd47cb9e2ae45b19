import type { CalendarDefinition, WindowText } from '../domain/calendar-definition.ts'
import always from './always.json' with { type: 'json' }
import auOffice from './au-office.json' with { type: 'json' }
import cnOffice from './cn-office.json' with { type: 'json' }
import twOffice from './tw-office.json' with { type: 'json' }
import ukOffice from './uk-office.json' with { type: 'json' }
import usOffice from './us-office.json' with { type: 'json' }

/** Dates of one year and the official paper they were taken from. */
type SourcedYear = { source: string; holidays: readonly string[]; workdays: readonly string[] }

/** A calendar as shipped: dates by year, each year naming its source. */
export type ShippedFile = {
  readonly key: string
  readonly version: number
  readonly jurisdiction: string | null
  readonly labels: { readonly zhHant: string; readonly zhHans: string; readonly en: string }
  readonly zone: string
  readonly week: Readonly<Record<string, readonly (readonly string[])[]>>
  readonly note: string
  readonly years: Readonly<Record<string, SourcedYear>>
}

/** The shipped files with labels, notes and sources; `shippedCalendars` are their working parts. */
export const shippedFiles: readonly ShippedFile[] = [twOffice, cnOffice, ukOffice, usOffice, auOffice, always]

/** tw-office, cn-office, uk-office, us-office, au-office and `always` (24×7, UTC). */
export const shippedCalendars: readonly CalendarDefinition[] = shippedFiles.map(toDefinition)

/** The calendar a file describes; the years it has dates for are its holiday years. */
export function toDefinition({ key, version, zone, week, years }: ShippedFile): CalendarDefinition {
  const dates = Object.values(years)
  const definition: CalendarDefinition = {
    key,
    version,
    zone,
    week: Object.fromEntries(Object.entries(week).map(([day, windows]) => [day, windows.map(toWindow)])),
    holidays: dates.flatMap(({ holidays }) => holidays),
    workdays: dates.flatMap(({ workdays }) => workdays),
    holidayYears: Object.keys(years).map(Number),
  }
  return dates.length === 0 ? { ...definition, noHolidays: true } : definition
}

function toWindow([open = '', close = '']: readonly string[]): WindowText {
  return [open, close]
}
