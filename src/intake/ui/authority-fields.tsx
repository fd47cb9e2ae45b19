import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Form } from './new-complaint-form.ts'

type Props = { form: Form; set: (part: Partial<Form>) => void }

/** A letter of an authority (消保官, 1950, 12315 …): who sent it, under which number, and by when they want an answer. */
export function AuthorityFields({ form, set }: Props) {
  const { t } = useTranslation()
  return (
    <fieldset className="group">
      <legend>{t('new.authority')}</legend>
      <div className="two">
        <TextInput
          label={t('new.authorityBody')}
          withAsterisk
          value={form.authorityBody}
          onChange={(e) => set({ authorityBody: e.currentTarget.value })}
        />
        <TextInput
          label={t('new.authorityNumber')}
          value={form.authorityNumber}
          onChange={(e) => set({ authorityNumber: e.currentTarget.value })}
        />
        <TextInput
          label={t('new.authoritySender')}
          value={form.authoritySender}
          onChange={(e) => set({ authoritySender: e.currentTarget.value })}
        />
        <TextInput
          type="date"
          label={t('new.askedFor')}
          value={form.askedFor}
          onChange={(e) => set({ askedFor: e.currentTarget.value })}
        />
      </div>
    </fieldset>
  )
}
