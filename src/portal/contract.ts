import { z } from 'zod'
import { endpoint } from '../kit/contract/endpoint.ts'
import { publishing } from './publishing.ts'

const publicPromises = z.object({ published: z.enum(publishing) })

export const getPublicPromises = endpoint({
  id: 'portal.public-promises',
  method: 'GET',
  path: '/api/v1/settings/public-promises',
  summary: 'How dates counted round the clock are said to complainants',
  reply: publicPromises,
})

export const putPublicPromises = endpoint({
  id: 'portal.set-public-promises',
  method: 'PUT',
  path: '/api/v1/settings/public-promises',
  summary: 'Say them as people who are there can keep them (`working_hours`), or as they are (`exact`)',
  body: publicPromises,
  reply: publicPromises,
})
