import type { Problem } from '../contract/shapes.ts'

/** A "no" of the server, or no answer at all (`client.offline`, status 0). */
export class ProblemError extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.code)
    this.name = 'ProblemError'
    this.problem = problem
  }
}

/** Any thrown value as a problem that can be put in words. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem
  return localProblem('client.defect', 0)
}

/** A problem found on this side of the wire. */
export function localProblem(code: string, status: number, facts?: Record<string, unknown>): Problem {
  return { type: `urn:redress:problem:${code}`, title: code, status, code, ...(facts ? { facts } : {}) }
}
