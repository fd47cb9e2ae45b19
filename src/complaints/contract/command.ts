import { z } from 'zod'
import { endpoint } from '../../kit/contract/endpoint.ts'
import { id, instant, line, prose } from '../../kit/contract/shapes.ts'
import { action, finding } from './values.ts'

export const byId = z.object({ id })

/** The answer to every command: the new version, and what may be done next. */
export const outcome = z.object({
  id,
  number: z.string(),
  version: z.number().int(),
  state: z.string(),
  actions: z.array(action),
})

export const versioned = z.object({ version: z.int32().min(1) })

export const command = <B extends z.ZodType>(
  name: string,
  path: string,
  summary: string,
  body: B,
  refusals: string[] = [],
) =>
  endpoint({
    id: `complaints.${name}`,
    method: 'POST' as const,
    path: `/api/v1/complaints/:id/${path}`,
    summary,
    params: byId,
    body,
    reply: outcome,
    refusals: ['complaints.not-found', 'complaints.stale', 'complaints.not-now', ...refusals],
  })

export const attachments = { attachmentIds: z.array(id).max(20).default([]) }

/** Findings on points, with what is said on each. */
export const findings = z
  .array(z.object({ pointId: id, finding, answer: prose(20_000).default('') }))
  .max(30)
  .default([])

export const words = prose(100_000).refine((t) => t.trim().length > 0, { message: 'empty' })

/** How they were told already, where we do not send it, and when: left out, just now. */
export const telling = {
  told: line(40).optional(),
  /** Before it is written down; what is more than three days ago needs a reason. */
  toldAt: instant.optional(),
  toldLate: line(500).optional(),
}

/** Only what has left the house another way was told before it is written down. */
export const toldByThem = (b: { told?: string | undefined; toldAt?: string | undefined }): boolean =>
  b.toldAt === undefined || (b.told !== undefined && b.told !== 'portal')

export const toldWrong = { path: ['toldAt'], message: 'only with how they were told, other than by us' }

export const tellingRefusals = [
  'replies.no-way-to-reach',
  'replies.no-door',
  'intake.unknown-channel',
  'complaints.told-in-future',
  'complaints.told-before-received',
  'complaints.told-before-taken-up',
  'complaints.told-late',
]
