import { useTranslation } from 'react-i18next'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import { labelOf } from '../../web/ui/i18n.ts'
import type { readFigures } from '../contract.ts'

export type Figures = ReplyOf<typeof readFigures>
export type FigureRow = Figures['rows'][number]

/** The name of a row in the reader's language; one without a value says so. */
export function useRowNames(by: Figures['by']): (row: Pick<FigureRow, 'key' | 'label'>) => string {
  const { t } = useTranslation()
  return ({ key, label }) => {
    if (key === null) return t(by === 'owner' ? 'figures.no-owner' : 'figures.none')
    if (by === 'severity') return t(`severity.${key}`, { defaultValue: key })
    return labelOf(label ?? undefined) || key
  }
}
