import { z } from 'zod'
import { instant } from '../../kit/contract/shapes.ts'

/** What is counted of a period; the words are defined in docs/glossary.md, the conditions in src/complaints/period-filters.ts. */
export const figureNames = [
  'received',
  'answered',
  'closed',
  'open',
  'overdue',
  'opening',
  'reopened',
  'replied',
] as const
export const figureName = z.enum(figureNames)
export type FigureName = z.infer<typeof figureName>

/** What complaints are counted by. */
export const dimensions = ['type', 'product', 'place', 'team', 'owner', 'channel', 'severity'] as const
export type Dimension = (typeof dimensions)[number]

/** Filters that open the list behind a figure: which one, of which period [from, to), and those that lack a value. */
export const figureFilters = {
  figure: figureName.optional(),
  from: instant.optional(),
  to: instant.optional(),
  without: z.enum(dimensions).optional(),
}
export type FigureFilters = z.infer<z.ZodObject<typeof figureFilters>>
