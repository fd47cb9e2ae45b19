import type { DateRule } from './dates.ts'

/** What a column can be. Dates, codes that stand in lists of the organisation, and words. */
export const targets = [
  'id',
  'received',
  'answered',
  'closed',
  'state',
  'title',
  'text',
  'answer',
  'type',
  'product',
  'place',
  'channel',
  'severity',
  'outcome',
  'order_no',
  'name',
  'mail',
  'phone',
  'team',
  'owner',
] as const
export type Target = (typeof targets)[number]
export const dateTargets = ['received', 'answered', 'closed'] as const
export type DateTarget = (typeof dateTargets)[number]
/** Targets whose values mean something in a list of ours. */
export const valueTargets = [
  'state',
  'type',
  'product',
  'place',
  'channel',
  'severity',
  'outcome',
  'team',
  'owner',
] as const
export type ValueTarget = (typeof valueTargets)[number]
/** Targets of which several columns make one. */
export const joined: readonly Target[] = ['title', 'text', 'answer', 'name']

export type Format = {
  readonly kind?: Kind | undefined
  /** As `TextDecoder` knows it; absent: detected. */
  readonly encoding?: string | undefined
  readonly delimiter?: string | undefined
  readonly sheet?: string | undefined
  /** Which of the rows with anything in them names the columns, from 1; absent: the one that looks so. */
  readonly header?: number | undefined
}
export const kinds = ['csv', 'xlsx', 'jsonl', 'json', 'chatwoot', 'zammad', 'zendesk'] as const
export type Kind = (typeof kinds)[number]

/** How a file is to be understood; the same value as YAML file, in the API and on the screen (contract.ts has its shape). */
export type Mapping = {
  /** Under this name ids are unique: rows of the same source and id are the same complaint, in whatever file. */
  readonly source?: string | undefined
  readonly format?: Format | undefined
  readonly columns: { readonly [T in Target]?: string | readonly string[] | undefined }
  /** Of each target what its values mean: a code, a name, or null for nothing. */
  readonly values?: { readonly [T in ValueTarget]?: Readonly<Record<string, string | null>> | undefined } | undefined
  readonly dates?: DateRule | DateRules | undefined
  /** What a row is that says nothing of it. */
  readonly defaults?:
    | {
        readonly channel?: string | undefined
        readonly type?: string | undefined
        readonly team?: string | undefined
        readonly place?: string | undefined
        readonly state?: 'open' | 'closed' | undefined
        readonly zone?: string | undefined
      }
    | undefined
}
export type DateRules = { readonly [T in DateTarget]?: DateRule | undefined }

const isRule = (dates: DateRule | DateRules): dates is DateRule => 'format' in dates

/** The rule of each date column, however they were given. */
export function dateRulesOf({ dates }: Mapping): DateRules {
  if (!dates) return {}
  return isRule(dates) ? { received: dates, answered: dates, closed: dates } : dates
}

/** The columns of a target; none where it is not mapped. */
export function columnsOf({ columns }: Mapping, target: Target): readonly string[] {
  const found = columns[target]
  return found === undefined ? [] : typeof found === 'string' ? [found] : found
}
