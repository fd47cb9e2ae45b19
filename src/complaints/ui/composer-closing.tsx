import { NativeSelect, Textarea } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { codeOptions } from './options.ts'
import { useNames } from './use-names.ts'

export type Closing = { readonly reasonCode: string; readonly summary: string }

/** What closing needs, asked where the answer is written. */
export function ClosingFields({ value, onChange }: { value: Closing; onChange: (value: Closing) => void }) {
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
    </fieldset>
  )
}
