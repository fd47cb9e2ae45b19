import { useQuery } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import { labelOf } from '../../web/ui/i18n.ts'
import { read } from '../../web/ui/use-call.ts'
import { catalogue } from '../contract.ts'

export type Catalogue = ReplyOf<typeof catalogue>

/** What menus show; asked again after five minutes: an administrator may have changed them. */
export function useCatalogue(): Catalogue | undefined {
  return useQuery({ ...read(catalogue, {}), staleTime: 300_000 }).data
}

/** Names of coded things in the reader's language, from the catalogue first, then from our own words; the same object until one changes. */
export function useNames(): Names {
  const { t } = useTranslation()
  const catalogue = useCatalogue()
  return useMemo(() => namesOf(t, catalogue), [t, catalogue])
}

/** The same for a given language and catalogue. */
export function namesOf(t: TFunction, c: Catalogue | undefined) {
  const words = new Map<string, string>()
  /** Looked up once: a list asks for the same few with every row. */
  const word = (key: string, otherwise: string) => {
    const found = words.get(key) ?? t(key, { defaultValue: otherwise })
    words.set(key, found)
    return found
  }
  const code = (list: string, value: string | null | undefined) =>
    value
      ? labelOf(
          (
            c?.codes[list]?.find((x) => x.code === value) ??
            c?.archived.codes.find((x) => x.list === list && x.code === value)
          )?.labels,
          word(`codes.${list}.${value}`, value),
        )
      : ''
  return {
    catalogue: c,
    code,
    state: (name: string) => word(`states.${name}`, name),
    clock: (kind: string) => word(`clocks.${kind}`, kind),
    /** What the clock is for: stopping harm is not the answer. */
    clockOf: ({ kind, milestone }: { readonly kind: string; readonly milestone?: string | null }) => {
      const name = milestone && ['containment', 'wrote_again', 'not_arrived'].includes(milestone) ? milestone : kind
      return word(`clocks.${name}`, name)
    },
    /** A severity nobody has judged says so. */
    severityOf: ({ severity, assessed }: { readonly severity: string | null; readonly assessed: boolean }) => {
      const name = severity ? word(`severity.${severity}`, severity) : ''
      if (assessed || !severity) return name || t('context.not-assessed')
      return t('severity-of.unassessed', { severity: name })
    },
    severity: (name: string) => word(`severity.${name}`, name),
    channel: (kind: string) =>
      labelOf(c?.channels.find((x) => x.kind === kind)?.labels, word(`channels.${kind}`, kind)),
    team: (id: string) => labelOf(nameIn(c?.teams, c?.archived.teams, id)),
    place: (id: string | null) => labelOf(nameIn(c?.places, c?.archived.places, id)),
    product: (id: string | null) => labelOf(nameIn(c?.products, c?.archived.products, id)),
    staff: (id: string | null) => c?.staff.find((x) => x.id === id)?.name ?? '',
  }
}
type Named = { readonly id: string; readonly name: Parameters<typeof labelOf>[0] }
const nameIn = (used: readonly Named[] = [], archived: readonly Named[] = [], id: string | null) =>
  (used.find((x) => x.id === id) ?? archived.find((x) => x.id === id))?.name

export type Names = ReturnType<typeof namesOf>
