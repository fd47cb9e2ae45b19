import { z } from 'zod'
import { endpoint } from '../kit/contract/endpoint.ts'
import { id, instant } from '../kit/contract/shapes.ts'

const byId = z.object({ id })

/** One event as the audit tells it. Values are what the history holds: ids, codes, amounts, salted hashes, never words. */
export const trailItem = z.object({
  seq: z.number().int(),
  at: instant,
  type: z.string(),
  /** `staff`, `integration` (an API key), `complainant` (the portal) or `system` (the worker). */
  actor: z.object({ kind: z.string(), id: z.string().nullable(), name: z.string() }),
  facts: z.record(z.string(), z.unknown()),
  /** `of`: which point or clock. */
  changes: z.array(z.object({ field: z.string(), of: z.string().nullable(), before: z.unknown(), after: z.unknown() })),
  prev: z.string(),
  hash: z.string(),
})

export const readTrail = endpoint({
  id: 'audit.trail',
  method: 'GET',
  path: '/api/v1/complaints/:id/audit',
  summary: 'Every event of a complaint with who, when, why, before and after, oldest first',
  params: byId,
  query: z.object({
    after: z.coerce.number().int().min(0).default(0),
    limit: z.coerce.number().int().min(1).max(500).default(500),
  }),
  reply: z.object({ items: z.array(trailItem), total: z.number().int(), next: z.number().int().nullable() }),
  refusals: ['complaints.not-found'],
})

/** What is checked, one after the other, as `redress verify` does. */
export const checked = z.enum(['chain', 'seal', 'state', 'clocks', 'words', 'outbox', 'files', 'search', 'whole'])

export const verifyComplaint = endpoint({
  id: 'complaints.verify',
  method: 'GET',
  path: '/api/v1/complaints/:id/verification',
  summary: 'The checks of `redress verify` for this one complaint, and the checkpoint that seals it',
  params: byId,
  reply: z.object({
    ok: z.boolean(),
    number: z.string(),
    events: z.number().int(),
    head: z.string(),
    /** When its first and last event were written. */
    since: instant.nullable(),
    lastAt: instant.nullable(),
    checkedAt: instant,
    /** The newest checkpoint that names it; `outside`: its line in the file beside the database. */
    seal: z
      .object({
        no: z.number().int(),
        at: instant,
        seq: z.number().int(),
        checkpoints: z.number().int(),
        outside: z.enum(['agrees', 'differs', 'not-here']),
      })
      .nullable(),
    /** Events since that checkpoint. */
    unsealed: z.number().int(),
    files: z.number().int(),
    checks: z.array(z.object({ name: checked, ok: z.boolean() })),
    problems: z.array(z.object({ code: z.string(), seq: z.number().int().nullable(), what: z.string().nullable() })),
  }),
  refusals: ['complaints.not-found'],
})
