import { labelOf } from '../../web/ui/i18n.ts'
import type { Names } from './use-names.ts'

export type Option = { value: string; label: string }

/** The codes of a list, for a menu. */
export function codeOptions(names: Names, list: string): Option[] {
  return (names.catalogue?.codes[list] ?? []).map((c) => ({ value: c.code, label: labelOf(c.labels, c.code) }))
}

/** Staff for a menu; owners only when asked, those of a team first; who is away says so, and can be chosen. */
export function staffOptions(
  names: Names,
  ownersOnly = false,
  away: (id: string) => string = () => '',
  teamId: string | null = null,
): Option[] {
  const elsewhere = (s: { readonly teamIds: readonly string[] }) => (teamId && s.teamIds.includes(teamId) ? 0 : 1)
  return (names.catalogue?.staff ?? [])
    .filter((s) => s.owns || !ownersOnly)
    .toSorted((a, b) => elsewhere(a) - elsewhere(b))
    .map((s) => ({ value: s.id, label: [s.name, away(s.id)].filter(Boolean).join(' · ') }))
}

export function teamOptions(names: Names): Option[] {
  return (names.catalogue?.teams ?? []).map((x) => ({ value: x.id, label: labelOf(x.name) }))
}

export function productOptions(names: Names): Option[] {
  return (names.catalogue?.products ?? []).map((x) => ({ value: x.id, label: labelOf(x.name) }))
}

export function placeOptions(names: Names): Option[] {
  return (names.catalogue?.places ?? []).map((x) => ({ value: x.id, label: labelOf(x.name) }))
}
