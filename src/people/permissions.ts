import { type Role, roleNames } from './roles.ts'

const handling: Role[] = ['handler', 'specialist', 'team_lead', 'stage2_reviewer']
const reading: Role[] = [
  ...handling,
  'intake_operator',
  'approver',
  'improvement_owner',
  'qa_reviewer',
  'compliance_auditor',
  'department_respondent',
  'integration',
]

/**
 * The one table of permissions. A route names its permission on its own line; an administrator holds none that opens
 * the content of a complaint (domain.md §8), an auditor none that writes.
 */
export const permissions = {
  'complaint.read': reading,
  'complaint.create': ['intake_operator', ...handling, 'integration'],
  'complaint.acknowledge': ['intake_operator', ...handling, 'integration'],
  'complaint.assess': ['intake_operator', ...handling],
  'complaint.assign': ['intake_operator', 'team_lead', 'handler', 'specialist', 'stage2_reviewer'],
  'complaint.handle': handling,
  'complaint.answer': [...handling, 'integration'],
  'complaint.note': [
    ...handling,
    'intake_operator',
    'approver',
    'improvement_owner',
    'qa_reviewer',
    'department_respondent',
    'integration',
  ],
  'complaint.approve': ['approver', 'team_lead'],
  'complaint.decide': [...handling],
  'complaint.close': handling,
  'complaint.reopen': ['intake_operator', ...handling],
  'complaint.review': ['stage2_reviewer'],
  'complaint.merge': ['intake_operator', ...handling],
  'complaint.restrict': ['intake_operator', 'team_lead', 'stage2_reviewer', 'handler'],
  'complaint.verify': [...reading],
  // A proof names the checkpoints, and with them other complaints by their ids.
  'complaint.prove': ['compliance_auditor'],
  'complaint.append': ['intake_operator', ...handling, 'integration'],
  'customer.read': ['intake_operator', ...handling, 'approver', 'compliance_auditor'],
  'customer.write': ['intake_operator', ...handling],
  'customer.confidential': ['intake_operator', 'team_lead', 'compliance_auditor'],
  'attachment.upload': ['intake_operator', ...handling, 'department_respondent', 'integration'],
  'figures.read': [...handling, 'improvement_owner', 'qa_reviewer', 'compliance_auditor', 'executive'],
  // By owner is for those who lead and check: nobody is ranked by raw counts (domain.md §4).
  'figures.owners': ['team_lead', 'qa_reviewer', 'compliance_auditor'],
  // Counts of the whole organisation, however far one reads: aggregates, without their lists.
  'figures.whole': ['executive'],
  'outbox.read': [...handling, 'administrator', 'intake_operator'],
  'outbox.retry': ['team_lead', 'administrator', 'handler', 'specialist', 'stage2_reviewer'],
  'parked.read': ['intake_operator', 'team_lead'],
  'view.use': [...reading, 'administrator'],
  'view.share': ['team_lead', 'administrator'],
  /** Who looked at what: for those who check others, and for who must notice a stolen account. */
  'access.read': ['compliance_auditor', 'administrator'],
  'settings.read': ['administrator', 'team_lead', 'compliance_auditor'],
  'settings.write': ['administrator'],
  'health.read': ['administrator'],
  'staff.manage': ['administrator'],
  'absence.manage': ['team_lead', 'administrator'],
  'key.manage': ['administrator'],
  /** Agreeing to a key that opens more than its maker may: only for what they hold themselves. */
  'key.confirm': ['team_lead', 'compliance_auditor'],
  'catalogue.read': roleNames,
  self: roleNames,
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof permissions

/** Everything these roles may do. */
export function permissionsOf(held: readonly string[]): Set<Permission> {
  const may = new Set<Permission>()
  for (const [permission, roles] of Object.entries(permissions)) {
    if (held.some((r) => (roles as readonly string[]).includes(r))) may.add(permission as Permission)
  }
  return may
}

/** The roles that hold a permission. */
export function rolesWith(permission: Permission): readonly string[] {
  return permissions[permission]
}

export function isPermission(name: string): name is Permission {
  return Object.hasOwn(permissions, name)
}

const forPeople = new Set([
  'staff.manage',
  'absence.manage',
  'key.manage',
  'key.confirm',
  'settings.write',
  'access.read',
  'self',
  'customer.confidential',
  'complaint.approve',
  'complaint.restrict',
  'complaint.review',
  'complaint.prove',
])

/**
 * What an API key may be given: never the power over accounts, keys and settings, nor an account of its own; and never what
 * needs a person's judgement, or opens what an administrator who makes keys may not read.
 */
export const keyPermissions: ReadonlySet<string> = new Set(Object.keys(permissions).filter((p) => !forPeople.has(p)))
