import { z } from 'zod'
import { counted, filters } from '../complaints/contract.ts'
import { endpoint } from '../kit/contract/endpoint.ts'
import { id, line } from '../kit/contract/shapes.ts'

/** A filter as it is kept: what was not said is not in it, so that a default of tomorrow is not fixed today. */
export const savedFilter = filters
  .extend({ sort: z.enum(['next', 'received']) })
  .partial()
  .extend({ view: filters.shape.view.unwrap().optional(), open: filters.shape.open.unwrap().optional() })
export type SavedFilter = z.infer<typeof savedFilter>

const viewName = line(80).min(1)

export const savedView = z.object({
  id,
  name: z.string(),
  shared: z.boolean(),
  /** Whose it is; of shared ones whoever made it. */
  mine: z.boolean(),
  /** Whether the reader may rename, change, move and remove it. */
  mayChange: z.boolean(),
  filter: savedFilter,
  position: z.number().int(),
})
export type SavedView = z.infer<typeof savedView>

const byId = z.object({ id })

export const listViews = endpoint({
  id: 'views.list',
  method: 'GET',
  path: '/api/v1/views',
  summary: 'Your saved views and the shared ones, in their order',
  reply: z.object({ items: z.array(savedView) }),
})

export const countViews = endpoint({
  id: 'views.counts',
  method: 'GET',
  path: '/api/v1/views/counts',
  summary: 'What your saved views find: exact and at most two seconds old for open work, up to 1,000 with ended ones',
  reply: z.object({ items: z.array(counted.extend({ id })) }),
})

export const addView = endpoint({
  id: 'views.add',
  method: 'POST',
  path: '/api/v1/views',
  summary: 'Keep a filter under a name, for yourself or for everybody',
  body: z.object({ name: viewName, filter: savedFilter, shared: z.boolean().default(false) }),
  reply: savedView,
  status: 201,
  refusals: ['views.too-many', 'people.not-allowed', 'intake.unknown-reference'],
})

export const changeView = endpoint({
  id: 'views.change',
  method: 'PATCH',
  path: '/api/v1/views/:id',
  summary: 'Rename a saved view, give it another filter, share it, or move it to a place among its like (0 is first)',
  params: byId,
  body: z
    .object({ name: viewName, filter: savedFilter, shared: z.boolean(), position: z.int32().min(0).max(200) })
    .partial(),
  reply: savedView,
  refusals: ['views.not-found', 'people.not-allowed'],
})

export const removeView = endpoint({
  id: 'views.remove',
  method: 'DELETE',
  path: '/api/v1/views/:id',
  summary: 'Remove a saved view; it can be taken back',
  params: byId,
  reply: z.object({}),
  refusals: ['views.not-found', 'people.not-allowed'],
})

export const restoreView = endpoint({
  id: 'views.restore',
  method: 'POST',
  path: '/api/v1/views/:id/restoration',
  summary: 'Take a removal back',
  params: byId,
  reply: savedView,
  refusals: ['views.not-found', 'people.not-allowed', 'views.too-many'],
})
