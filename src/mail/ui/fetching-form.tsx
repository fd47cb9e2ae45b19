import { Button, NativeSelect, NumberInput, PasswordInput, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { InputOf } from '../../kit/client/call.ts'
import type { Fetching, ImapSettings, setFetching } from '../contract.ts'
import { LookButton } from './look-button.tsx'

export type FetchingGiven = Omit<InputOf<typeof setFetching>['body'], 'version' | 'on'>

type Props = {
  readonly mailboxId: string
  readonly address: string
  readonly fetching: Fetching | undefined
  readonly save: (given: FetchingGiven) => Promise<boolean>
  /** What stands beside the button that saves. */
  readonly children: ReactNode
}

const ports: Readonly<Record<string, number>> = { tls: 993, starttls: 143, plain: 143 }

/** Where a mailbox is fetched from. The password is written into it, and never read back. */
export function FetchingForm({ mailboxId, address, fetching, save, children }: Props) {
  const { t } = useTranslation()
  const [form, setForm] = useState<ImapSettings>(fetching?.settings ?? startOf(address))
  const [password, setPassword] = useState('')
  const put = (part: Partial<ImapSettings>) => setForm((f) => ({ ...f, ...part }))
  const set = (name: 'host' | 'user' | 'folder' | 'moveTo') => (e: { currentTarget: { value: string } }) =>
    put({ [name]: e.currentTarget.value })
  const choice = <K extends 'security' | 'after' | 'begin'>(name: K, values: readonly ImapSettings[K][]) => ({
    label: t(`fetching.${name}`),
    value: form[name],
    data: values.map((value) => ({ value, label: t(`fetching.${value}`) })),
    onChange: (e: { currentTarget: { value: string } }) => {
      const value = values.find((v) => v === e.currentTarget.value)
      if (value === undefined) return
      const port = name === 'security' && form.port === ports[form.security] ? { port: ports[value] ?? form.port } : {}
      put({ [name]: value, ...port })
    },
  })
  const given = (): FetchingGiven => ({
    ...form,
    host: form.host.trim(),
    moveTo: form.after === 'move' ? form.moveTo : null,
    ...(password === '' ? {} : { password }),
  })
  return (
    <form
      className="stack fetching-form"
      onSubmit={(e) => {
        e.preventDefault()
        void save(given())
      }}
      aria-label={t('fetching.open-of', { address })}
    >
      <p className="small quiet">{t('fetching.hint')}</p>
      <div className="fetching-pair">
        <TextInput
          label={t('fetching.host')}
          description={t('fetching.host-hint')}
          required
          maxLength={253}
          value={form.host}
          onChange={set('host')}
        />
        <NumberInput
          label={t('fetching.port')}
          required
          min={1}
          max={65_535}
          allowDecimal={false}
          hideControls
          value={form.port}
          onChange={(v) => put({ port: Number(v) || 0 })}
        />
      </div>
      <NativeSelect {...choice('security', ['tls', 'starttls', 'plain'])} />
      <TextInput
        label={t('fetching.user')}
        description={t('fetching.user-hint')}
        required
        maxLength={254}
        autoComplete="off"
        value={form.user}
        onChange={set('user')}
      />
      <PasswordInput
        label={t('fetching.password')}
        description={fetching?.hasPassword ? t('fetching.password-kept') : undefined}
        required={!fetching?.hasPassword}
        maxLength={500}
        autoComplete="new-password"
        value={password}
        onChange={(e) => setPassword(e.currentTarget.value)}
      />
      <TextInput label={t('fetching.folder')} required maxLength={200} value={form.folder} onChange={set('folder')} />
      <NativeSelect {...choice('after', ['seen', 'move'])} />
      {form.after === 'move' && (
        <TextInput
          label={t('fetching.move-to')}
          required
          maxLength={200}
          value={form.moveTo ?? ''}
          onChange={set('moveTo')}
        />
      )}
      <NativeSelect {...choice('begin', ['unseen', 'all'])} description={t('fetching.begin-hint')} />
      <LookButton mailboxId={mailboxId} given={given} />
      <div className="row-flex">
        <Button type="submit">{t('fetching.start')}</Button>
        {children}
      </div>
    </form>
  )
}

const startOf = (address: string): ImapSettings => ({
  host: '',
  port: 993,
  security: 'tls',
  user: address,
  folder: 'INBOX',
  after: 'seen',
  moveTo: null,
  begin: 'unseen',
})
