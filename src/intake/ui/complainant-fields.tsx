import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { locales } from '../../web/ui/i18n.ts'
import { CustomerFinder } from './customer-finder.tsx'
import type { Form } from './new-complaint-form.ts'

type Props = { form: Form; set: (part: Partial<Form>) => void }

/** Who complains: a known customer, somebody new, or nobody named. */
export function ComplainantFields({ form, set }: Props) {
  const { t } = useTranslation()
  return (
    <fieldset className="group">
      <legend>{t('complaint.complainant')}</legend>
      <NativeSelect
        label={t('new.mode')}
        value={form.mode}
        onChange={(e) => set({ mode: e.currentTarget.value as Form['mode'] })}
        data={(['named', 'confidential', 'anonymous'] as const).map((value) => ({ value, label: t(`mode.${value}`) }))}
      />
      {form.mode !== 'anonymous' && (
        <>
          <CustomerFinder form={form} set={set} />
          {!form.customerId && (
            <div className="two">
              <TextInput
                label={t('new.name')}
                value={form.name}
                onChange={(e) => set({ name: e.currentTarget.value })}
              />
              <TextInput
                type="tel"
                label={t('new.phone')}
                value={form.phone}
                onChange={(e) => set({ phone: e.currentTarget.value })}
              />
              <TextInput
                type="email"
                label={t('new.mail')}
                value={form.mail}
                onChange={(e) => set({ mail: e.currentTarget.value })}
              />
              <TextInput
                label={t('new.country')}
                autoComplete="off"
                value={form.country}
                onChange={(e) => set({ country: e.currentTarget.value })}
              />
              <Textarea
                label={t('new.address')}
                description={t('new.address-hint')}
                autosize
                minRows={2}
                maxRows={6}
                maxLength={500}
                value={form.address}
                onChange={(e) => set({ address: e.currentTarget.value })}
              />
            </div>
          )}
        </>
      )}
      <div className="two">
        <TextInput
          label={t('new.onBehalfOf')}
          description={t('new.onBehalfOf-hint')}
          value={form.onBehalfOf}
          onChange={(e) => set({ onBehalfOf: e.currentTarget.value })}
        />
        <NativeSelect
          label={t('new.locale')}
          description={t('new.locale-hint')}
          value={form.locale}
          onChange={(e) => set({ locale: e.currentTarget.value as Form['locale'] })}
          data={[
            { value: '', label: t('new.unknown') },
            ...locales.map((value) => ({ value, label: t(`locales.${value}`) })),
          ]}
        />
      </div>
    </fieldset>
  )
}
