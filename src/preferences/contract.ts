import { z } from 'zod'
import { endpoint } from '../kit/contract/endpoint.ts'
import { instant } from '../kit/contract/shapes.ts'

/** A key as it is pressed, alone or with shift: `j`, `#`, `?`. */
const pressed = z.string().regex(/^\S$/u)
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

export const themes = ['auto', 'light', 'dark', 'contrast'] as const
export type Theme = (typeof themes)[number]

/** Which key does what, where that is not the standard; null: no key. */
const keyMap = z
  .record(z.string().regex(/^[a-z-]{1,40}$/), pressed.nullable())
  .refine((map) => Object.keys(map).length <= 100, { message: 'too many' })

export const preferences = z.object({
  theme: z.enum(themes).default('auto'),
  keys: z.object({ on: z.boolean().default(true), map: keyMap.default({}) }).default({ on: true, map: {} }),
  quiet: z
    .object({
      /** Quiet until then, once. */
      until: instant.nullable().default(null),
      /** Every day, in one's own zone; over midnight where the end comes first. */
      daily: z.object({ from: time, to: time }).nullable().default(null),
    })
    .default({ until: null, daily: null }),
  /** Whether news may leave the page as a notification of the system, and make a sound. */
  notify: z
    .object({ system: z.boolean().default(false), sound: z.boolean().default(false) })
    .default({ system: false, sound: false }),
  /** Has been shown round, or did not want to be. */
  toured: z.boolean().default(false),
})
export type Preferences = z.infer<typeof preferences>

/** What was kept, however old; what is no longer understood reads as the standard. */
export function readPreferences(kept: unknown): Preferences {
  const found = preferences.safeParse(kept ?? {})
  return found.success ? found.data : preferences.parse({})
}

export const changePreferences = endpoint({
  id: 'preferences.change',
  method: 'PATCH',
  path: '/api/v1/me/preferences',
  summary: 'How I like the desk: colours, keys, quiet hours; what is left out stays',
  body: z.object({
    theme: z.enum(themes).optional(),
    keys: z.object({ on: z.boolean(), map: keyMap }).optional(),
    quiet: z.object({ until: instant.nullable(), daily: z.object({ from: time, to: time }).nullable() }).optional(),
    notify: z.object({ system: z.boolean(), sound: z.boolean() }).optional(),
    toured: z.boolean().optional(),
  }),
  reply: preferences,
})
