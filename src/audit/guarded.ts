import { RefusalError } from '../kit/pure/result.ts'
import type { Finding } from './finding.ts'

/** What a check finds; when what it reads cannot even be read, that is the finding, and the other checks go on. */
export function guarded<F extends Pick<Finding, 'code' | 'what'>>(
  what: string,
  check: () => readonly F[],
): readonly (F | Pick<Finding, 'code' | 'what'>)[] {
  try {
    return check()
  } catch (error) {
    return [unreadable(what, error)]
  }
}

/** The same for a check that asks the database. A lost connection is no damage and is thrown on. */
export async function guardedAsync(
  what: string,
  tell: (finding: Finding) => void,
  check: () => Promise<unknown>,
): Promise<void> {
  try {
    await check()
  } catch (error) {
    if (!isOfData(error)) throw error
    tell(unreadable(what, error))
  }
}

/** The name of an error only: its message may hold what was read. */
export function unreadable(what: string, error: unknown): Pick<Finding, 'code' | 'what'> {
  const name = codeOf(error) ?? (error instanceof Error ? error.name : 'unknown')
  return { code: 'audit.unreadable', what: `${what}: ${name}` }
}

/** Classes of SQLSTATE that speak of the data asked for: what it is, how it is kept, what is missing of it. */
const ofData = /^(2[123]|42|54|58|XX)/

/** Refusals and defects of our own reading count as damage too: they come from values nobody foresaw. */
export function isOfData(error: unknown): boolean {
  const code = codeOf(error)
  return code === undefined ? ofValues.some((kind) => error instanceof kind) : ofData.test(code)
}
const ofValues = [TypeError, RangeError, SyntaxError, RefusalError]

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : undefined
}
