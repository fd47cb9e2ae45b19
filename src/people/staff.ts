import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { newId } from '../kit/ids.ts'
import { RefusalError, valueOf } from '../kit/pure/result.ts'
import { noteAccess } from './access-log.ts'
import type { StaffMember } from './contract.ts'
import { goodPassword } from './domain/password-rule.ts'
import { hashPassword } from './password.ts'
import { closeSessions } from './session-store.ts'
import {
  administrators,
  lockOrganisation,
  managerFits,
  readStaff,
  replaceRoles,
  replaceTeams,
  type StoredStaff,
  teamsExist,
} from './staff-store.ts'

/** In which organisation, when, and who does it (undefined: the installation itself). */
export type Doing = { readonly org: string; readonly now: number; readonly by?: string | undefined }

export type NewStaff = {
  readonly name: string
  readonly mail: string
  /** Absent: one is made, and given back once. */
  readonly password?: string | undefined
  /** From hashPassword, where many accounts are made with one password (demo). */
  readonly passwordHash?: string | undefined
  readonly roles: readonly string[]
  readonly teamIds?: readonly string[] | undefined
  readonly locale?: string | undefined
  readonly zone?: string | undefined
  readonly managerId?: string | null | undefined
}

/**
 * Adds a member of staff with an account, in the scope of its organisation. `locale` and `zone` default to the organisation's.
 * Refuses: people.mail-taken (409), people.weak-password, people.no-such-team, people.no-such-manager.
 */
export async function createStaff(
  tx: Tx,
  doing: Doing,
  given: NewStaff,
): Promise<{ staffId: string; userId: string; initialPassword: string | null }> {
  const { org, now } = doing
  const mail = given.mail.trim().toLowerCase()
  const initialPassword = given.password === undefined && given.passwordHash === undefined ? randomPassword() : null
  const passwordHash =
    given.passwordHash ?? (await hashPassword(initialPassword ?? valueOf(goodPassword(given.password ?? '', mail))))
  const staffId = newId(now)
  const userId = newId(now)
  await checkTeams(tx, org, given.teamIds ?? [])
  if (given.managerId) await checkManager(tx, org, staffId, given.managerId)
  const made = await tx.first(
    sql<{ done: boolean }>`select auth.create_user(${userId}, ${mail}, ${passwordHash}, ${new Date(now)}) as done`,
  )
  if (!made?.done) throw mailTaken()
  await tx.run(
    sql`insert into staff (org_id, id, user_id, name, mail, locale, zone, manager_id, created_at)
        select org_id, ${staffId}, ${userId}, ${given.name}, ${mail}, coalesce(${given.locale ?? null}, locale), coalesce(${given.zone ?? null}, zone),
          ${given.managerId ?? null}, ${new Date(now)} from organisation where org_id = ${org}`,
  )
  await replaceRoles(tx, org, staffId, given.roles)
  await replaceTeams(tx, org, staffId, given.teamIds ?? [])
  await noteAccess(
    tx,
    { org, staffId: doing.by, what: 'people.staff-added', facts: { staff: staffId, roles: given.roles } },
    now,
  )
  return { staffId, userId, initialPassword }
}

export type StaffChange = {
  readonly [K in 'name' | 'mail' | 'locale' | 'zone' | 'roles' | 'teamIds' | 'managerId' | 'active' | 'version']?:
    | StaffMember[K]
    | undefined
}

/**
 * Changes an account; what is absent stays. `version` is the one that was seen. Deactivating ends all sessions.
 * Changes of roles are noted, also (and telling so) when people give roles to themselves.
 */
export async function changeStaff(tx: Tx, doing: Doing, id: string, change: StaffChange): Promise<StaffMember> {
  const { org } = doing
  await lockOrganisation(tx, org)
  const before = await oneStaff(tx, org, id)
  if (change.version !== undefined && change.version !== before.version) {
    throw new RefusalError({ code: 'people.changed-meanwhile', status: 409, facts: { version: before.version } })
  }
  if (change.teamIds)
    await checkTeams(
      tx,
      org,
      change.teamIds.filter((team) => !before.teamIds.includes(team)),
    )
  if (change.managerId) await checkManager(tx, org, id, change.managerId)
  if (change.mail !== undefined && change.mail !== before.mail) await changeMail(tx, before, change.mail)
  const managerId = change.managerId === undefined ? before.managerId : change.managerId
  await tx.run(
    sql`update staff set name = ${change.name ?? before.name}, mail = ${change.mail ?? before.mail}, locale = ${change.locale ?? before.locale},
          zone = ${change.zone ?? before.zone}, manager_id = ${managerId}, active = ${change.active ?? before.active}, version = version + 1
        where org_id = ${org} and id = ${id}`,
  )
  if (change.teamIds) await replaceTeams(tx, org, id, change.teamIds)
  if (change.roles) await replaceRoles(tx, org, id, change.roles)
  if (change.roles || change.active === false) await keepAnAdministrator(tx, org, before)
  if (change.active === false && before.userId) await closeSessions(tx, before.userId)
  if (change.active === false && before.active) await giveBackLater(tx, doing, id)
  await noteChange(tx, doing, before, change)
  return oneStaff(tx, org, id)
}

