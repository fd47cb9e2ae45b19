import type { FastifyReply, FastifyRequest } from 'fastify'
import { on, onUnscoped } from '../kit/http/serve.ts'
import { addAbsence, removeAbsence } from './absences.ts'
import { changePassword, confirmTotp, disableTotp, enrolTotp } from './account.ts'
import * as api from './contract.ts'
import { assertSameSite } from './cross-site.ts'
import { forgetKnown } from './known-callers.ts'
import { accountOf, changeMe, readMe } from './me.ts'
import { openPeople, type People, type PeopleBinding, type PeopleConfig } from './people.ts'
import { administrationRoutes } from './routes-administration.ts'
import { closeSession, closeSessionByToken, closeSessions, sessionsOf } from './session-store.ts'
import { setUp, setupNeeded } from './setup.ts'
import { type From, signIn, type SignedIn, signInTotp } from './sign-in.ts'
import { sessionToken, sessionSetCookie, tokenHash } from './tokens.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { deviceOf } from './domain/device.ts'
import { deviceOfCookies, deviceSetCookie } from './known-devices.ts'

/** Binds the routes of sign-in, one's own account, and the administration of people. */
export function peopleRoutes(binding: PeopleBinding, config: Omit<PeopleConfig, 'db'>): void {
  const people = openPeople({ ...config, db: binding.db })
  signInRoutes(binding, people)
  accountRoutes(binding, people)
  sessionRoutes(binding)
  administrationRoutes(binding)
}

function signInRoutes(binding: PeopleBinding, people: People): void {
  const { publicUrl } = people
  const from = (request: FastifyRequest): From => {
    assertSameSite(request, publicUrl, true)
    return {
      ip: request.ip,
      userAgent: request.headers['user-agent'] ?? '',
      token: sessionToken(request.headers.cookie),
      device: deviceOfCookies(request.headers.cookie),
    }
  }
  const welcome = (reply: FastifyReply, { token, device, ...rest }: SignedIn) => {
    reply.header('set-cookie', [sessionSetCookie(token, publicUrl), deviceSetCookie(device, publicUrl)])
    return rest
  }
  onUnscoped(binding, api.signIn, 'public').answer(async ({ body, request, reply, now }) => {
    const outcome = await signIn(people, body, from(request), now)
    return outcome.step === 'done' ? welcome(reply, outcome) : outcome
  })
  onUnscoped(binding, api.signInTotp, 'public').answer(async ({ body, request, reply, now }) =>
    welcome(reply, await signInTotp(people, body, from(request), now)),
  )
  // Public, because signing out of a session that is over should do no harm.
  onUnscoped(binding, api.signOut, 'public').answer(async ({ request, reply }) => {
    const token = sessionToken(request.headers.cookie)
    if (token) assertSameSite(request, publicUrl)
    if (token) await closeSessionByToken(binding.db, tokenHash(token))
    forgetKnown(binding.db)
    reply.header('set-cookie', sessionSetCookie(undefined, publicUrl))
    return {}
  })
  onUnscoped(binding, api.getSetup, 'public').answer(async () => ({ needed: await setupNeeded(people) }))
  onUnscoped(binding, api.postSetup, 'public').answer(async ({ body, request, reply, now }) =>
    welcome(reply, await setUp(people, body, from(request), now)),
  )
}

function accountRoutes(binding: PeopleBinding, people: People): void {
  on(binding, api.getMe, 'self').answer(({ tx, actor }) => readMe(tx, actor))
  on(binding, api.patchMe, 'self').answer(({ tx, actor, body, afterCommit }) => {
    afterCommit(() => forgetKnown(binding.db))
    return changeMe(tx, actor, body)
  })
  on(binding, api.addMyAbsence, 'self').answer(({ tx, actor, body, now }) =>
    addAbsence(tx, { org: actor.org.id, now, by: actor.staffId }, { ...body, staffId: actor.staffId ?? '' }),
  )
  on(binding, api.removeMyAbsence, 'self').answer(async ({ tx, actor, params, now }) => {
    await removeAbsence(tx, { org: actor.org.id, now, by: actor.staffId }, params.id, actor.staffId)
    return {}
  })
  onUnscoped(binding, api.changePassword, 'self').answer(async ({ actor, body, now }) => {
    await changePassword(people, actor, body, now)
    forgetKnown(binding.db)
    return {}
  })
  onUnscoped(binding, api.enrolTotp, 'self').answer(({ actor, body, now }) =>
    enrolTotp(people, actor, body.password, now),
  )
  onUnscoped(binding, api.confirmTotp, 'self').answer(({ actor, body, now }) =>
    confirmTotp(people, actor, body.code, now),
  )
  onUnscoped(binding, api.disableTotp, 'self').answer(async ({ actor, body, now }) => {
    await disableTotp(people, actor, body.password, now)
    return {}
  })
}

function sessionRoutes(binding: PeopleBinding): void {
  const forget = () => forgetKnown(binding.db)
  on(binding, api.mySessions, 'self').answer(async ({ tx, actor, now }) => {
    const { userId } = await accountOf(tx, actor)
    const rows = await sessionsOf(tx, userId, now)
    const sessions = rows.map((row) => ({
      id: row.id,
      device: deviceOf(row.user_agent),
      createdAt: new Date(row.created_at).toISOString(),
      lastUsedAt: new Date(row.last_used_at).toISOString(),
      expiresAt: new Date(row.expires_at).toISOString(),
      current: row.id === actor.sessionId,
    }))
    return { sessions }
  })
  on(binding, api.endSession, 'self').answer(async ({ tx, actor, params, afterCommit }) => {
    const { userId } = await accountOf(tx, actor)
    if (!(await closeSession(tx, userId, params.id)))
      throw new RefusalError({ code: 'people.no-such-session', status: 404 })
    afterCommit(forget)
    return {}
  })
  on(binding, api.endSessions, 'self').answer(async ({ tx, actor, query, afterCommit }) => {
    const { userId } = await accountOf(tx, actor)
    afterCommit(forget)
    return { ended: await closeSessions(tx, userId, query.keep === 'current' ? actor.sessionId : undefined) }
  })
}
