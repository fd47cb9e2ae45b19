import { z } from 'zod'
import { endpoint } from '../kit/contract/endpoint.ts'
import { cursor, id, instant, labels, line, locale, pageSize, prose } from '../kit/contract/shapes.ts'
import { preferences } from '../preferences/contract.ts'
import { longestPassword } from './domain/password-rule.ts'
import { isPermission } from './permissions.ts'
import { isRole, type Role, type ScopeName } from './roles.ts'

const done = z.object({})
const byId = z.object({ id })
export const mailAddress = z.string().trim().toLowerCase().max(254).pipe(z.email())
export const zone = z
  .string()
  .max(60)
  .refine((name) => isZone(name), { error: 'must be an IANA time zone' })
export const termSet = z.enum(['retail', 'authority', 'finance', 'hongkong', 'mainland'])
export const role = z.string().refine((name): name is Role => isRole(name), { error: 'no such role' })
export const roles = z
  .array(role)
  .max(20)
  .refine((all) => new Set(all).size === all.length, { error: 'each role once' })
  .refine((all) => !all.includes('integration'), { error: 'integration is the role of API keys' })
export const scopeName = z.enum(['organisation', 'team', 'tasks', 'none']) satisfies z.ZodType<ScopeName>
const personName = line(120).min(1)
const password = z.string().max(longestPassword)
const key = z.string().regex(/^[a-z0-9][a-z0-9-]{0,38}$/)

/** What stands under a person's replies, in each language they write; empty: nothing. */
export const signature = z.object({ zhHant: prose(1000), zhHans: prose(1000), en: prose(1000) })
export type Signature = z.infer<typeof signature>

export const me = z.object({
  id,
  name: z.string(),
  mail: z.string(),
  locale,
  zone: z.string(),
  roles: z.array(z.string()),
  permissions: z.array(z.string()),
  teams: z.array(z.object({ id, name: labels })),
  organisation: z.object({
    id,
    slug: z.string(),
    name: labels,
    termSet: z.string(),
    locale,
    zone: z.string(),
    demo: z.boolean(),
  }),
  preferences,
  totpOn: z.boolean(),
  recoveryCodesLeft: z.number().int(),
  signature,
})
export type Me = z.infer<typeof me>

const signedIn = z.discriminatedUnion('step', [
  z.object({ step: z.literal('done'), me }),
  z.object({ step: z.literal('totp'), challenge: z.string() }),
])

export const signIn = endpoint({
  id: 'people.sign-in',
  method: 'POST',
  path: '/api/v1/session',
  summary: 'Sign in by password; the answer does not tell whether the address has an account',
  body: z.object({ mail: line(254), password }),
  reply: signedIn,
  refusals: ['people.wrong-credentials', 'people.too-many-tries', 'request.cross-site'],
})

export const signInTotp = endpoint({
  id: 'people.sign-in-totp',
  method: 'POST',
  path: '/api/v1/session/totp',
  summary: 'Second step of sign-in: a six-digit code, or a recovery code',
  body: z.object({ challenge: z.string().max(100), code: line(40) }),
  reply: z.object({ step: z.literal('done'), me }),
  refusals: ['people.wrong-code', 'people.challenge-over', 'people.too-many-tries'],
})

export const signOut = endpoint({
  id: 'people.sign-out',
  method: 'DELETE',
  path: '/api/v1/session',
  summary: 'Sign out here',
  reply: done,
})

export const getMe = endpoint({
  id: 'people.me',
  method: 'GET',
  path: '/api/v1/me',
  summary: 'Who I am and what I may do',
  reply: me,
})

export const patchMe = endpoint({
  id: 'people.change-me',
  method: 'PATCH',
  path: '/api/v1/me',
  summary: 'Change my name, language, time zone or signature',
  body: z.object({ name: personName, locale, zone, signature }).partial(),
  reply: me,
})

export const changePassword = endpoint({
  id: 'people.change-password',
  method: 'POST',
  path: '/api/v1/me/password',
  summary: 'Change my password; ends my other sessions',
  body: z.object({ current: password, next: password }),
  reply: done,
  refusals: ['people.wrong-password', 'people.weak-password', 'people.too-many-tries'],
})

export const enrolTotp = endpoint({
  id: 'people.enrol-totp',
  method: 'POST',
  path: '/api/v1/me/totp',
  summary: 'Begin with a second factor: a secret for an authenticator app',
  body: z.object({ password }),
  reply: z.object({ secret: z.string(), url: z.string() }),
  refusals: ['people.wrong-password', 'people.totp-on'],
})

