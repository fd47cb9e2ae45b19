import { useQuery } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
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

/** Names of coded things in the reader's language, from the catalogue first, then from our own words. */
export function useNames() {
  const { t } = useTranslation()
  return namesOf(t, useCatalogue())
}

/** The same for a given language and catalogue. */
export function namesOf(t: TFunction, c: Catalogue | undefined) {
  const code = (list: string, value: string | null | undefined) =>
    value
      ? labelOf(
          (
            c?.codes[list]?.find((x) => x.code === value) ??
            c?.archived.codes.find((x) => x.list === list && x.code === value)
          )?.labels,
          t(`codes.${list}.${value}`, { defaultValue: value }),
        )
      : ''
  return {
    catalogue: c,
    code,
    state: (name: string) => t(`states.${name}`, { defaultValue: name }),
    clock: (kind: string) => t(`clocks.${kind}`, { defaultValue: kind }),
    /** What the clock is for: stopping harm is not the answer. */
    clockOf: ({ kind, milestone }: { readonly kind: string; readonly milestone?: string | null }) => {
      const name = milestone && ['containment', 'wrote_again', 'not_arrived'].includes(milestone) ? milestone : kind
      return t(`clocks.${name}`, { defaultValue: name })
    },
    /** A severity nobody has judged says so. */
    severityOf: ({ severity, assessed }: { readonly severity: string | null; readonly assessed: boolean }) => {
      const name = severity ? t(`severity.${severity}`, { defaultValue: severity }) : ''
      if (assessed || !severity) return name || t('context.not-assessed')
      return t('severity-of.unassessed', { severity: name })
    },
    severity: (name: string) => t(`severity.${name}`, { defaultValue: name }),
    channel: (kind: string) =>
      labelOf(c?.channels.find((x) => x.kind === kind)?.labels, t(`channels.${kind}`, { defaultValue: kind })),
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
