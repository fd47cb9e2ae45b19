import { z } from 'zod'
import { endpoint } from '../kit/contract/endpoint.ts'
import { cursor, id, instant, pageSize } from '../kit/contract/shapes.ts'

export const outboxState = z.enum(['waiting', 'sending', 'sent', 'failed', 'cancelled'])

/**
 * One outgoing message. Of complaints an administrator may not see they see what failed, and only that: no complaint, no
 * words, of `recipient` the domain; of restricted ones nothing.
 */
export const outboxItem = z.object({
  id,
  complaintId: id.nullable(),
  number: z.string().nullable(),
  messageId: id.nullable(),
  channel: z.string(),
  recipient: z.string(),
  subject: z.string().nullable(),
  text: z.string().nullable(),
  automatic: z.boolean(),
  state: outboxState,
  attempts: z.number().int(),
  lastError: z.string().nullable(),
  /** Until then it can be taken back. */
  sendAt: instant,
  /** When it is tried next, after a failure that may pass. */
  nextTryAt: instant.nullable(),
  sentAt: instant.nullable(),
  createdAt: instant,
})
export type OutboxItem = z.infer<typeof outboxItem>

export const listOutbox = endpoint({
  id: 'replies.outbox',
  method: 'GET',
  path: '/api/v1/outbox',
  summary: 'Outgoing messages of complaints you may see, newest first',
  query: z.object({ state: outboxState.optional(), cursor, limit: pageSize }),
  reply: z.object({ items: z.array(outboxItem), next: z.string().nullable() }),
  refusals: ['request.bad-cursor'],
})

const byId = z.object({ id })

export const retryOutgoing = endpoint({
  id: 'replies.retry',
  method: 'POST',
  path: '/api/v1/outbox/:id/retry',
  summary: 'Send again what failed',
  params: byId,
  reply: z.object({ id, state: outboxState }),
  refusals: ['replies.no-such-message', 'replies.not-failed'],
})

export const cancelOutgoing = endpoint({
  id: 'replies.cancel',
  method: 'POST',
  path: '/api/v1/outbox/:id/cancellation',
  summary: 'Take a message back while it still waits; what its sending changed is undone by an event',
  params: byId,
  reply: z.object({ id, state: outboxState, version: z.number().int() }),
  refusals: ['replies.no-such-message', 'replies.already-sent', 'replies.merged-since'],
})

/** By what mails an answer given now would leave. */
export const goesTo = z.object({
  /** `to` is null for readers who may not know who complains; `from` is the mailbox answers come back to. */
  mails: z.array(z.object({ to: z.string().nullable(), from: z.string() })),
  /** Further mails, not listed. */
  more: z.number().int(),
  /** Why there is none; null where there is. `not-used`: whatever address they have is marked as not to be used. */
  noMail: z.enum(['no-server', 'anonymous', 'no-address', 'not-used']).nullable(),
})
export type GoesTo = z.infer<typeof goesTo>

export const reach = endpoint({
  id: 'replies.reach',
  method: 'GET',
  path: '/api/v1/complaints/:id/reach',
  summary:
    'How words get to the complainant without somebody telling them; `none`: an answer has to say how it was told',
  params: byId,
  /**
   * `portal`: they can look there, because they have the receipt code or a link. `call`: they left only a number, so that what
   * is put there makes a call-back.
   */
  reply: z.object({
    way: z.enum(['email', 'portal', 'none']),
    portal: z.boolean(),
    call: z.boolean(),
    sending: goesTo,
  }),
  refusals: ['complaints.not-found'],
})
