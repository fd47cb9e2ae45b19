import { RefusalError, valueOf } from '../kit/pure/result.ts'
import { formatReference, makeReference } from '../kit/pure/base32.ts'
import { hmac, safeEqual, subkey } from '../kit/secrets.ts'
import { staffActor } from './actor.ts'
import { goodPassword } from './domain/password-rule.ts'
import { createOrganisation, isEmpty, type NewOrganisation } from './organisation.ts'
import { hashPassword } from './password.ts'
import type { People } from './people.ts'
import { staffByUser } from './session-store.ts'
import { beginSession, type From, type SignedIn } from './sign-in.ts'
import { createStaff } from './staff.ts'
import { placeKey } from './tries.ts'

export type Setup = {
  readonly token: string
  readonly organisation: NewOrganisation
  readonly name: string
  readonly mail: string
  readonly password: string
  readonly alsoTeamLead: boolean
}

/**
 * What the first administrator must know to set up: printed at start while there is no organisation. Made from the
 * master secret, so that every process and the command line say the same one; worth nothing once there is an organisation.
 */
export function setupToken(master: Buffer): string {
  return tokenFrom(subkey(master, 'setup-token'))
}

export async function setupNeeded(people: People): Promise<boolean> {
  return isEmpty(people.db)
}

/**
 * Creates the first organisation, its default team and its administrator, who is then signed in.
 * Refuses: people.already-set-up (409), people.wrong-setup-token (403), people.weak-password.
 */
export async function setUp(people: People, given: Setup, from: From, now: number): Promise<SignedIn> {
  if (!(await isEmpty(people.db))) throw alreadySetUp()
  await people.tries.begin([placeKey(from.ip, people.triesPerPlace)], now)
  if (!safeEqual(plain(given.token), plain(tokenFrom(people.setupKey))))
    throw new RefusalError({ code: 'people.wrong-setup-token', status: 403 })
  const passwordHash = await hashPassword(valueOf(goodPassword(given.password, given.mail)))
  const roles = ['administrator', ...(given.alsoTeamLead ? ['team_lead', 'intake_operator'] : [])]
  const { userId } = await createOrganisation(people.db, now, given.organisation, async (tx, { orgId, teamId, no }) => {
    if (no !== 1) throw alreadySetUp()
    await people.onOrganisationCreated(tx, orgId, now)
    return createStaff(
      tx,
      { org: orgId, now },
      { name: given.name, mail: given.mail, passwordHash, roles, teamIds: given.alsoTeamLead ? [teamId] : [] },
    )
  })
  const row = (await staffByUser(people.db, userId))[0]
  if (!row) throw new Error('the administrator just made is missing')
  return beginSession(people, userId, staffActor(row), from, now)
}

function tokenFrom(key: Buffer): string {
  const first = hmac(key, 'first administrator')
  return [first.subarray(0, 9), first.subarray(9, 18)].map((bytes) => formatReference(makeReference(bytes))).join('-')
}

function plain(token: string): string {
  return token.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase()
}

function alreadySetUp(): RefusalError {
  return new RefusalError({ code: 'people.already-set-up', status: 409 })
}
