import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { teamOptions, useNames } from '../../complaints/ui/index.ts'
import type { InputOf } from '../../kit/client/call.ts'
import { labelOf, locales } from '../../web/ui/i18n.ts'
import { useMe } from '../../web/ui/session.ts'
import type { addMailbox, MailboxItem } from '../contract.ts'

export type MailboxGiven = Required<InputOf<typeof addMailbox>['body']>

type Props = {
  readonly item: MailboxItem | null
  readonly save: (given: MailboxGiven) => Promise<boolean>
  readonly cancel?: (() => void) | undefined
}

const empty = { address: '', name: '', teamId: '', typeCode: '', signature: '' }

/** A mailbox: its address, what it is called, where its complaints go, in which language it is written back. */
export function MailboxForm({ item, save, cancel }: Props) {
  const { t } = useTranslation()
  const names = useNames()
  const { locale } = useMe().organisation
  const first = {
    ...empty,
    locale,
    ...(item ? { ...item, teamId: item.teamId ?? '', typeCode: item.typeCode ?? '' } : {}),
  }
  const [form, setForm] = useState<Record<keyof typeof empty | 'locale', string>>(first)
  const set = (name: keyof typeof form) => (e: { currentTarget: { value: string } }) => {
    const { value } = e.currentTarget
    setForm((f) => ({ ...f, [name]: value }))
  }
  const types = (names.catalogue?.codes.issue ?? []).map((c) => ({
    value: c.code,
    label: `${c.parent === null ? '' : '\u2003'}${labelOf(c.labels, c.code)}`,
  }))
  const submit = async (e: React.FormEvent) => {
    e.preventDefault()
    const done = await save({
      address: form.address.trim(),
      name: form.name,
      signature: form.signature,
      locale: locales.find((l) => l === form.locale) ?? 'zh-Hant',
      teamId: form.teamId || null,
      typeCode: form.typeCode || null,
    })
    if (done && !item) setForm({ ...empty, locale })
  }
  return (
    <form
      className="stack mailbox-form"
      onSubmit={(e) => void submit(e)}
      aria-label={t(item ? 'mailboxes.change' : 'mailboxes.add')}
    >
      <TextInput
        type="email"
        label={t('mailboxes.address')}
        description={t('mailboxes.address-hint')}
        required
        maxLength={254}
        value={form.address}
        onChange={set('address')}
      />
      <TextInput
        label={t('mailboxes.name')}
        description={t('mailboxes.name-hint')}
        required
        maxLength={120}
        value={form.name}
        onChange={set('name')}
      />
      <NativeSelect
        label={t('mailboxes.team')}
        value={form.teamId}
        onChange={set('teamId')}
        data={[{ value: '', label: t('mailboxes.by-routing') }, ...teamOptions(names)]}
      />
      <NativeSelect
        label={t('mailboxes.type')}
        value={form.typeCode}
        onChange={set('typeCode')}
        data={[{ value: '', label: t('mailboxes.no-type') }, ...types]}
      />
      <NativeSelect
        label={t('mailboxes.locale')}
        description={t('mailboxes.locale-hint')}
        value={form.locale}
        onChange={set('locale')}
        data={locales.map((value) => ({ value, label: t(`locales.${value}`) }))}
      />
      <Textarea
        label={t('mailboxes.signature')}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={2000}
        value={form.signature}
        onChange={set('signature')}
      />
      <div className="row-flex">
        <Button type="submit">{t(item ? 'common.save' : 'mailboxes.add')}</Button>
        {cancel && (
          <Button variant="default" onClick={cancel}>
            {t('common.cancel')}
          </Button>
        )}
      </div>
    </form>
  )
}
