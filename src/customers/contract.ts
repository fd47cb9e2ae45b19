import { z } from 'zod'
import { endpoint } from '../kit/contract/endpoint.ts'
import { complaintRow } from '../complaints/contract.ts'
import { cursor, id, instant, line, locale, pageSize, prose } from '../kit/contract/shapes.ts'

export const findCustomers = endpoint({
  id: 'customers.find',
  method: 'GET',
  path: '/api/v1/customers',
  summary: 'Customers by name, telephone ending (three digits or more), order number, mail or handle',
  query: z.object({ q: z.string().max(200) }),
  reply: z.object({
    items: z.array(
      z.object({
        id,
        name: z.string(),
        locale,
        identities: z.array(z.object({ kind: z.string(), value: z.string() })),
        openCount: z.number().int(),
      }),
    ),
  }),
})

const byId = z.object({ id })

export const mergeCustomers = endpoint({
  id: 'customers.merge',
  method: 'POST',
  path: '/api/v1/customers/:id/merge',
  summary: 'Two entries are one person; nothing moves, so it can be undone',
  params: byId,
  body: z.object({ intoId: id }),
  reply: z.object({ id, intoId: id }),
  refusals: ['customers.not-found', 'customers.merge-into-itself', 'customers.merged-already'],
})

export const unmergeCustomer = endpoint({
  id: 'customers.unmerge',
  method: 'POST',
  path: '/api/v1/customers/:id/unmerge',
  summary: 'They are two people after all',
  params: byId,
  reply: z.object({ id }),
  refusals: ['customers.not-found', 'customers.not-merged'],
})

export const customerRow = z.object({
  id,
  name: z.string(),
  tier: z.string().nullable(),
  identities: z.array(z.object({ kind: z.string(), value: z.string() })),
  /** Of the complaints this reader may see. */
  open: z.number().int(),
  complaints: z.number().int(),
  lastAt: instant.nullable(),
})
export type CustomerRow = z.infer<typeof customerRow>

export const listCustomers = endpoint({
  id: 'customers.list',
  method: 'GET',
  path: '/api/v1/customers/list',
  summary:
    'Customers you may know of, the newest first, by keyset; `q` as in customers.find, and by any part or the sound of a name',
  query: z.object({ q: z.string().max(200).default(''), cursor, limit: pageSize }),
  // A page may be short, or empty, and yet have a next one: so many were looked at.
  reply: z.object({ items: z.array(customerRow), next: z.string().nullable() }),
  refusals: ['request.bad-cursor'],
})

/** Why an address is not to be used: they asked so, it is wrong, or mail to it came back for good. */
export const notUsed = z.enum(['asked', 'wrong', 'returned'])
export const preferredChannel = z.enum(['email', 'phone', 'portal', 'letter', 'social_message'])

const identityRow = z.object({
  id,
  kind: z.string(),
  value: z.string(),
  verified: z.boolean(),
  /** Where it came from: a complaint that was taken in, or a person who wrote it down here. */
  since: instant,
  notUsed: notUsed.nullable(),
  /** The last mail to it that came back, or was given up. */
  failedAt: instant.nullable(),
})

export const openCustomer = endpoint({
  id: 'customers.open',
  method: 'GET',
  path: '/api/v1/customers/:id',
  summary: 'One customer: addresses, complaints you may see, what they were told and promised, notes and changes',
  params: byId,
  reply: z.object({
    id,
    version: z.number().int(),
    name: z.string(),
    locale,
    tier: z.string().nullable(),
    preferredChannel: preferredChannel.nullable(),
    createdAt: instant,
    identities: z.array(identityRow.extend({ customerId: id })),
    /** Entries merged into this one. */
    also: z.array(z.object({ id, name: z.string() })),
    samePeople: z.array(z.object({ id, name: z.string(), by: z.string() })),
    complaints: z.array(complaintRow),
    /** How complaints of theirs belong together. */
    links: z.array(z.object({ complaintId: id, kind: z.string(), otherId: id, number: z.string() })),
    /** What was said to them, the newest first; cut short. */
    told: z.array(
      z.object({ complaintId: id, number: z.string(), at: instant, channel: z.string(), text: z.string() }),
    ),
    promises: z.array(
      z.object({
        complaintId: id,
        number: z.string(),
        words: z.string(),
        dueAt: instant.nullable(),
        endedAt: instant.nullable(),
        state: z.string(),
        owner: z.string().nullable(),
      }),
    ),
    notes: z.array(z.object({ id, at: instant, by: z.string(), mine: z.boolean(), text: z.string() })),
    changes: z.array(
      z.object({ id, at: instant, by: z.string(), field: z.string(), before: z.string(), after: z.string() }),
    ),
    mayChange: z.boolean(),
  }),
  refusals: ['customers.not-found'],
})

export const changeCustomer = endpoint({
  id: 'customers.change',
  method: 'POST',
  path: '/api/v1/customers/:id/details',
  summary: 'Name, language, way of contact and addresses as they are to be; an address that is left out is taken away',
  params: byId,
  body: z.object({
    version: z.number().int(),
    name: line(200),
    locale,
    preferredChannel: preferredChannel.nullable(),
    identities: z
      .array(
        z
          .object({
            id: id.optional(),
            kind: line(40).min(1),
            value: prose(600).refine((v) => v.trim() !== '', { message: 'empty' }),
            notUsed: notUsed.nullable().default(null),
          })
          .refine(({ kind, value }) => kind === 'address' || !/[\r\n]/.test(value), {
            path: ['value'],
            message: 'an address alone has lines',
          }),
      )
      .max(50),
  }),
  reply: z.object({ id, version: z.number().int() }),
  refusals: ['customers.not-found', 'customers.changed-meanwhile', 'customers.nothing-left', 'customers.no-mail'],
})

export const noteCustomer = endpoint({
  id: 'customers.note',
  method: 'POST',
  path: '/api/v1/customers/:id/notes',
  summary: 'A note about the customer, for colleagues',
  params: byId,
  body: z.object({ text: prose(2_000).min(1) }),
  reply: z.object({ id }),
  refusals: ['customers.not-found'],
})

export const dropNote = endpoint({
  id: 'customers.drop-note',
  method: 'POST',
  path: '/api/v1/customers/:id/note-removals',
  summary: 'Take a note of your own away',
  params: byId,
  body: z.object({ noteId: id }),
  reply: z.object({ id }),
  refusals: ['customers.not-found'],
})
