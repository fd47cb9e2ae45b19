import { RefusalError } from '../kit/pure/result.ts'
import { assertSameSite } from './doors.ts'
import { type DraftKey, heldKey, isDraftCsrf } from './draft.ts'
import type { Limits, Tries } from './limits.ts'
import { isTrackCsrf, sessionOf, type TrackSession } from './session.ts'
import type { Visit } from './visit.ts'

/** How often somebody may: callers are counted in this process only, wrong codes of a reference by all together. */
export type Counters = { readonly limits: Limits; readonly tries: Tries }

/** How much of the portal's allowance a minute one kind of request may take. */
const share = { draft: 1 / 2, upload: 1 / 2, submit: 1 / 6, track: 1 / 4 } as const

/** A form was sent from our own page, and not too often. */
export function admit(visit: Visit, counters: Counters, what: keyof typeof share): void {
  assertSameSite(visit.request, visit.app.config.publicUrl ?? '')
  const perMinute = Math.max(1, Math.ceil(visit.app.config.perMinute.portal * share[what]))
  counters.limits.count(what, visit.request.ip, perMinute, visit.now)
}

/** The draft whose own form this is; refuses a form without its token. */
export function provenDraft(visit: Visit, csrf: string): DraftKey {
  const key = heldKey(visit)
  if (!key || !isDraftCsrf(visit, key, csrf)) throw forged()
  return key
}

export function provenSession(visit: Visit, csrf: string): TrackSession {
  const session = sessionOf(visit)
  if (!session || !isTrackCsrf(visit, session, csrf)) throw forged()
  return session
}

function forged(): RefusalError {
  return new RefusalError({ code: 'request.cross-site', status: 403 })
}