export const confirmTotp = endpoint({
  id: 'people.confirm-totp',
  method: 'POST',
  path: '/api/v1/me/totp/confirmation',
  summary: 'Turn the second factor on with a first code; gives the recovery codes, once',
  body: z.object({ code: line(40) }),
  reply: z.object({ recoveryCodes: z.array(z.string()) }),
  refusals: ['people.wrong-code', 'people.totp-not-begun'],
})

export const disableTotp = endpoint({
  id: 'people.disable-totp',
  method: 'POST',
  path: '/api/v1/me/totp/removal',
  summary: 'Turn the second factor off',
  body: z.object({ password }),
  reply: done,
  refusals: ['people.wrong-password'],
})

export const session = z.object({
  id,
  device: z.string(),
  createdAt: instant,
  lastUsedAt: instant,
  expiresAt: instant,
  current: z.boolean(),
})

export const mySessions = endpoint({
  id: 'people.my-sessions',
  method: 'GET',
  path: '/api/v1/me/sessions',
  summary: 'Where I am signed in',
  reply: z.object({ sessions: z.array(session) }),
})

export const endSession = endpoint({
  id: 'people.end-session',
  method: 'DELETE',
  path: '/api/v1/me/sessions/:id',
  summary: 'End one of my sessions',
  params: byId,
  reply: done,
  refusals: ['people.no-such-session'],
})

export const endSessions = endpoint({
  id: 'people.end-sessions',
  method: 'DELETE',
  path: '/api/v1/me/sessions',
  summary: 'Sign out everywhere; keep=current keeps this session',
  query: z.object({ keep: z.literal('current').optional() }),
  reply: z.object({ ended: z.number().int() }),
})

export const staffMember = z.object({
  id,
  name: z.string(),
  mail: z.string(),
  locale,
  zone: z.string(),
  roles: z.array(z.string()),
  teamIds: z.array(id),
  managerId: id.nullable(),
  active: z.boolean(),
  totpOn: z.boolean(),
  version: z.number().int(),
  createdAt: instant,
})
export type StaffMember = z.infer<typeof staffMember>

const staffFields = z.object({
  name: personName,
  mail: mailAddress,
  locale,
  zone,
  roles,
  teamIds: z.array(id).max(100),
  managerId: id.nullable(),
})

export const listStaff = endpoint({
  id: 'people.list-staff',
  method: 'GET',
  path: '/api/v1/staff',
  summary: 'All staff accounts',
  reply: z.object({ staff: z.array(staffMember) }),
})

export const addStaff = endpoint({
  id: 'people.add-staff',
  method: 'POST',
  path: '/api/v1/staff',
  summary: 'Add a staff account; without a password one is made and shown once',
  body: staffFields.extend({
    roles: roles.min(1),
    teamIds: staffFields.shape.teamIds.default([]),
    managerId: staffFields.shape.managerId.default(null),
    locale: locale.optional(),
    zone: zone.optional(),
    password: password.optional(),
  }),
  reply: z.object({ member: staffMember, initialPassword: z.string().nullable() }),
  status: 201,
  refusals: ['people.mail-taken', 'people.weak-password', 'people.no-such-team', 'people.no-such-manager'],
})

export const changeStaff = endpoint({
  id: 'people.change-staff',
  method: 'PATCH',
  path: '/api/v1/staff/:id',
  summary: 'Change a staff account; deactivating ends its sessions',
  params: byId,
  body: staffFields.extend({ active: z.boolean(), version: z.number().int() }).partial(),
  reply: staffMember,
  refusals: [
    'people.no-such-staff',
    'people.last-administrator',
    'people.changed-meanwhile',
    'people.mail-taken',
    'people.manager-circle',
  ],
})

export const getLeaving = endpoint({
  id: 'people.leaving',
  method: 'GET',
  path: '/api/v1/staff/:id/leaving',
  summary: 'What somebody leaves behind: open complaints and promises of theirs, and teams without anybody else',
  params: byId,
  reply: z.object({ complaints: z.number().int(), duties: z.number().int(), emptyTeamIds: z.array(id) }),
  refusals: ['people.no-such-staff'],
})

export const resetPassword = endpoint({
  id: 'people.reset-password',
  method: 'POST',
  path: '/api/v1/staff/:id/password',
  summary: 'Give a member a new password, shown once; ends their sessions and, if asked, their second factor',
  params: byId,
  body: z.object({ password: password.optional(), removeTotp: z.boolean().default(false) }),
  reply: z.object({ initialPassword: z.string().nullable() }),
  refusals: ['people.no-such-staff', 'people.weak-password'],
})

