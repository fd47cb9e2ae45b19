import { z } from 'zod'
import { endpoint } from '../../kit/contract/endpoint.ts'
import { id, labels } from '../../kit/contract/shapes.ts'

/** How it may be typed by its sound: 拼音 and 注音, whole and by initials; left out where nobody types it. */
const keys = z.array(z.string()).optional()

export const catalogue = endpoint({
  id: 'catalogue.read',
  method: 'GET',
  path: '/api/v1/catalogue',
  summary: 'Types, products, places, teams, flags, outcomes, reasons, states: what menus show',
  reply: z.object({
    codes: z.record(
      z.string(),
      z.array(
        z.object({
          code: z.string(),
          parent: z.string().nullable(),
          labels,
          facts: z.record(z.string(), z.unknown()),
          keys,
        }),
      ),
    ),
    products: z.array(z.object({ id, code: z.string(), name: labels, kind: z.string(), keys })),
    places: z.array(
      z.object({
        id,
        code: z.string(),
        name: labels,
        jurisdiction: z.string(),
        zone: z.string(),
        keys,
      }),
    ),
    /** What is in the archive: not offered, but older complaints carry it. */
    archived: z.object({
      codes: z.array(z.object({ list: z.string(), code: z.string(), labels })),
      products: z.array(z.object({ id, name: labels })),
      places: z.array(z.object({ id, name: labels })),
      teams: z.array(z.object({ id, name: labels })),
    }),
    teams: z.array(z.object({ id, key: z.string(), name: labels })),
    staff: z.array(z.object({ id, name: z.string(), teamIds: z.array(id), owns: z.boolean() })),
    states: z.array(z.object({ name: z.string(), open: z.boolean() })),
    channels: z.array(z.object({ kind: z.string(), labels })),
  }),
})
