import type { Scope } from '../kit/db/database.ts'

/** What the visibility predicate reads of a complaint. */
export type Audience = {
  readonly teamId: string
  readonly ownerId: string | null
  readonly restricted: boolean
  readonly access: readonly string[]
  readonly helpers: readonly string[]
  readonly subjects: readonly string[]
}

/** The twin of `visibleSql` in memory, for the live stream: same words, same order. A property test compares the two. */
export function canSee(scope: Scope, audience: Audience): boolean {
  const { staff, teams = [], chain = staff ? [staff] : [], scope: reach = 'none' } = scope
  if (audience.subjects.some((subject) => chain.includes(subject))) return false
  if (staff && audience.access.includes(staff)) return true
  if (audience.restricted) return false
  if (reach === 'organisation') return true
  if (reach === 'team' && teams.includes(audience.teamId)) return true
  if (!staff) return false
  return (reach !== 'none' && audience.ownerId === staff) || audience.helpers.includes(staff)
}
