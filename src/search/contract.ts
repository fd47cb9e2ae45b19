import { z } from 'zod'
import { complaintRow } from '../complaints/contract.ts'
import { endpoint } from '../kit/contract/endpoint.ts'
import { cursor, id, instant } from '../kit/contract/shapes.ts'

/** Where the words were found: `parts` in order, those with `hit` are what was searched for. No markup. */
export const hit = z.object({
  where: z.enum(['title', 'message', 'note']),
  messageId: id.nullable(),
  parts: z.array(z.object({ text: z.string(), hit: z.boolean() })),
})
export type Hit = z.infer<typeof hit>

export const searchQuery = z.object({
  q: z.string().max(200),
  order: z.enum(['newest', 'ranked']).default('newest'),
  open: z.enum(['true', 'false', 'any']).default('any'),
  state: z.string().max(40).optional(),
  teamId: id.optional(),
  ownerId: id.optional(),
  type: z.string().max(40).optional(),
  channel: z.string().max(40).optional(),
  cursor,
  limit: z.coerce.number().int().min(1).max(50).default(50),
})

export const searchComplaints = endpoint({
  id: 'search.complaints',
  method: 'GET',
  path: '/api/v1/search',
  summary: 'Complaints you may see whose words, numbers, names or contact details meet all that is asked for',
  query: searchQuery,
  reply: z.object({
    /** A complaint once, at its newest row that was found. */
    items: z.array(z.object({ complaint: complaintRow, at: instant, hits: z.array(hit) })),
    /** Ranked results are one page. */
    next: z.string().nullable(),
    /** False when there is nothing in `q` to search for (only marks, say). */
    searched: z.boolean(),
  }),
  refusals: ['request.bad-cursor'],
})
