import { NativeSelect, Textarea } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { codeOptions } from './options.ts'
import { useNames } from './use-names.ts'

export type Closing = { readonly reasonCode: string; readonly summary: string }

type Props = { value: Closing; onChange: (value: Closing) => void; drop: () => void }

/** What closing needs, asked where the answer is written; it can be left open after all. */
export function ClosingFields({ value, onChange, drop }: Props) {
  const { t } = useTranslation()
  const names = useNames()
  return (
    <fieldset className="closing">
      <legend>{t('composer.closing')}</legend>
      <NativeSelect
        size="xs"
        label={t('fields.reasonCode')}
        withAsterisk
        value={value.reasonCode}
        onChange={(e) => onChange({ ...value, reasonCode: e.currentTarget.value })}
        data={[{ value: '', label: t('common.choose') }, ...codeOptions(names, 'closure_reason')]}
      />
      <Textarea
        size="xs"
        label={t('fields.summary')}
        withAsterisk
        autosize
        minRows={2}
        maxRows={6}
        value={value.summary}
        onChange={(e) => onChange({ ...value, summary: e.currentTarget.value })}
      />
      <button type="button" className="plain link small" onClick={drop}>
        {t('composer.closing-not')}
      </button>
    </fieldset>
  )
}
