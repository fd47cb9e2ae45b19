import { ok, refuse, type Result } from '../../kit/pure/result.ts'

export const shortestPassword = 10
export const longestPassword = 200

const common = new Set([
  'password12',
  'password123',
  '1234567890',
  'qwertyuiop',
  '12345678910',
  'administrator',
  'iloveyou123',
  'qwerty12345',
  '0987654321',
  'password1234',
])

/**
 * Length is what protects (NIST SP 800-63B): no rules about kinds of characters. Refuses what is short, endless, one
 * character repeated, widely used, or the person's own address.
 */
export function goodPassword(password: string, mail: string): Result<string> {
  const reason = badReason(password, mail.toLowerCase())
  return reason ? refuse('people.weak-password', { reason, shortest: shortestPassword }) : ok(password)
}

function badReason(password: string, mail: string): string | undefined {
  const length = [...password].length
  if (length < shortestPassword) return 'short'
  if (length > longestPassword) return 'long'
  const lower = password.toLowerCase()
  if (new Set(lower).size < 4 || common.has(lower)) return 'common'
  if (mail && (lower === mail || lower === mail.split('@')[0])) return 'mail'
  return undefined
}
