import { z } from 'zod'
import { dimensions } from '../complaints/contract.ts'
import { endpoint } from '../kit/contract/endpoint.ts'
import { instant, labels, locale } from '../kit/contract/shapes.ts'
import { periodKinds } from './domain/period-kinds.ts'

const count = z.number().int()
const numbers = z.object({ received: count, answered: count, closed: count, open: count, overdue: count })
const balance = z.object({ opening: count, received: count, reopened: count, closed: count, open: count })

/** What is asked: by what, of which period, beside the one before or alone. */
export const figuresQuery = z.object({
  by: z.enum(dimensions).default('type'),
  period: z.enum(periodKinds).default('week'),
  /** A date in the period; today in the organisation's zone where absent. */
  on: z.iso.date().optional(),
  /** First and last day of `custom`. */
  first: z.iso.date().optional(),
  last: z.iso.date().optional(),
  compare: z.enum(['before', 'none']).default('before'),
})

const period = z.object({
  kind: z.enum(periodKinds),
  zone: z.string(),
  /** First and last day, both included. */
  first: z.string(),
  last: z.string(),
  /** The same as instants, half-open. */
  from: instant,
  to: instant,
  /** Counted only as far as the later period has come. */
  cut: z.boolean(),
})
/** What a row is about, and where it stands in its tree. */
const row = z.object({
  /** The code or id; null where a complaint has none. */
  key: z.string().nullable(),
  parent: z.string().nullable(),
  depth: count,
  label: labels.nullable(),
})
const step = z.object({ on: z.string().optional(), first: z.string().optional(), last: z.string().optional() })

export const readFigures = endpoint({
  id: 'insights.figures',
  method: 'GET',
  path: '/api/v1/figures',
  summary:
    'Received, answered, closed, open and overdue in a period, by type, product, place, team, owner, channel or severity',
  query: figuresQuery,
  reply: z.object({
    by: z.enum(dimensions),
    period,
    /** It is not over yet. */
    running: z.boolean(),
    before: period.nullable(),
    /** How to ask for the period before this one and after it. */
    earlier: step,
    later: step,
    /** Which complaints the reader's numbers are made of. */
    reach: z.enum(['organisation', 'team', 'tasks', 'none']),
    /** Whether the reader's lists hold the same complaints: else numbers are no links. */
    listed: z.boolean(),
    rows: z.array(row.extend({ now: numbers, before: numbers.nullable() })),
    total: z.object({ now: numbers, before: numbers.nullable() }),
    balance,
    balanceBefore: balance.nullable(),
    /** Received in the period and merged since: counted as the one each was merged into. */
    merged: count,
    asOf: instant,
  }),
  refusals: ['insights.bad-period', 'insights.owners-closed'],
})

/** Of so many complaints, how long it took in ms of plain time; null where there are none. */
const times = z.object({
  count,
  /** Left out: imported with instants that contradict each other for this very time. */
  leftOut: count,
  median: count.nullable(),
  p90: count.nullable(),
})
const both = z.object({ close: times, reply: times })

export const readDurations = endpoint({
  id: 'insights.durations',
  method: 'GET',
  path: '/api/v1/figures/durations',
  summary:
    'How long it took to close what was closed in a period, and to the first reply: median and p90, by the same as figures',
  query: figuresQuery,
  reply: z.object({
    by: z.enum(dimensions),
    period,
    before: period.nullable(),
    listed: z.boolean(),
    rows: z.array(row.extend({ now: both, before: both.nullable() })),
    total: z.object({ now: both, before: both.nullable() }),
  }),
  refusals: ['insights.bad-period', 'insights.owners-closed'],
})

/** The query of the workbook and of the table of times: what is asked, in which language. */
export const workbookQuery = figuresQuery.extend({ language: locale.optional() })
