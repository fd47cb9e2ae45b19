import type { ComplaintClock, ComplaintState } from '../state.ts'
import { isAfterEnd, workflowOf } from '../workflow.ts'
import type { Told } from './own-clocks.ts'

/** A clock somebody still waits for, in time or not. */
export const running = (c: ComplaintClock) => c.settledAt === null && (c.state === 'running' || c.state === 'breached')

const outside = new Set(['statutory', 'authority'])

/** Over, whether or not somebody wrote to it since. */
export const hasEnded = ({ open, state, workflow }: Pick<ComplaintState, 'open' | 'state' | 'workflow'>): boolean =>
  !open || isAfterEnd(workflowOf(workflow), state)

/** What merging ends: what ran is over here, what was breached stays so; the survivor owes it from now on. */
export function handedOver({ clocks }: Pick<ComplaintState, 'clocks'>, at: number): ComplaintClock[] {
  return clocks.filter(running).map((c): ComplaintClock => {
    if (c.state === 'breached') return { ...c, settledAt: at }
    const over = c.dueAt !== null && c.dueAt < at
    return over
      ? { ...c, state: 'breached', breachedAt: c.dueAt, settledAt: at }
      : { ...c, state: 'cancelled', settledAt: at }
  })
}

/** Clocks of the law and of authorities that nothing has met yet. */
export const owedOutside = ({ clocks }: Pick<ComplaintState, 'clocks'>): ComplaintClock[] =>
  clocks.filter((c) => outside.has(c.kind) && running(c))

/** Whether somebody still waits for an answer to it, as it stands or as it stood before it was merged. */
export function owed(state: ComplaintState): boolean {
  const clocks = [...state.clocks, ...asBeforeMerge(state)]
  return state.respondedAt === null || owedOutside({ clocks }).length > 0 || clocks.some(isStage)
}

const isStage = (c: ComplaintClock) => c.kind === 'stage' && running(c)

/** The clocks that merging ended, as they were: running, or over and still owed. */
export function asBeforeMerge({ clocks, closedAt }: ComplaintState): ComplaintClock[] {
  return clocks.flatMap((c): ComplaintClock[] => {
    if (c.settledAt === null || c.settledAt !== closedAt) return []
    if (c.state === 'cancelled') return [{ ...c, state: 'running', settledAt: null }]
    return c.state === 'breached' ? [{ ...c, settledAt: null }] : []
  })
}

/** A point of the merged one, proven again as a point of the survivor: `of` is the point it was. */
export type BroughtPoint = { readonly id: string; readonly hash: string; readonly of: string }

export type Release = {
  /** The complaint that stands on its own again. */
  readonly from: string
  /** The survivor's history, oldest first. */
  readonly events: readonly Told[]
  /** Those that stay merged into it, as they are now. */
  readonly others: readonly ComplaintState[]
}
