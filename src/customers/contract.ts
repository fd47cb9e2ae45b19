import { z } from 'zod'
import { endpoint } from '../kit/contract/endpoint.ts'
import { id, locale } from '../kit/contract/shapes.ts'

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
