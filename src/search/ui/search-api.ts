import { z } from 'zod'
import { complaintRow } from '../../complaints/contract.ts'
import { endpoint } from '../../kit/contract/endpoint.ts'
import { cursor, id, instant } from '../../kit/contract/shapes.ts'

export const searchComplaints = endpoint({
  id: 'search.complaints',
  method: 'GET',
  path: '/api/v1/search',
  summary: 'Complaints by words',
  query: z.object({
    q: z.string(),
    order: z.enum(['newest', 'ranked']).default('newest'),
    open: z.enum(['true', 'false']).optional(),
    cursor,
  }),
  reply: z.object({
    items: z.array(
      z.object({
        complaint: complaintRow,
        at: instant,
        hits: z.array(
          z.object({
            where: z.enum(['title', 'message', 'note']),
            messageId: id.nullable(),
            parts: z.array(z.object({ text: z.string(), hit: z.boolean() })),
          }),
        ),
      }),
    ),
    next: z.string().nullable(),
  }),
})
