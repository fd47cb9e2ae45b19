import type { FastifyReply } from 'fastify'
import type { ZodError } from 'zod'
import type { Problem } from '../contract/shapes.ts'
import type { Refusal } from '../pure/result.ts'

/** RFC 9457. `code` is the stable name a program reads; `title` is for people and may change. */
export function problemOf(refusal: Refusal, requestId?: string): Problem {
  return {
    type: `urn:redress:problem:${refusal.code}`,
    title: refusal.code.replaceAll(/[.-]/g, ' '),
    status: refusal.status,
    code: refusal.code,
    ...(requestId ? { requestId } : {}),
    ...(refusal.facts ? { facts: { ...refusal.facts } } : {}),
  }
}

/** A request whose shape is wrong: every bad place at once, without echoing what was sent. */
export function invalidRequest(error: ZodError, requestId: string, where: string): Problem {
  return {
    ...problemOf({ code: 'request.invalid', status: 400 }, requestId),
    errors: error.issues.slice(0, 20).map((i) => ({
      path: [where, ...i.path.map(String)].join('.').slice(0, 200),
      message: i.message.slice(0, 200),
      rule: i.code === 'invalid_format' ? i.format : i.code,
      ...(i.code === 'too_big' && i.origin === 'string' ? { most: Number(i.maximum) } : {}),
    })),
  }
}

/** A request with fields the endpoint does not know. */
export function unknownFields(paths: readonly (readonly string[])[], requestId: string, where: string): Problem {
  return {
    ...problemOf({ code: 'request.invalid', status: 400 }, requestId),
    errors: paths.slice(0, 20).map((path) => ({
      path: [where, ...path].join('.').slice(0, 200),
      message: 'Unrecognized key',
      rule: 'unrecognized_keys',
    })),
  }
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 503 || problem.status === 429)
    reply.header('retry-after', String(problem.facts?.retryAfter ?? 2))
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}