export const staffDirectory = endpoint({
  id: 'people.staff-directory',
  method: 'GET',
  path: '/api/v1/staff-directory',
  summary: 'Active staff by name and team, for menus',
  reply: z.object({
    staff: z.array(z.object({ id, name: z.string(), roles: z.array(z.string()), teamIds: z.array(id) })),
    teams: z.array(z.object({ id, name: labels })),
  }),
})

const day = z.iso.date()
export const absence = z.object({
  id,
  staffId: id,
  name: z.string(),
  /** First and last day, in the person's own zone. */
  from: day,
  until: day,
  standInId: id.nullable(),
  /** Whether it is running now. */
  now: z.boolean(),
})
export type Absence = z.infer<typeof absence>

const newAbsence = z
  .object({ from: day, until: day, standInId: id.nullable().default(null) })
  .refine(({ from, until }) => from <= until && Date.parse(until) - Date.parse(from) < 800 * 86_400_000, {
    path: ['until'],
    error: 'must be the first day or up to two years later',
  })

export const listAbsences = endpoint({
  id: 'people.absences',
  method: 'GET',
  path: '/api/v1/absences',
  summary: 'Who is away, or will be, and who stands in',
  reply: z.object({ absences: z.array(absence) }),
})

export const addMyAbsence = endpoint({
  id: 'people.add-my-absence',
  method: 'POST',
  path: '/api/v1/me/absences',
  summary: 'Say that I am away on these days',
  body: newAbsence,
  reply: absence,
  status: 201,
  refusals: ['people.no-such-stand-in', 'people.too-many-absences'],
})

export const removeMyAbsence = endpoint({
  id: 'people.remove-my-absence',
  method: 'DELETE',
  path: '/api/v1/me/absences/:id',
  summary: 'Take one of my absences back',
  params: byId,
  reply: done,
  refusals: ['people.no-such-absence'],
})

export const addAbsence = endpoint({
  id: 'people.add-absence',
  method: 'POST',
  path: '/api/v1/staff/:id/absences',
  summary: 'Say that somebody is away on these days: who is ill cannot say it',
  params: byId,
  body: newAbsence,
  reply: absence,
  status: 201,
  refusals: ['people.no-such-staff', 'people.no-such-stand-in', 'people.too-many-absences'],
})

export const removeAbsence = endpoint({
  id: 'people.remove-absence',
  method: 'DELETE',
  path: '/api/v1/absences/:id',
  summary: 'Take an absence back',
  params: byId,
  reply: done,
  refusals: ['people.no-such-absence'],
})

export const team = z.object({
  id,
  key: z.string(),
  name: labels,
  calendarKey: z.string(),
  placeIds: z.array(id),
  isDefault: z.boolean(),
  retired: z.boolean(),
  members: z.number().int(),
})

const teamFields = z.object({ name: labels, calendarKey: z.string().max(60), placeIds: z.array(id).max(1000) })

export const listTeams = endpoint({
  id: 'people.list-teams',
  method: 'GET',
  path: '/api/v1/teams',
  summary: 'All teams',
  reply: z.object({ teams: z.array(team) }),
})

export const addTeam = endpoint({
  id: 'people.add-team',
  method: 'POST',
  path: '/api/v1/teams',
  summary: 'Add a team',
  body: teamFields.extend({
    key,
    calendarKey: teamFields.shape.calendarKey.optional(),
    placeIds: teamFields.shape.placeIds.default([]),
  }),
  reply: team,
  status: 201,
  refusals: ['people.team-key-taken', 'people.no-such-calendar'],
})

export const changeTeam = endpoint({
  id: 'people.change-team',
  method: 'PATCH',
  path: '/api/v1/teams/:id',
  summary: 'Change, retire or revive a team, or make it the default queue',
  params: byId,
  body: teamFields.extend({ retired: z.boolean(), isDefault: z.literal(true) }).partial(),
  reply: team,
  refusals: ['people.no-such-team', 'people.default-team', 'people.team-in-use', 'people.no-such-calendar'],
})

export const apiKey = z.object({
  id,
  name: z.string(),
  prefix: z.string(),
  permissions: z.array(z.string()),
  createdAt: instant,
  createdBy: z.string().nullable(),
  lastUsedAt: instant.nullable(),
  revokedAt: instant.nullable(),
  /** Null: it does not work yet; somebody who may open what it opens has to agree. */
  confirmedAt: instant.nullable(),
  confirmedBy: z.string().nullable(),
})
export type ApiKey = z.infer<typeof apiKey>

