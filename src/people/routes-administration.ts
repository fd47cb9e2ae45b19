import { readAccess } from './access-log.ts'
import { addAbsence, readAbsences, removeAbsence } from './absences.ts'
import { on, onUnscoped } from '../kit/http/serve.ts'
import { valueOf } from '../kit/pure/result.ts'
import { dropTotp } from './account.ts'
import type { StaffActor } from './actor.ts'
import { confirmApiKey, createApiKey, readApiKeys, revokeApiKey, waitingApiKeys } from './api-keys.ts'
import * as api from './contract.ts'
import { readDirectory } from './directory.ts'
import type { Voucher } from './key-rule.ts'
import { goodPassword } from './domain/password-rule.ts'
import { forgetKnown } from './known-callers.ts'
import { hashPassword } from './password.ts'
import { readRoleScopes, writeRoleScopes } from './role-scopes.ts'
import type { PeopleBinding } from './people.ts'
import { changeStaff, createStaff, oneStaff, randomPassword, storePassword } from './staff.ts'
import { leavingOf, readStaff } from './staff-store.ts'
import { changeTeam, createTeam, readTeams } from './teams.ts'

/** Staff, teams, API keys and role scopes. */
export function administrationRoutes(binding: PeopleBinding): void {
  staffRoutes(binding)
  teamRoutes(binding)
  keyRoutes(binding)
  on(binding, api.listAccess, 'access.read').answer(({ tx, actor, query }) => readAccess(tx, actor, query))
  on(binding, api.getRoleScopes, 'settings.read').answer(async ({ tx, actor }) => ({
    scopes: await readRoleScopes(tx, actor.org.id),
  }))
  on(binding, api.putRoleScopes, 'settings.write').answer(async ({ tx, actor, body, afterCommit }) => {
    afterCommit(() => forgetKnown(binding.db))
    return { scopes: await writeRoleScopes(tx, actor.org.id, body.scopes) }
  })
}

function staffRoutes(binding: PeopleBinding): void {
  const forget = () => forgetKnown(binding.db)
  on(binding, api.listStaff, 'staff.manage').answer(async ({ tx, actor }) => ({
    staff: await readStaff(tx, actor.org.id),
  }))
  // Unscoped, like all that answer a secret: it must not lie in the idempotency table.
  onUnscoped(binding, api.addStaff, 'staff.manage').answer(async ({ actor, body, now }) => {
    const { hash, shown } = await firstPassword(body.password, body.mail)
    return binding.db.withScope(actor.scope, async (tx) => {
      const doing = { org: actor.org.id, now, by: actor.staffId }
      const { staffId } = await createStaff(tx, doing, { ...body, password: undefined, passwordHash: hash })
      return { member: await oneStaff(tx, actor.org.id, staffId), initialPassword: shown }
    })
  })
  on(binding, api.changeStaff, 'staff.manage').answer(({ tx, actor, params, body, now, afterCommit }) => {
    afterCommit(forget)
    return changeStaff(tx, { org: actor.org.id, now, by: actor.staffId }, params.id, body)
  })
  on(binding, api.getLeaving, 'staff.manage').answer(async ({ tx, actor, params }) => {
    await oneStaff(tx, actor.org.id, params.id)
    return leavingOf(tx, actor.org.id, params.id)
  })
  onUnscoped(binding, api.resetPassword, 'staff.manage').answer(async ({ actor, params, body, now }) => {
    const doing = { org: actor.org.id, now, by: actor.staffId }
    const { mail } = await binding.db.withScope(actor.scope, (tx) => oneStaff(tx, actor.org.id, params.id), 'read')
    const { hash, shown } = await firstPassword(body.password, mail)
    await binding.db.withScope(actor.scope, async (tx) => {
      const { userId } = await storePassword(tx, doing, params.id, hash)
      if (body.removeTotp && userId) await dropTotp(tx, doing, userId, params.id)
    })
    forget()
    return { initialPassword: shown }
  })
  on(binding, api.listAbsences, 'catalogue.read').answer(async ({ tx, actor, now }) => ({
    absences: await readAbsences(tx, actor.org.id, now),
  }))
  on(binding, api.addAbsence, 'absence.manage').answer(({ tx, actor, params, body, now }) =>
    addAbsence(tx, { org: actor.org.id, now, by: actor.staffId }, { ...body, staffId: params.id }),
  )
  on(binding, api.removeAbsence, 'absence.manage').answer(async ({ tx, actor, params, now }) => {
    await removeAbsence(tx, { org: actor.org.id, now, by: actor.staffId }, params.id)
    return {}
  })
  on(binding, api.staffDirectory, 'catalogue.read').answer(({ tx, actor }) => readDirectory(tx, actor.org.id))
}

function teamRoutes(binding: PeopleBinding): void {
  on(binding, api.listTeams, 'catalogue.read').answer(async ({ tx, actor }) => ({
    teams: await readTeams(tx, actor.org.id),
  }))
  on(binding, api.addTeam, 'staff.manage').answer(({ tx, actor, body, now }) =>
    createTeam(tx, { org: actor.org.id, now }, body),
  )
  on(binding, api.changeTeam, 'staff.manage').answer(({ tx, actor, params, body, now }) =>
    changeTeam(tx, { org: actor.org.id, now }, params.id, body),
  )
}

function keyRoutes(binding: PeopleBinding): void {
  on(binding, api.listApiKeys, 'key.manage').answer(async ({ tx, actor }) => ({
    keys: await readApiKeys(tx, actor.org.id),
  }))
  onUnscoped(binding, api.addApiKey, 'key.manage').answer(({ actor, body, now }) =>
    binding.db.withScope(actor.scope, (tx) =>
      createApiKey(tx, { org: actor.org.id, now, by: actor.staffId }, { ...body, maker: voucherOf(actor) }),
    ),
  )
  on(binding, api.waitingKeys, 'key.confirm').answer(async ({ tx, actor }) => ({
    keys: await waitingApiKeys(tx, actor.org.id, voucherOf(actor)),
  }))
  on(binding, api.confirmApiKey, 'key.confirm').answer(({ tx, actor, params, now }) =>
    confirmApiKey(tx, { org: actor.org.id, now, by: actor.staffId }, voucherOf(actor), params.id),
  )
  on(binding, api.revokeApiKey, 'key.manage').answer(async ({ tx, actor, params, now, afterCommit }) => {
    afterCommit(() => forgetKnown(binding.db))
    await revokeApiKey(tx, { org: actor.org.id, now, by: actor.staffId }, params.id)
    return {}
  })
}

const voucherOf = ({ permissions, scope }: StaffActor): Voucher => ({ permissions, scope: scope.scope ?? 'none' })

/** The password given, or one made to be shown once; hashed before a transaction is open. */
async function firstPassword(given: string | undefined, mail: string): Promise<{ hash: string; shown: string | null }> {
  const shown = given === undefined ? randomPassword() : null
  return { hash: await hashPassword(shown ?? valueOf(goodPassword(given ?? '', mail))), shown }
}
