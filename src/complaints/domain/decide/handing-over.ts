import { handOver as handOverPolicy, settle, startClock } from '../../../clocks/domain/index.ts'
import { ok, refuse } from '../../../kit/pure/result.ts'
import { event, type NewEvent } from '../event.ts'
import type { ComplaintClock, ComplaintState } from '../state.ts'
import { type Facts, given, inviting, moving, type Rule, type Spoken } from './facts.ts'
import { running } from './merging.ts'

type Cause = Extract<ComplaintClock['cause'], { rule: 'handed_over' }>
export type Handover = { readonly clock: ComplaintClock; readonly cause: Cause }

/** The hand-over nobody has taken yet. */
export function pendingHandover({ clocks }: Pick<ComplaintState, 'clocks'>): Handover | undefined {
  const clock = clocks.find((c) => c.kind === 'handover' && running(c))
  return clock?.cause.rule === 'handed_over' ? { clock, cause: clock.cause } : undefined
}

export type HandOver = {
  /** The person, with everyone they report to; null: whoever of the team takes it. */
  readonly to: { readonly id: string; readonly chain: readonly string[] } | null
  readonly teamId: string
  /** What the next person has to know. */
  readonly summary: Spoken
}

/**
 * 首問負責: whoever has it stays answerable until somebody takes it (domain.md §9). One that nobody owned is owned by whoever
 * hands it over. A team sees it at once; a person is asked to contribute, which lets them open it.
 */
export const handOver: Rule<HandOver> = {
  permission: 'complaint.assign',
  transition: 'hand_over',
  decide: (state, { to, teamId, summary }, facts) => {
    const { actor, now, newId, calendars } = facts
    if (to && state.subjects.some((s) => to.chain.includes(s)))
      return refuse('complaints.owner-is-subject', { staffId: to.id })
    if (to && to.id === state.ownerId) return refuse('complaints.already-theirs', { staffId: to.id })
    const toStaff = to?.id ?? null
    const before = pendingHandover(state)
    const cause: Cause = {
      rule: 'handed_over',
      from: actor.id,
      toStaff,
      toTeam: teamId,
      fromTeam: before?.cause.fromTeam ?? state.teamId,
      summaryId: summary.messageId,
    }
    const clock: ComplaintClock = {
      ...startClock(handOverPolicy, { startedAt: now, policy: handOverPolicy, cause, calendars }),
      id: newId(),
      cycle: 1 + state.clocks.filter((c) => c.kind === 'handover').length,
      ownerId: toStaff,
    }
    return ok([
      event('handed_over', given({ toStaff: toStaff ?? undefined, teamId, ...summary }), {
        set: {
          ...(state.ownerId === null && actor.id !== null ? { ...moving(state, 'assign'), ownerId: actor.id } : {}),
          ...(to ? {} : { teamId }),
        },
        clocks: [...(before ? [ended(before.clock, now)] : []), clock],
        ...(to ? inviting(state, to.id) : {}),
      }),
    ])
  },
}

const taking = (state: ComplaintState, { actor, teams }: Facts) => {
  const handover = pendingHandover(state)
  if (!handover) return { code: 'complaints.no-handover' }
  const { toStaff, toTeam } = handover.cause
  const mine = toStaff === null ? (teams?.includes(toTeam) ?? true) : toStaff === actor.id
  return mine ? undefined : { code: 'complaints.handover-not-yours', facts: { staffId: toStaff, teamId: toTeam } }
}

/** Taken: from here on they answer for it. `late` says whether it waited longer than it should. */
export const acceptHandover: Rule<object> = {
  permission: 'complaint.handle',
  transition: 'accept_handover',
  blocked: taking,
  decide: (state, _command, { actor, now }) => {
    const handover = pendingHandover(state)
    if (!handover) return refuse('complaints.no-handover', {}, 409)
    const { clock, cause } = handover
    const taken: ComplaintClock = { ...clock, ...settle(clock, now) }
    const late = taken.state === 'breached'
    return ok([
      event(
        'handover_accepted',
        { from: cause.from, late, assignedWhy: { rule: 'handed_over', by: cause.from } },
        {
          set: { ...moving(state, 'assign'), ownerId: actor.id, teamId: cause.toTeam },
          clocks: [taken],
          helpers: state.helpers.filter((h) => h.staffId !== actor.id),
        },
      ),
    ])
  },
}

/** Not taken: it goes back to whoever handed it over, with the reason. They may take it back themselves. */
export const returnHandover: Rule<{ readonly reason: Spoken }> = {
  permission: 'complaint.assign',
  transition: 'return_handover',
  blocked: (state, facts) => {
    const { cause } = pendingHandover(state) ?? {}
    return cause && cause.from === facts.actor.id ? undefined : taking(state, facts)
  },
  decide: (state, { reason }, { now }) => {
    const handover = pendingHandover(state)
    if (!handover) return refuse('complaints.no-handover', {}, 409)
    const { clock, cause } = handover
    const returned = event('handover_returned', given({ from: cause.from, reason }), {
      set: { teamId: cause.fromTeam },
      clocks: [ended(clock, now)],
    })
    return ok([returned])
  },
}

/** Not waited for any more; what was too late stays so. */
function ended(clock: ComplaintClock, now: number): ComplaintClock {
  const over = clock.dueAt !== null && clock.dueAt < now
  return over ? { ...clock, ...settle(clock, now) } : { ...clock, state: 'cancelled', settledAt: now }
}

/** Given to somebody otherwise, it is no longer handed over. */
export function endingHandover<C>(rule: Rule<C>): Rule<C> {
  return {
    ...rule,
    decide: (state, command, facts) => {
      const done = rule.decide(state, command, facts)
      const pending = pendingHandover(state)
      return done.ok && pending
        ? ok(done.value.map((e, i) => (i === 0 ? adding(e, ended(pending.clock, facts.now)) : e)))
        : done
    },
  }
}

function adding(e: NewEvent, clock: ComplaintClock): NewEvent {
  const { changes } = e.payload
  return { ...e, payload: { ...e.payload, changes: { ...changes, clocks: [...(changes.clocks ?? []), clock] } } }
}
