import { routeFor } from '../routing/index.ts'
import type { Context } from './act.ts'
import type { StoredEvent } from './chain.ts'
import type { Reroute } from './domain/decide/handling.ts'
import type { ComplaintState } from './domain/state.ts'

type About = { readonly typeCode?: string | null | undefined; readonly placeId?: string | null | undefined }

/** Where the table leads once it is about this; undefined where that is as before, null where it leads nowhere else. */
export async function rerouteOf(ctx: Context, state: ComplaintState, about: About): Promise<Reroute | undefined> {
  const { typeCode = state.typeCode, placeId = state.placeId } = about
  if (typeCode === state.typeCode && placeId === state.placeId) return undefined
  const route = await routeFor(ctx.tx, ctx.actor.org.id, { placeId, typeCode })
  const lineId = route?.why.lineId ?? null
  return route && lineId !== null && route.teamId !== state.teamId ? { teamId: route.teamId, lineId } : null
}

/** What is still offered: said last, and nobody has given it a team or an owner since. */
export function rerouteOffered(state: ComplaintState, events: readonly StoredEvent[]): Reroute {
  const said = events.findLast((e) => e.payload.facts.reroute !== undefined)
  const reroute = said?.payload.facts.reroute as Reroute | undefined
  const since = (events.findLast(isGiving)?.seq ?? 0) > (said?.seq ?? 0)
  return reroute && state.open && !since && reroute.teamId !== state.teamId ? reroute : null
}

const isGiving = ({ payload: { changes } }: StoredEvent) =>
  changes.set?.teamId !== undefined || changes.set?.ownerId !== undefined
