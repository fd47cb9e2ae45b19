import { z } from 'zod'
import { endpoint } from '../../kit/contract/endpoint.ts'
import { id, line } from '../../kit/contract/shapes.ts'
import { words } from './command.ts'
import { complaintRow } from './page.ts'
import { score } from './values.ts'

/** What can be done to many at once. Ending is not among them: each end is told to somebody. */
export const bulkAction = z.discriminatedUnion('name', [
  z.object({ name: z.literal('assign'), ownerId: id.nullable(), teamId: id.optional() }),
  z.object({ name: z.literal('classify'), typeCode: line(40).min(1).nullable() }),
  z.object({ name: z.literal('assess'), impact: score, likelihood: score }),
  z.object({ name: z.literal('helper'), staffId: id, kind: z.enum(['helper', 'tasked']).default('helper') }),
  z.object({ name: z.literal('link'), otherId: id, kind: z.enum(['repeat', 'related']) }),
  z.object({ name: z.literal('note'), text: words }),
  /** Takes back the last thing that happened, where it was done by the same person a moment ago. */
  z.object({ name: z.literal('undo') }),
])
export type BulkAction = z.input<typeof bulkAction>

export const bulkMost = 100

export const bulk = endpoint({
  id: 'complaints.bulk',
  method: 'POST',
  path: '/api/v1/complaints/bulk',
  summary: 'The same command to up to 100 complaints, each by itself: done or refused, one by one',
  body: z.object({
    action: bulkAction,
    items: z
      .array(z.object({ complaintId: id, version: z.int32().min(1) }))
      .min(1)
      .max(bulkMost),
  }),
  reply: z.object({
    /** As they are now, in the order given; what is no longer visible has no row. */
    done: z.array(z.object({ complaintId: id, version: z.number().int(), row: complaintRow.nullable() })),
    refused: z.array(
      z.object({ complaintId: id, code: z.string(), facts: z.record(z.string(), z.unknown()).optional() }),
    ),
  }),
})
