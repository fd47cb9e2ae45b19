import { z } from 'zod'
import { endpoint } from '../kit/contract/endpoint.ts'
import { id } from '../kit/contract/shapes.ts'

export const findCustomers = endpoint({
  id: 'customers.find',
  method: 'GET',
  path: '/api/v1/customers',
  summary: 'Customers by name, telephone ending, mail or handle',
  query: z.object({ q: z.string().max(200) }),
  reply: z.object({
    items: z.array(
      z.object({
        id,
        name: z.string(),
        identities: z.array(z.object({ kind: z.string(), value: z.string() })),
        openCount: z.number().int(),
      }),
    ),
  }),
})
