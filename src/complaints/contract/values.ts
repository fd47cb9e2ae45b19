import { z } from 'zod'
import { id, instant } from '../../kit/contract/shapes.ts'

export const mode = z.enum(['named', 'confidential', 'anonymous'])

export const confidentiality = z.enum(['normal', 'restricted', 'secret'])

export const severity = z.enum(['low', 'medium', 'high', 'critical'])

export const finding = z.enum(['upheld', 'partly_upheld', 'not_upheld', 'no_finding'])

export const score = z.number().int().min(1).max(5)

export const clock = z.object({
  id,
  kind: z.string(),
  /** What has to be reached where the kind alone does not say it: `containment` of a `resolve` clock. */
  milestone: z.string().nullable(),
  cycle: z.number().int(),
  state: z.enum(['running', 'paused', 'met', 'breached', 'cancelled']),
  startedAt: instant,
  dueAt: instant.nullable(),
  internalDueAt: instant.nullable(),
  endedAt: instant.nullable(),
  overdue: z.boolean(),
  provisional: z.boolean(),
  target: z.record(z.string(), z.unknown()),
  cause: z.record(z.string(), z.unknown()),
  policy: z.object({ key: z.string(), version: z.number().int() }),
  calendar: z.object({ key: z.string(), version: z.number().int() }),
  /** Who answers for it, of a promise or a hand-over to a person. */
  owner: z.object({ id, name: z.string() }).nullable(),
  /** What was promised, in the words it was written down with. */
  words: z.string().nullable(),
})

export type Clock = z.infer<typeof clock>

export const person = z.object({ id, name: z.string() })

/** Why a thing may or may not be done now: from the same function that decides it. */
export const action = z.object({
  name: z.string(),
  allowed: z.boolean(),
  why: z.string().nullable(),
  facts: z.record(z.string(), z.unknown()).optional(),
})

export type Action = z.infer<typeof action>
