import type { z } from 'zod'
import { RefusalError } from '../kit/pure/result.ts'
import type { Services } from '../kit/services.ts'
import { act, type Context, lockVisible, type Outcome } from './act.ts'
import type { StoredEvent } from './chain.ts'
import { addHelper, assign, link } from './commands.ts'
import { assertCode } from './commands/shared.ts'
import type { bulkAction } from './contract/bulk.ts'
import { type Last, undoMs } from './domain/decide/triage.ts'
import { fold } from './domain/state.ts'
import { rerouteOf } from './reroute.ts'
import { loadEvents, lockComplaint } from './store.ts'

type Verb = (app: Services, ctx: Context, id: string, version: number) => Promise<Outcome>
type Given = z.infer<typeof bulkAction>

/** What an action does to one complaint: the same commands as one by one, so that the same is allowed and refused. */
export function bulkVerb(given: Given): Verb {
  if (given.name === 'assign') {
    const { ownerId, teamId } = given
    return (app, ctx, id, version) => assign(app, ctx, id, { version, ownerId, teamId, reason: '' })
  }
  if (given.name === 'helper') {
    const { staffId, kind } = given
    return (app, ctx, id, version) => addHelper(app, ctx, id, { version, staffId, kind })
  }
  if (given.name === 'link') {
    const { otherId, kind } = given
    return (app, ctx, id, version) => link(app, ctx, id, { version, otherId, kind })
  }
  if (given.name === 'classify') return classifying(given.typeCode)
  if (given.name === 'assess') return judging(given.impact, given.likelihood)
  if (given.name === 'note') return noting(given.text)
  return undoing
}

function classifying(typeCode: string | null): Verb {
  return (app, ctx, id, version) =>
    act(app, ctx, { id, version, name: 'classify' }, async ({ state }) => {
      if (typeCode !== null) await assertCode(ctx, 'issue', typeCode)
      return { typeCode, reroute: await rerouteOf(ctx, state, { typeCode }) }
    })
}

/** Severity alone: flags and everything else stay as they are. */
function judging(impact: number, likelihood: number): Verb {
  return (app, ctx, id, version) =>
    act(app, ctx, { id, version, name: 'assess' }, ({ state }) => ({ impact, likelihood, flags: state.flags }))
}

function noting(text: string): Verb {
  return (app, ctx, id, version) =>
    act(app, ctx, { id, version, name: 'note' }, ({ say }) => ({
      spoken: say({ text, direction: 'note', visibility: 'internal', channel: 'note' }),
    }))
}

/** What I gave away a moment ago I may take back, though I do not see it any more. */
const undoing: Verb = async (app, ctx, id, version) => {
  const org = ctx.actor.org.id
  const events = byPeople(await loadEvents(ctx.tx, org, id))
  const mine = events.at(-1)?.actor.id === ctx.actor.staffId && ctx.actor.staffId !== undefined
  const recent = ctx.now - (events.at(-1)?.at ?? 0) <= undoMs
  const loaded = mine && recent ? await lockComplaint(ctx.tx, org, id) : await lockVisible(ctx, id)
  if (!loaded) throw new RefusalError({ code: 'complaints.not-found', status: 404 })
  return act(app, ctx, { id, version, name: 'undo', loaded }, async () => ({
    last: lastOf(id, byPeople(await loadEvents(ctx.tx, org, id))),
  }))
}

/** Whom a queue gave it to follows from what was done before, and goes back with it. */
function byPeople(events: readonly StoredEvent[]): readonly StoredEvent[] {
  const at = events.findLastIndex((e) => e.type !== 'routed')
  return events.slice(0, at + 1)
}

/** The last event that nobody took back: undoing twice takes back the two last things. */
function lastOf(id: string, events: readonly StoredEvent[]): Last {
  let undone = 0
  const at = events.findLastIndex((e) => {
    if (e.type === 'undone') undone += 1
    else if (undone === 0) return true
    else undone -= 1
    return false
  })
  const last = events[at]
  if (!last) throw new RefusalError({ code: 'complaints.not-found', status: 404 })
  const earlier = events.slice(0, at)
  const why = (name: string) =>
    earlier.findLast((e) => e.payload.facts[name] !== undefined)?.payload.facts[name] ?? null
  return {
    type: last.type,
    at: last.at,
    actor: last.actor,
    facts: last.payload.facts,
    before: fold(id, earlier),
    why: { severityWhy: why('severityWhy'), assignedWhy: why('assignedWhy') },
  }
}
