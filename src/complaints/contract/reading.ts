import { z } from 'zod'
import { endpoint } from '../../kit/contract/endpoint.ts'
import { cursor, id, instant, pageSize } from '../../kit/contract/shapes.ts'
import { severity } from './values.ts'
import { figureFilters } from './figures.ts'
import { complaintRow, timelineItem, complaintPage } from './page.ts'
import { byId } from './command.ts'

export const filters = z.object({
  view: z.enum(['mine', 'team', 'unassigned', 'review', 'all']).default('all'),
  open: z.enum(['true', 'false', 'any']).default('true'),
  state: z.string().max(40).optional(),
  teamId: id.optional(),
  ownerId: id.optional(),
  placeId: id.optional(),
  productId: id.optional(),
  customerId: id.optional(),
  type: z.string().max(40).optional(),
  severity: severity.or(z.literal('unassessed')).optional(),
  channel: z.string().max(40).optional(),
  flag: z.string().max(40).optional(),
  due: z.enum(['overdue', 'soon']).optional(),
  ...figureFilters,
})

export const listComplaints = endpoint({
  id: 'complaints.list',
  method: 'GET',
  path: '/api/v1/complaints',
  summary: 'Complaints you may see, nearest clock first or newest first, by keyset',
  query: filters.extend({ sort: z.enum(['next', 'received']).default('next'), cursor, limit: pageSize }),
  reply: z.object({ items: z.array(complaintRow), next: z.string().nullable() }),
  refusals: ['request.bad-cursor'],
})

export const countComplaints = endpoint({
  id: 'complaints.counts',
  method: 'GET',
  path: '/api/v1/complaints/counts',
  summary: 'Open complaints per view, exact and at most two seconds old',
  reply: z.object({
    mine: z.number().int(),
    team: z.number().int(),
    unassigned: z.number().int(),
    /** Waiting for the stage-2 answer. */
    review: z.number().int(),
    all: z.number().int(),
    overdue: z.number().int(),
    soon: z.number().int(),
    asOf: instant,
  }),
})

export const openComplaint = endpoint({
  id: 'complaints.open',
  method: 'GET',
  path: '/api/v1/complaints/:id',
  summary: 'One complaint with its points, clocks, timeline, customer and what may be done next',
  params: byId,
  reply: complaintPage,
  refusals: ['complaints.not-found'],
})

export const readTimeline = endpoint({
  id: 'complaints.timeline',
  method: 'GET',
  path: '/api/v1/complaints/:id/timeline',
  summary: 'Earlier parts of the timeline',
  params: byId,
  query: z.object({
    before: z.string().max(400).optional(),
    kind: z.enum(['messages', 'calls', 'notes', 'events']).optional(),
  }),
  reply: z.object({ items: z.array(timelineItem), before: z.string().nullable() }),
  refusals: ['complaints.not-found', 'request.bad-cursor'],
})

export const verifyComplaint = endpoint({
  id: 'complaints.verify',
  method: 'GET',
  path: '/api/v1/complaints/:id/verification',
  summary: 'Check the hash chain and the fold of this complaint',
  params: byId,
  reply: z.object({
    ok: z.boolean(),
    events: z.number().int(),
    head: z.string(),
    problems: z.array(z.object({ code: z.string(), seq: z.number().int().nullable() })),
  }),
})
