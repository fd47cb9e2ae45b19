import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { valueOf } from '../kit/pure/result.ts'
import { shippedCalendars } from './calendars/index.ts'
import type { CalendarDefinition } from './domain/calendar-definition.ts'
import { type CompiledCalendar, compileCalendar } from './domain/compile.ts'
import type { Calendars } from './domain/targets.ts'

const compiled = new Map<string, CompiledCalendar>()
/** The same object again, as it is for five seconds: its text need not be made to know it. */
const seen = new WeakMap<CalendarDefinition, CompiledCalendar>()

function compile(definition: CalendarDefinition): CompiledCalendar {
  const met = seen.get(definition)
  if (met) return met
  const text = JSON.stringify(definition)
  const made = compiled.get(text) ?? valueOf(compileCalendar(definition))
  compiled.set(text, made)
  seen.set(definition, made)
  return made
}

/** A calendar as shipped, by its key (`tw-office` …). */
export function shippedCalendar(key: string): CompiledCalendar {
  const definition = shippedCalendars.find((c) => c.key === key)
  if (!definition) throw new Error(`no calendar is shipped as ${key}`)
  return compile(definition)
}

const definitions = new Map<string, { at: number; list: readonly CalendarDefinition[] }>()
const freshMs = 5_000

/** The newest version of each of an organisation's calendars; read at most every five seconds in a process. */
async function newest(tx: Tx, org: string, now: number): Promise<readonly CalendarDefinition[]> {
  const known = definitions.get(org)
  if (known && now - known.at < freshMs) return known.list
  const rows = await tx.rows<{ definition: CalendarDefinition }>(
    sql`select distinct on (key) definition from calendar where org_id = ${org} order by key, version desc`,
  )
  const list = rows.map((r) => r.definition)
  definitions.set(org, { at: now, list })
  return list
}

/** The calendars that count for a place or team: its own hours, and absolute time. An unknown key counts in absolute time. */
export async function calendarsFor(tx: Tx, org: string, key: string | null, now: number): Promise<Calendars> {
  const all = await newest(tx, org, now)
  const always = all.find((c) => c.key === 'always')
  if (!always) throw new Error('the organisation has no calendar "always"')
  return { always: compile(always), office: compile(all.find((c) => c.key === key) ?? always) }
}

/** A calendar in the version a clock names: for recomputing stored due dates. */
export async function calendarVersion(
  tx: Tx,
  org: string,
  ref: { key: string; version: number },
): Promise<CompiledCalendar | undefined> {
  const row = await tx.first<{ definition: CalendarDefinition }>(
    sql`select definition from calendar where org_id = ${org} and key = ${ref.key} and version = ${ref.version}`,
  )
  return row && compile(row.definition)
}

/** Gives a new organisation the shipped calendars. */
export async function seedCalendars(tx: Tx, org: string, now: number): Promise<void> {
  for (const definition of shippedCalendars) {
    await tx.run(sql`insert into calendar (org_id, key, version, definition, created_at)
      values (${org}, ${definition.key}, ${definition.version}, ${JSON.stringify(definition)}::jsonb, ${new Date(now)}) on conflict do nothing`)
  }
}
