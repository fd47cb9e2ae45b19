import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import type { lookAtImport } from '../contract.ts'
import { dateTargets, type Mapping, type Target } from '../domain/mapping.ts'

export type Looked = ReplyOf<typeof lookAtImport>

/** The mapping as the screen changes it: one column a target, unless the guess joined several. */
export type Draft = Mapping

export const columnOf = ({ columns }: Draft, target: Target): string => {
  const found = columns[target]
  return typeof found === 'string' ? found : (found?.[0] ?? '')
}

/** A target gets a column, or none; whatever had that column before keeps it. A date is read as the column is written. */
export function withColumn(draft: Draft, target: Target, column: string, looked: Looked, zone: string): Draft {
  const { [target]: _, ...rest } = draft.columns
  const changed = { ...draft, columns: column === '' ? rest : { ...rest, [target]: column } }
  const format = looked.columns.find((c) => c.name === column)?.date
  return format && isDate(target)
    ? withRule(changed, target, { format, zone: ruleOf(draft, target)?.zone ?? zone })
    : changed
}

export function withValue(draft: Draft, target: string, value: string, means: string): Draft {
  const before = (draft.values ?? {}) as Record<string, Record<string, string | null>>
  const { [value]: _, ...others } = before[target] ?? {}
  return {
    ...draft,
    values: { ...before, [target]: means === '' ? others : { ...others, [value]: means === 'none' ? null : means } },
  }
}

/** What those are that name no type, or one that means nothing here; '' for none. */
export function withDefaultType(draft: Draft, type: string): Draft {
  const { type: _, ...others } = draft.defaults ?? {}
  return { ...draft, defaults: type === '' ? others : { ...others, type } }
}

/** The formats a date column may be set to, the guessed one first. */
export const formats = [
  'iso',
  'yyyy/MM/dd',
  'yyyy/MM/dd HH:mm',
  'yyyy/MM/dd HH:mm:ss',
  'dd/MM/yyyy',
  'dd/MM/yyyy HH:mm',
  'MM/dd/yyyy',
  'MM/dd/yyyy HH:mm',
  'dd.MM.yyyy',
  'yyyy年M月d日',
  'rrr/MM/dd',
  'rrr/MM/dd HH:mm',
  '民國rrr年M月d日',
  'excel',
  'unix',
  'unix-ms',
] as const

type Rules = Record<string, { format: string; zone: string } | undefined>
const rulesOf = ({ dates }: Draft): Rules =>
  dates && 'format' in dates ? Object.fromEntries(dateTargets.map((t) => [t, dates])) : ((dates ?? {}) as Rules)

export const isDate = (target: Target): boolean => (dateTargets as readonly Target[]).includes(target)
export const ruleOf = (draft: Draft, target: Target) => rulesOf(draft)[target]
export function withRule(draft: Draft, target: Target, rule: { format: string; zone: string }): Draft {
  return { ...draft, dates: { ...rulesOf(draft), [target]: rule } as Draft['dates'] }
}
