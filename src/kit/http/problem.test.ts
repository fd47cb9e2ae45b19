import { expect, it } from 'vitest'
import { z } from 'zod'
import { invalidRequest } from './problem.ts'

it('names the rule each field breaks, for a reader who does not read English', () => {
  const body = z.object({
    name: z.string().min(1),
    mail: z.email(),
    role: z.enum(['handler']),
    note: z.string().max(3),
  })
  const { error } = body.safeParse({ name: '', mail: 'bad', role: 'queen', note: 'long' })
  const problem = error && invalidRequest(error, 'r', 'body')
  expect(problem?.errors?.map(({ path, rule }) => [path, rule])).toEqual([
    ['body.name', 'too_small'],
    ['body.mail', 'email'],
    ['body.role', 'invalid_value'],
    ['body.note', 'too_big'],
  ])
})
