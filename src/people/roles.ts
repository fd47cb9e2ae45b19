/** The roles of complaint handling (domain: ISO 10002 5.4) and how far each sees by default. A role_scope row overrides it. */
export const roles = {
  intake_operator: 'organisation',
  handler: 'team',
  specialist: 'team',
  team_lead: 'organisation',
  approver: 'organisation',
  stage2_reviewer: 'organisation',
  improvement_owner: 'organisation',
  qa_reviewer: 'organisation',
  compliance_auditor: 'organisation',
  executive: 'none',
  administrator: 'none',
  department_respondent: 'tasks',
  integration: 'organisation',
} as const satisfies Record<string, ScopeName>

export type Role = keyof typeof roles
export type ScopeName = 'organisation' | 'team' | 'tasks' | 'none'
export const roleNames = Object.keys(roles) as Role[]

export function isRole(name: string): name is Role {
  return Object.hasOwn(roles, name)
}

/** How far each sees, to compare. */
export const width: Record<ScopeName, number> = { none: 0, tasks: 1, team: 2, organisation: 3 }

/** The widest scope among a person's roles; settings of the organisation win over the shipped default. */
export function widestScope(held: readonly string[], settings: Readonly<Record<string, string>>): ScopeName {
  let widest: ScopeName = 'none'
  for (const role of held) {
    if (!isRole(role)) continue
    const setting = settings[role]
    const scope: ScopeName = setting && Object.hasOwn(width, setting) ? (setting as ScopeName) : roles[role]
    if (width[scope] > width[widest]) widest = scope
  }
  return widest
}
