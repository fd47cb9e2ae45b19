import { z } from 'zod'
import { endpoint } from '../kit/contract/endpoint.ts'
import { id } from '../kit/contract/shapes.ts'

/** How long a sign of life counts, in ms; a window that stays gives another well before. */
export const presenceMs = 15_000

export const present = z.object({ id, name: z.string(), typing: z.boolean() })
export type Present = z.infer<typeof present>

export const bePresent = endpoint({
  id: 'presence.here',
  method: 'POST',
  path: '/api/v1/complaints/:id/presence',
  summary: 'I am reading or typing here, for fifteen seconds; kept in memory only. Gives who else is',
  params: z.object({ id }),
  body: z.object({ doing: z.enum(['reading', 'typing', 'gone']) }),
  reply: z.object({ others: z.array(present) }),
  refusals: ['complaints.not-found'],
})
