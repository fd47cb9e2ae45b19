import { z } from 'zod'
import { endpoint } from '../kit/contract/endpoint.ts'
import { instant, line } from '../kit/contract/shapes.ts'

/** What an administrator edits: rows of their own, or lists of codes. */
export const settingLists = ['products', 'places', 'issue', 'root_cause', 'outcome', 'risk_flag'] as const
export const settingList = z.enum(settingLists)
export type SettingList = z.infer<typeof settingList>
/** Lists whose values lie under each other. */
export const treeLists: readonly SettingList[] = ['places', 'issue']

const names = z.object({ zhHant: line(120).min(1), zhHans: line(120).min(1), en: line(120).min(1) })
const code = line(40).regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u)
/** Where a place is: what law applies, and by whose days and hours it counts. */
const placing = z.object({ jurisdiction: line(8), zone: line(60).min(1), calendarKey: line(60).min(1) })

export const changedBy = z.object({ at: instant, by: z.string(), what: z.string() }).nullable()

export const settingItem = z.object({
  key: z.string(),
  code: z.string(),
  labels: z.object({ zhHant: z.string(), zhHans: z.string(), en: z.string() }),
  parent: z.string().nullable(),
  archived: z.boolean(),
  version: z.number().int(),
  /** How many complaints carry it, and how many lines of the routing table name it. */
  used: z.number().int(),
  lines: z.number().int(),
  /** Rules of the process know it by its code: it may go to the archive, never away. */
  shipped: z.boolean(),
  place: placing.nullable(),
  changed: changedBy,
})
export type SettingItem = z.infer<typeof settingItem>

const path = '/api/v1/settings/lists'

export const listSettings = endpoint({
  id: 'settings.list',
  method: 'GET',
  path,
  summary: 'The values of a list with where each is used, in their order, the archive last',
  query: z.object({ list: settingList }),
  reply: z.object({ items: z.array(settingItem) }),
})

const refusals = [
  'catalogue.stale',
  'catalogue.no-such-item',
  'catalogue.no-such-parent',
  'catalogue.circle',
  'catalogue.has-children',
  'catalogue.parent-archived',
  'catalogue.no-such-zone',
  'people.no-such-calendar',
]

export const addSetting = endpoint({
  id: 'settings.add',
  method: 'POST',
  path,
  summary: 'Add a value to a list',
  status: 201,
  body: z.object({
    list: settingList,
    code,
    labels: names,
    parent: z.string().max(60).nullable().default(null),
    place: placing.optional(),
  }),
  reply: settingItem,
  refusals: ['catalogue.code-taken', ...refusals],
})

export const changeSetting = endpoint({
  id: 'settings.change',
  method: 'PATCH',
  path,
  summary: 'Rename it, move it, put it into the archive or take it out',
  body: z.object({
    list: settingList,
    key: z.string().min(1).max(60),
    version: z.number().int(),
    labels: names.optional(),
    parent: z.string().max(60).nullable().optional(),
    archived: z.boolean().optional(),
    /** One place up or down among those beside it. */
    move: z.enum(['up', 'down']).optional(),
    place: placing.optional(),
  }),
  reply: settingItem,
  refusals,
})

export const removeSetting = endpoint({
  id: 'settings.remove',
  method: 'POST',
  path: `${path}/removals`,
  summary: 'Remove a value that nothing has ever used',
  body: z.object({ list: settingList, key: z.string().min(1).max(60), version: z.number().int() }),
  reply: z.object({}),
  refusals: ['catalogue.in-use', 'catalogue.shipped', 'catalogue.stale', 'catalogue.has-children'],
})

export const listCalendars = endpoint({
  id: 'settings.calendars',
  method: 'GET',
  path: '/api/v1/settings/calendars',
  summary: 'The calendars, which places and teams count by them, and whether the holidays of the next year are in',
  reply: z.object({
    /** The year it is, where the organisation is. */
    year: z.number().int(),
    items: z.array(
      z.object({
        key: z.string(),
        version: z.number().int(),
        zone: z.string(),
        /** It keeps holidays; round the clock does not. */
        keepsHolidays: z.boolean(),
        /** The years whose official days are in; dates in others are provisional. */
        years: z.array(z.number().int()),
        holidays: z.array(z.string()),
        workdays: z.array(z.string()),
        week: z.record(z.string(), z.array(z.array(z.string()))),
        places: z.array(names),
        teams: z.array(names),
      }),
    ),
  }),
})