/** Sets a password and ends all sessions (but `except`). Refuses people.weak-password, people.no-such-staff. */
export async function setPassword(
  tx: Tx,
  doing: Doing,
  staffId: string,
  password: string,
  except?: string,
): Promise<void> {
  const member = await oneStaff(tx, doing.org, staffId)
  await storePassword(tx, doing, staffId, await hashPassword(valueOf(goodPassword(password, member.mail))), except)
}

/** As setPassword, with a hash made before the transaction was open: hashing takes a quarter of a second. */
export async function storePassword(
  tx: Tx,
  doing: Doing,
  staffId: string,
  hash: string,
  except?: string,
): Promise<StoredStaff> {
  const member = await oneStaff(tx, doing.org, staffId)
  await tx.run(sql`select auth.set_password(${member.userId}, ${hash}, ${new Date(doing.now)})`)
  await closeSessions(tx, member.userId ?? '', except)
  const facts = { staff: staffId }
  await noteAccess(tx, { org: doing.org, staffId: doing.by, what: 'people.password-set', facts }, doing.now)
  return member
}

/** Ends the sessions of a member of staff (but `except`); gives how many. */
export async function revokeSessions(tx: Tx, org: string, staffId: string, except?: string): Promise<number> {
  const member = await oneStaff(tx, org, staffId)
  return closeSessions(tx, member.userId ?? '', except)
}

export async function oneStaff(tx: Tx, org: string, id: string): Promise<StoredStaff> {
  const found = (await readStaff(tx, org, id))[0]
  if (!found) throw new RefusalError({ code: 'people.no-such-staff', status: 404 })
  return found
}

/** 20 characters a person can copy: 100 bits. */
export function randomPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789ABCDEFGHJKLMNPQRSTUVWXYZ'.slice(0, 32)
  return Array.from(randomBytes(20), (byte, i) => (i > 0 && i % 5 === 0 ? '-' : '') + letters.charAt(byte & 31)).join(
    '',
  )
}

/** What they answered for is given back by the worker: it may be thousands. Commits with the change, and may run twice. */
async function giveBackLater(tx: Tx, { org, by }: Doing, staffId: string): Promise<void> {
  const payload = JSON.stringify({ org, staffId, ...(by === undefined ? {} : { by }) })
  await tx.run(sql`select enqueue_job('release_leaver', ${payload}::json, ${`leaver:${staffId}`})`)
}

async function checkTeams(tx: Tx, org: string, teamIds: readonly string[]): Promise<void> {
  if (!(await teamsExist(tx, org, teamIds))) throw new RefusalError({ code: 'people.no-such-team', status: 422 })
}

async function checkManager(tx: Tx, org: string, staffId: string, managerId: string): Promise<void> {
  const fits = staffId === managerId ? 'circle' : await managerFits(tx, org, staffId, managerId)
  if (fits === 'missing') throw new RefusalError({ code: 'people.no-such-manager', status: 422 })
  if (fits === 'circle') throw new RefusalError({ code: 'people.manager-circle', status: 422 })
}

async function changeMail(tx: Tx, member: StoredStaff, mail: string): Promise<void> {
  const done = await tx.first(sql<{ done: boolean }>`select auth.set_mail(${member.userId}, ${mail}) as done`)
  if (!done?.done) throw mailTaken()
}

async function keepAnAdministrator(tx: Tx, org: string, before: StoredStaff): Promise<void> {
  if (!before.roles.includes('administrator')) return
  if ((await administrators(tx, org)) === 0) throw new RefusalError({ code: 'people.last-administrator', status: 409 })
}

async function noteChange(tx: Tx, { org, now, by }: Doing, before: StoredStaff, change: StaffChange): Promise<void> {
  const note = (what: string, facts: Record<string, unknown>) =>
    noteAccess(
      tx,
      { org, staffId: by, what, facts: { staff: before.id, ...(by === before.id ? { self: true } : {}), ...facts } },
      now,
    )
  if (change.roles) await note('people.roles-changed', { before: before.roles, after: change.roles })
  if (change.active !== undefined && change.active !== before.active)
    await note('people.active-changed', { active: change.active })
  if (change.mail !== undefined && change.mail !== before.mail) await note('people.mail-changed', {})
}

function mailTaken(): RefusalError {
  return new RefusalError({ code: 'people.mail-taken', status: 409 })
}
