import type { LightMyRequestResponse } from 'fastify'
import { expect } from 'vitest'

const inner =
  /\bat .+:\d+:\d+|node_modules|\.ts\b|\/(src|work|home|tmp)\/|\b(select|insert|update|delete) .* (from|into|set)\b|syntax error|relation "|violates|pg_|SQLSTATE|22P02|42601/i

/**
 * Holds an answer to what every refusal must be: problem+json with a stable code and the same status inside, and no
 * stack, path, SQL or echoed value. `sent` is what must not come back.
 */
export function refused(
  reply: LightMyRequestResponse,
  status: number | readonly number[],
  code?: string,
  sent?: string,
) {
  const said = `${reply.statusCode} ${reply.body.slice(0, 400)}`
  expect([status].flat(), said).toContain(reply.statusCode)
  expect(reply.headers['content-type'], said).toContain('application/problem+json')
  expect(reply.headers['x-content-type-options'], said).toBe('nosniff')
  const problem = reply.json()
  expect(problem.code, said).toMatch(/^[a-z]+\.[a-z0-9-]+$/)
  expect(problem.status, said).toBe(reply.statusCode)
  expect(problem.type, said).toBe(`urn:redress:problem:${problem.code}`)
  expect(problem.requestId, said).toBe(reply.headers['x-request-id'])
  expect(problem.code, said).not.toBe('server.defect')
  if (code) expect(problem.code, said).toBe(code)
  expect(reply.body, said).not.toMatch(inner)
  if (sent) expect(reply.body, said).not.toContain(sent)
}
