import { NativeSelect } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useNames } from '../../../complaints/ui/index.ts'
import type { Labels } from '../../../kit/contract/shapes.ts'
import { labelOf } from '../../../web/ui/i18n.ts'
import type { CallForm } from './call-form.ts'
import { type Choosable, suggestedBy } from './find-by.ts'
import { QuickPick } from './quick-pick.tsx'

type Props = { readonly form: CallForm; readonly set: (part: Partial<CallForm>) => void }

/** What it is about, after the words: each suggested from them, found by word, code, number, 拼音 or 注音. */
export function AboutFields({ form, set }: Props) {
  const { t } = useTranslation()
  const { types, products, places } = useChoices()
  const suggest = (all: readonly Choosable[]) => {
    const fitting = suggestedBy(all, form.text)
    return fitting.length > 0 ? fitting : all
  }
  return (
    <div className="two">
      <QuickPick
        label={t('fields.typeCode')}
        hint={t('call.type-hint')}
        all={types}
        suggested={suggest(types)}
        value={form.typeCode}
        choose={(typeCode) => set({ typeCode })}
      />
      <NativeSelect
        label={t('fields.impact')}
        description={t('call.impact-hint')}
        value={form.impact}
        onChange={(e) => set({ impact: e.currentTarget.value })}
        data={[
          { value: '', label: t('new.unknown') },
          ...[1, 2, 3, 4, 5].map((n) => ({ value: String(n), label: `${n} ${t(`scores.impact-${n}`)}` })),
        ]}
      />
      <QuickPick
        label={t('fields.productId')}
        all={products}
        suggested={suggest(products)}
        value={form.productId}
        choose={(productId) => set({ productId })}
      />
      <QuickPick
        label={t('fields.placeId')}
        all={places}
        suggested={suggest(places)}
        value={form.placeId}
        choose={(placeId) => set({ placeId })}
      />
    </div>
  )
}

/** The catalogue as choices. */
function useChoices() {
  const { catalogue } = useNames()
  const { i18n } = useTranslation()
  return useMemo(() => {
    const choice = (value: string, code: string, names: Labels, keys: readonly string[] = []): Choosable => ({
      value,
      code,
      label: labelOf(names),
      words: Object.values(names),
      keys,
    })
    const issues = (catalogue?.codes.issue ?? []).filter((c) => c.parent !== null)
    return {
      types: issues.map((c) => choice(c.code, c.code, c.labels, c.keys)),
      products: (catalogue?.products ?? []).map((p) => choice(p.id, p.code, p.name, p.keys)),
      places: (catalogue?.places ?? []).map((p) => choice(p.id, p.code, p.name, p.keys)),
    }
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- labels follow the language
  }, [catalogue, i18n.language])
}
