import { z } from 'zod'
import { endpoint } from '../kit/contract/endpoint.ts'
import { line } from '../kit/contract/shapes.ts'

export const readings = endpoint({
  id: 'language.readings',
  method: 'POST',
  path: '/api/v1/readings',
  summary: 'How Chinese names may be typed without choosing characters: 拼音 and 注音, whole and by initials',
  body: z.object({ texts: z.array(line(80)).max(200) }),
  reply: z.object({ keys: z.array(z.array(z.string())) }),
})
