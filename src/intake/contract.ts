import { z } from 'zod'
import { suggestionRow } from '../complaints/contract.ts'
import { endpoint } from '../kit/contract/endpoint.ts'
import { cursor, id, instant, line, pageSize, prose } from '../kit/contract/shapes.ts'

/** What an upload becomes: not yet part of a complaint, known to its uploader only. */
export const upload = z.object({
  id,
  name: z.string(),
  mediaType: z.string(),
  size: z.number().int(),
  stripped: z.boolean(),
})

export const listParked = endpoint({
  id: 'inbound.list',
  method: 'GET',
  path: '/api/v1/inbound-items',
  summary: 'Items that could not be taken in, with the reason; nothing set aside is out of sight',
  query: z.object({ state: z.enum(['parked', 'recorded', 'rejected']).default('parked'), cursor, limit: pageSize }),
  reply: z.object({
    items: z.array(
      z.object({
        id,
        channel: z.string(),
        externalId: z.string(),
        receivedAt: instant,
        state: z.string(),
        attempts: z.number().int(),
        reason: z.string().nullable(),
        size: z.number().int(),
        /** Of a mail, as it says itself: nobody has checked it. Null for anything else, and where nothing can be read. */
        about: z.object({ from: z.string(), subject: z.string(), mailbox: z.string() }).nullable(),
      }),
    ),
    next: z.string().nullable(),
  }),
})

export const retryParked = endpoint({
  id: 'inbound.retry',
  method: 'POST',
  path: '/api/v1/inbound-items/:id/retry',
  summary: 'Take a parked item in again',
  params: z.object({ id }),
  body: z.object({}),
  /** Nulls of what is taken in a moment later: a mail. */
  reply: z.object({ id, complaintId: id.nullable(), number: z.string().nullable() }),
  refusals: ['intake.not-parked'],
})

export const checkAlike = endpoint({
  id: 'intake.alike',
  method: 'POST',
  path: '/api/v1/likeness',
  summary: 'Which complaints these words may be the same as, while they are being typed; nothing is recorded',
  body: z.object({
    text: prose(20_000).default(''),
    orderNo: line(100).default(''),
    phone: line(40).default(''),
    customerId: id.optional(),
  }),
  reply: z.object({ items: z.array(suggestionRow) }),
})
