import { ok, refuse } from '../../../kit/pure/result.ts'
import { event } from '../event.ts'
import type { ComplaintState } from '../state.ts'
import type { Rule, Spoken, Written } from './facts.ts'

const standing = ({ points }: Pick<ComplaintState, 'points'>) => points.filter((p) => !p.gone)

const pointOf = (state: ComplaintState, pointId: string) => standing(state).find((p) => p.id === pointId)

export type EditPoint = { readonly pointId: string; readonly words: Written }

/** A point in better words. What it said before stays proven where it was. What was answered, was answered to its words. */
export const editPoint: Rule<EditPoint> = {
  permission: 'complaint.assess',
  blocked: (state) => (standing(state).length === 0 ? { code: 'complaints.unknown-point' } : undefined),
  decide: (state, { pointId, words }) => {
    const point = pointOf(state, pointId)
    if (!point) return refuse('complaints.unknown-point', { pointId })
    if (point.finding && state.respondedAt !== null) return refuse('complaints.point-decided', { point: point.no }, 409)
    return ok([event('point_edited', { pointId, no: point.no, words })])
  },
}

export type RemovePoint = { readonly pointId: string; readonly reason: Spoken }

/** A point that is none: said twice, or not complained of. It stays in history; one that was judged stays, and the last. */
export const removePoint: Rule<RemovePoint> = {
  permission: 'complaint.assess',
  blocked: (state) => {
    if (standing(state).length <= 1) return { code: 'complaints.last-point' }
    return standing(state).every((p) => p.finding) ? { code: 'complaints.point-decided' } : undefined
  },
  decide: (state, { pointId, reason }) => {
    const point = pointOf(state, pointId)
    if (!point) return refuse('complaints.unknown-point', { pointId })
    if (point.finding) return refuse('complaints.point-decided', { point: point.no }, 409)
    return ok([event('point_removed', { pointId, no: point.no, reason }, { points: [{ ...point, gone: true }] })])
  },
}
