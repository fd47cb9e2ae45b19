/** Why the database cannot serve, in one line meant for whoever starts the program. */
export class DatabaseProblem extends Error {
  override name = 'DatabaseProblem'
}

/** The `code` of a system error (`ENOENT`, `EACCES` …), or undefined. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
