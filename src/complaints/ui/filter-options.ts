import { labelOf } from '../../web/ui/i18n.ts'
import type { ChipName } from './inbox-search.ts'
import type { Option } from './options.ts'
import { codeOptions, placeOptions, productOptions, staffOptions, teamOptions } from './options.ts'
import type { Names } from './use-names.ts'

type T = (key: string) => string

/** What a filter can be set to, in the reader's words. Days are typed, customers come from their page. */
export function filterOptions(name: ChipName, names: Names, t: T): Option[] {
  const fixed = (values: readonly string[], group: string) =>
    values.map((value) => ({ value, label: t(`${group}.${value}`) }))
  switch (name) {
    case 'open':
      return fixed(['false', 'any'], 'filter-open')
    case 'due':
      return fixed(['overdue', 'soon'], 'views')
    case 'severity':
      return [
        ...fixed(['critical', 'high', 'medium', 'low'], 'severity'),
        { value: 'unassessed', label: t('context.not-assessed') },
      ]
    case 'state':
      return (names.catalogue?.states ?? []).map((s) => ({ value: s.name, label: names.state(s.name) }))
    case 'mode':
      return fixed(['named', 'confidential', 'anonymous'], 'mode')
    case 'restricted':
      return [
        { value: 'true', label: t('common.yes') },
        { value: 'false', label: t('common.no') },
      ]
    case 'waitingFor':
      return fixed(['customer', 'internal', 'third_party'], 'waiting')
    case 'jurisdiction':
      return [...new Set(names.catalogue?.places.map((p) => p.jurisdiction))].map((value) => ({ value, label: value }))
    case 'teamId':
      return teamOptions(names)
    case 'placeId':
      return placeOptions(names)
    case 'productId':
      return productOptions(names)
    case 'ownerId':
      return staffOptions(names, true)
    case 'channel':
      return (names.catalogue?.channels ?? []).map((x) => ({ value: x.kind, label: labelOf(x.labels, x.kind) }))
    case 'type':
      return codeOptions(names, 'issue')
    case 'flag':
      return codeOptions(names, 'risk_flag')
    case 'outcome':
      return codeOptions(names, 'outcome')
    case 'remedy':
      return codeOptions(names, 'remedy')
    default:
      return []
  }
}

export function valueName(name: ChipName, value: string, names: Names, t: T): string {
  if (name === 'customerId') return ''
  if (name === 'ownerId') return names.staff(value) || value
  return filterOptions(name, names, t).find((o) => o.value === value)?.label ?? value
}
