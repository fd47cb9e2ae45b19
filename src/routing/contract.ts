import { z } from 'zod'
import { changedBy } from '../catalogue/contract.ts'
import { endpoint } from '../kit/contract/endpoint.ts'
import { id, labels, line } from '../kit/contract/shapes.ts'

export const mode = z.enum(['by_hand', 'fewest_open'])
export const flaw = z.enum(['team-archived', 'place-archived', 'type-archived', 'never-wins', 'nobody-present'])

const where = z.object({ placeId: id.nullable(), typeCode: line(40).min(1).nullable(), teamId: id })

export const routingLine = where.extend({
  id,
  version: z.number().int(),
  flaw: flaw.nullable(),
  changed: changedBy,
})
export type RoutingLine = z.infer<typeof routingLine>

const routingTeam = z.object({
  id,
  name: labels,
  isDefault: z.boolean(),
  mode,
  /** Who could be given something now. */
  present: z.array(z.object({ id, name: z.string() })),
  changed: changedBy,
})
export type RoutingTeam = z.infer<typeof routingTeam>

const path = '/api/v1/settings/routing'
const byId = z.object({ id })
const refusals = [
  'routing.no-such-line',
  'routing.stale',
  'routing.line-taken',
  'routing.any-any',
  'intake.unknown-reference',
]

export const readRouting = endpoint({
  id: 'routing.read',
  method: 'GET',
  path,
  summary: 'The routing table, what is wrong with it, and how each team shares out',
  reply: z.object({ lines: z.array(routingLine), teams: z.array(routingTeam) }),
})

export const addLine = endpoint({
  id: 'routing.add-line',
  method: 'POST',
  path: `${path}/lines`,
  summary: 'A place and a type (null: any, not both) and the team their complaints go to',
  status: 201,
  body: where,
  reply: byId,
  refusals,
})

export const changeLine = endpoint({
  id: 'routing.change-line',
  method: 'PATCH',
  path: `${path}/lines/:id`,
  summary: 'Another place, type or team for a line',
  params: byId,
  body: where.extend({ version: z.number().int() }),
  reply: byId,
  refusals,
})

export const removeLine = endpoint({
  id: 'routing.remove-line',
  method: 'POST',
  path: `${path}/lines/:id/removal`,
  summary: 'Take a line out of the table',
  params: byId,
  body: z.object({ version: z.number().int() }),
  reply: z.object({}),
  refusals,
})

export const setMode = endpoint({
  id: 'routing.set-mode',
  method: 'PUT',
  path: `${path}/teams/:id/mode`,
  summary: 'How a team shares out what comes into its queue',
  params: byId,
  body: z.object({ mode }),
  reply: z.object({}),
  refusals: ['people.no-such-team'],
})

export const tryRouting = endpoint({
  id: 'routing.try',
  method: 'GET',
  path: `${path}/trial`,
  summary: 'Where the last 100 complaints would go by the table as it is, as they are described now; nothing is moved',
  reply: z.object({
    count: z.number().int(),
    /** How many would go to another team than the one they are with. */
    elsewhere: z.number().int(),
    teams: z.array(z.object({ id, name: labels, is: z.number().int(), would: z.number().int() })),
    /** By which line, null by none; how many of them. */
    lines: z.array(z.object({ lineId: id.nullable(), count: z.number().int() })),
  }),
})
