import { z } from 'zod'
import { filters } from '../complaints/contract.ts'
import { id, locale } from '../kit/contract/shapes.ts'
import { searchQuery as found } from '../search/contract.ts'

/** The most complaints one file holds; a list that is longer is refused, never cut. */
export const mostRows = 100_000

export const formats = ['csv', 'xlsx'] as const
export type Format = (typeof formats)[number]

const language = { language: locale.optional() }

/** What the list shows now: its filters and its order. */
export const listQuery = filters.extend({ sort: z.enum(['next', 'received']).default('next'), ...language })
export type ListQuery = z.infer<typeof listQuery>

/** What the search page shows now. */
export const searchQuery = found.omit({ cursor: true, limit: true }).extend(language)
export type SearchQuery = z.infer<typeof searchQuery>

/** For outside: without internal notes, staff matters and what only colleagues should know. */
export const variants = ['outside', 'whole'] as const
export type Variant = (typeof variants)[number]

export const caseFileParams = z.object({ id })
export const caseFileQuery = z.object({ variant: z.enum(variants).default('outside'), ...language })
