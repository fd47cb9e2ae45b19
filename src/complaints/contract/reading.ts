import { z } from 'zod'
import { endpoint } from '../../kit/contract/endpoint.ts'
import { cursor, id, instant, pageSize } from '../../kit/contract/shapes.ts'
import { mode, severity } from './values.ts'
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
  mode: mode.optional(),
  restricted: z.enum(['true', 'false']).optional(),
  waitingFor: z.enum(['customer', 'internal', 'third_party']).optional(),
  /** Of the place it is about. */
  jurisdiction: z.string().max(40).optional(),
  /** Days in the reader's zone, both included. */
  receivedFrom: z.iso.date().optional(),
  receivedTo: z.iso.date().optional(),
  outcome: z.string().max(40).optional(),
  remedy: z.string().max(40).optional(),
  /** Brought in by this import. */
  importId: id.optional(),
})

export const listComplaints = endpoint({
  id: 'complaints.list',
  method: 'GET',
  path: '/api/v1/complaints',
  summary: 'Complaints you may see, by keyset: nearest clock first (open ones only) or newest first',
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
    waitingCustomer: z.number().int(),
    waitingInternal: z.number().int(),
    waitingThirdParty: z.number().int(),
    asOf: instant,
  }),
})

/** A number of complaints; `exact` is false where there are at least so many. */
export const counted = z.object({ count: z.number().int(), exact: z.boolean() })

export const countFiltered = endpoint({
  id: 'complaints.count',
  method: 'GET',
  path: '/api/v1/complaints/count',
  summary: 'How many complaints a filter finds, exactly, however many there are',
  query: filters,
  reply: counted.extend({ asOf: instant }),
})

export const owners = endpoint({
  id: 'complaints.owners',
  method: 'GET',
  path: '/api/v1/complaints/owners',
  summary: 'Whom a complaint can be given to: their teams, and how many open ones you see with them',
  reply: z.object({
    items: z.array(z.object({ id, name: z.string(), teamIds: z.array(id), open: z.number().int() })),
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
