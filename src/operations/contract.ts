import { z } from 'zod'
import { endpoint } from '../kit/contract/endpoint.ts'
import { instant } from '../kit/contract/shapes.ts'

/** `warn` should be looked at; `bad` must be put right. */
export const healthState = z.enum(['good', 'warn', 'bad'])
export type HealthState = z.infer<typeof healthState>

export const healthCheck = z.object({
  name: z.enum([
    'database',
    'migrations',
    'worker',
    'queue',
    'outbox',
    'fetching',
    'parked',
    'overdue',
    'backup',
    'verify',
    'disk',
    'calendars',
    'totp',
  ]),
  state: healthState,
  /** Which sentence fits, where one state has several. */
  as: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
})
export type HealthCheck = z.infer<typeof healthCheck>

export const readHealth = endpoint({
  id: 'operations.health',
  method: 'GET',
  path: '/api/v1/health',
  summary: 'What an administrator can put right, each with its figures; nothing of any complaint',
  reply: z.object({
    at: instant,
    version: z.string(),
    node: z.string(),
    /** When this process began. */
    since: instant,
    checks: z.array(healthCheck),
    /** When each scheduled job last came to its end. */
    jobs: z.array(z.object({ task: z.string(), at: instant.nullable(), state: healthState })),
  }),
})
