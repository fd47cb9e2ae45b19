import { ok, refuse } from '../../../kit/pure/result.ts'
import { event, type EventActor } from '../event.ts'
import type { Changes, ComplaintClock, ComplaintState, Fields } from '../state.ts'
import { given, type Rule } from './facts.ts'
import type { Reroute } from './handling.ts'
import { isSame } from './same.ts'

/** What it is about, nothing else: severity stays as it was, judged or not. */
export const classify: Rule<{ typeCode: string | null; reroute?: Reroute | undefined }> = {
  permission: 'complaint.assess',
  decide: (state, { typeCode, reroute }) =>
    ok(typeCode === state.typeCode ? [] : [event('classified', given({ typeCode, reroute }), { set: { typeCode } })]),
}

/** The last thing that happened, and how the complaint stood before it. */
export type Last = {
  readonly type: string
  readonly at: number
  readonly actor: EventActor
  readonly facts: Readonly<Record<string, unknown>>
  readonly before: ComplaintState
  /** Why it had this severity and this owner before; undefined where nobody had said. */
  readonly why: Readonly<Record<'severityWhy' | 'assignedWhy', unknown>>
}

const undoable = new Set(['assigned', 'assessed', 'classified', 'helper_added', 'linked'])
/** Longer than the screen offers it: the answer to a slow line still counts. */
export const undoMs = 60_000

/** Takes the last thing back by a compensating event, for who did it, while nothing else has happened since. */
export const undo: Rule<{ last: Last }> = {
  permission: 'complaint.assess',
  decide: (state, { last }, { now, actor }) => {
    if (actor.id === null || last.actor.kind !== actor.kind || last.actor.id !== actor.id)
      return refuse('complaints.undo-not-yours', {}, 409)
    if (!undoable.has(last.type) || 'title' in last.facts || 'orderNo' in last.facts)
      return refuse('complaints.undo-impossible', { type: last.type }, 409)
    if (now - last.at > undoMs) return refuse('complaints.undo-too-late', {}, 409)
    const why = Object.fromEntries(Object.entries(last.why).filter(([name]) => name in last.facts))
    return ok([event('undone', { undid: last.type, ...why }, backTo(last.before, state, now))])
  },
}

const lists = ['flags', 'access', 'helpers', 'links'] as const
const apart = new Set<string>(['id', 'version', 'points', 'clocks', 'subjects', 'deciders', ...lists])

/** What leads from one state back to an earlier one of the same complaint. */
function backTo(before: ComplaintState, now: ComplaintState, at: number): Changes {
  const fields = Object.entries(before).filter(
    ([name, value]) => !apart.has(name) && !isSame(value, now[name as keyof Fields]),
  )
  const changed = before.clocks.filter(
    (c) =>
      !isSame(
        c,
        now.clocks.find((n) => n.id === c.id),
      ),
  )
  const begun = now.clocks
    .filter((c) => c.settledAt === null && !before.clocks.some((b) => b.id === c.id))
    .map((c): ComplaintClock => ({ ...c, state: 'cancelled', settledAt: at }))
  const clocks = [...changed, ...begun]
  return {
    ...(fields.length > 0 ? { set: Object.fromEntries(fields) as Partial<Fields> } : {}),
    ...(clocks.length > 0 ? { clocks } : {}),
    ...Object.fromEntries(lists.filter((l) => !isSame(before[l], now[l])).map((l) => [l, before[l]])),
  }
}
