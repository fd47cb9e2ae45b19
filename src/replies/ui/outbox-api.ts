import { z } from 'zod'
import { endpoint } from '../../kit/contract/endpoint.ts'
import { cursor, id, instant } from '../../kit/contract/shapes.ts'

export const listOutbox = endpoint({
  id: 'replies.outbox',
  method: 'GET',
  path: '/api/v1/outbox',
  summary: 'Outgoing messages',
  query: z.object({ state: z.string().optional(), cursor }),
  reply: z.object({
    items: z.array(
      z.object({
        id,
        complaintId: id,
        number: z.string(),
        channel: z.string(),
        recipient: z.string(),
        state: z.string(),
        attempts: z.number().int(),
        lastError: z.string().nullable(),
        sendAt: instant,
        sentAt: instant.nullable(),
        createdAt: instant,
      }),
    ),
    next: z.string().nullable(),
  }),
})
const byId = z.object({ id })
export const retryOutgoing = endpoint({
  id: 'replies.retry',
  method: 'POST',
  path: '/api/v1/outbox/:id/retry',
  summary: 'Try again',
  params: byId,
  reply: z.unknown(),
})
export const cancelOutgoing = endpoint({
  id: 'replies.cancel',
  method: 'POST',
  path: '/api/v1/outbox/:id/cancellation',
  summary: 'Stop it',
  params: byId,
  reply: z.unknown(),
})