export const listApiKeys = endpoint({
  id: 'people.list-api-keys',
  method: 'GET',
  path: '/api/v1/api-keys',
  summary: 'API keys by their first characters',
  reply: z.object({ keys: z.array(apiKey) }),
})

export const addApiKey = endpoint({
  id: 'people.add-api-key',
  method: 'POST',
  path: '/api/v1/api-keys',
  summary: 'Make an API key; the key itself is shown once',
  body: z.object({
    name: line(80).min(1),
    permissions: z
      .array(z.string().refine(isPermission, { error: 'no such permission' }))
      .min(1)
      .max(60),
  }),
  reply: z.object({ apiKey, key: z.string() }),
  status: 201,
  refusals: ['people.not-for-keys'],
})

export const waitingKeys = endpoint({
  id: 'people.waiting-api-keys',
  method: 'GET',
  path: '/api/v1/api-keys/waiting',
  summary: 'Keys that work only when somebody has agreed, and what of each is beyond you',
  reply: z.object({ keys: z.array(apiKey.extend({ beyond: z.array(z.string()) })) }),
})

export const confirmApiKey = endpoint({
  id: 'people.confirm-api-key',
  method: 'POST',
  path: '/api/v1/api-keys/:id/confirmation',
  summary: 'Agree to a key: from now on it opens what you may open yourself',
  params: byId,
  reply: apiKey,
  refusals: ['people.no-such-key', 'people.key-beyond'],
})

export const revokeApiKey = endpoint({
  id: 'people.revoke-api-key',
  method: 'DELETE',
  path: '/api/v1/api-keys/:id',
  summary: 'Revoke an API key',
  params: byId,
  reply: done,
  refusals: ['people.no-such-key'],
})

const roleScopes = z.object({ scopes: z.array(z.object({ role: z.string(), scope: scopeName, standard: scopeName })) })

export const getRoleScopes = endpoint({
  id: 'people.role-scopes',
  method: 'GET',
  path: '/api/v1/role-scopes',
  summary: 'Which complaints each role sees',
  reply: roleScopes,
})

export const putRoleScopes = endpoint({
  id: 'people.set-role-scopes',
  method: 'PUT',
  path: '/api/v1/role-scopes',
  summary: 'Set which complaints each role sees; a role left out goes back to the standard',
  body: z.object({ scopes: z.array(z.object({ role, scope: scopeName })).max(40) }),
  reply: roleScopes,
  refusals: ['people.scope-fixed'],
})

export const getSetup = endpoint({
  id: 'people.setup-needed',
  method: 'GET',
  path: '/api/v1/setup',
  summary: 'Whether this installation still has no organisation',
  reply: z.object({ needed: z.boolean() }),
})

export const postSetup = endpoint({
  id: 'people.set-up',
  method: 'POST',
  path: '/api/v1/setup',
  summary: 'Create the first organisation and its administrator, with the token printed at start',
  body: z.object({
    token: line(100),
    organisation: z.object({ name: labels, slug: key.min(2), termSet: termSet.default('retail'), locale, zone }),
    name: personName,
    mail: mailAddress,
    password,
    alsoTeamLead: z.boolean().default(true),
  }),
  reply: z.object({ step: z.literal('done'), me }),
  status: 201,
  refusals: ['people.wrong-setup-token', 'people.already-set-up', 'people.weak-password'],
})

function isZone(name: string): boolean {
  try {
    return (
      new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0 && !/^[+-]/.test(name)
    )
  } catch {
    return false
  }
}

export const accessEntry = z.object({
  id,
  at: instant,
  /** What was done: `people.sign-in`, `complaint.read-restricted` … */
  what: z.string(),
  staff: z.object({ id, name: z.string() }).nullable(),
  complaint: z.object({ id, number: z.string() }).nullable(),
  facts: z.record(z.string(), z.unknown()),
})
export type AccessEntry = z.infer<typeof accessEntry>

export const listAccess = endpoint({
  id: 'people.access',
  method: 'GET',
  path: '/api/v1/access-log',
  summary: 'Who signed in, looked at restricted complaints, or changed accounts, roles and keys; the newest first',
  query: z.object({ staffId: id.optional(), cursor, limit: pageSize }),
  reply: z.object({ items: z.array(accessEntry), next: z.string().nullable() }),
  refusals: ['request.bad-cursor'],
})
