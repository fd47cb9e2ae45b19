import { Button, Checkbox, NativeSelect, PasswordInput, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Navigate, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { currentLocale } from '../../web/ui/i18n.ts'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { Answer } from '../../web/ui/states.tsx'
import { read, useSend } from '../../web/ui/use-call.ts'
import { getMe, getSetup, postSetup } from '../contract.ts'
import { LanguageChoice } from './language-choice.tsx'
import { zoneNames } from './zones.ts'
import './door.css'

const termSets = ['retail', 'authority', 'finance', 'hongkong', 'mainland'] as const
const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone

/** The first organisation and its administrator; opened by the token printed at start. */
export function Setup() {
  const { t } = useTranslation()
  const setup = useQuery(read(getSetup, {}))
  return (
    <main className="door wide">
      <h1>{t('setup.title')}</h1>
      <LanguageChoice />
      <Answer of={setup}>
        {({ needed }) => (needed ? <First /> : <Navigate to="/sign-in" search={{}} replace />)}
      </Answer>
    </main>
  )
}

function First() {
  const { t } = useTranslation()
  const { token = '' } = useSearch({ from: '/setup' })
  const navigate = useNavigate()
  const client = useQueryClient()
  const [slug, setSlug] = useState('')
  const send = useSend(postSetup, async ({ me }) => {
    client.setQueryData([getMe.id, {}], me)
    await navigate({ to: me.permissions.includes('staff.manage') ? '/settings/staff' : '/' })
  })
  const submit = (e: React.FormEvent<HTMLFormElement>) => {
    e.preventDefault()
    const form = new FormData(e.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '')
    const zhHant = text('orgName')
    const names = { zhHant, zhHans: text('orgNameHans') || zhHant, en: text('orgNameEn') || zhHant }
    send.mutate({
      body: {
        token: text('token'),
        organisation: {
          name: names,
          slug: text('slug'),
          termSet: termSets.find((s) => s === text('termSet')) ?? 'retail',
          locale: currentLocale(),
          zone: text('zone'),
        },
        name: text('name'),
        mail: text('mail'),
        password: text('password'),
        alsoTeamLead: form.get('alsoTeamLead') !== null,
      },
    })
  }
  return (
    <form className="stack" onSubmit={submit}>
      <TextInput
        name="token"
        label={t('setup.token')}
        description={t('setup.token-hint')}
        defaultValue={token}
        required
      />
      <h2>{t('setup.organisation')}</h2>
      <TextInput
        name="orgName"
        label={t('setup.name')}
        required
        onBlur={(e) => !slug && setSlug(slugOf(e.currentTarget.value))}
      />
      <div className="two">
        <TextInput name="orgNameHans" label={t('setup.name-hans')} />
        <TextInput name="orgNameEn" label={t('setup.name-en')} />
        <TextInput
          name="slug"
          label={t('setup.slug')}
          description={t('setup.slug-hint')}
          pattern="[a-z0-9][a-z0-9\-]{1,38}"
          required
          value={slug}
          onChange={(e) => setSlug(e.currentTarget.value)}
        />
        <NativeSelect
          name="termSet"
          label={t('setup.terms')}
          description={t('setup.terms-hint')}
          data={termSets.map((value) => ({ value, label: t(`setup.terms-${value}`) }))}
        />
        <NativeSelect name="zone" label={t('account.zone')} defaultValue={browserZone} data={zoneNames(browserZone)} />
      </div>
      <h2>{t('setup.administrator')}</h2>
      <div className="two">
        <TextInput name="name" label={t('staff.name')} autoComplete="name" required />
        <TextInput name="mail" type="email" label={t('sign-in.mail')} autoComplete="username" required />
      </div>
      <PasswordInput
        name="password"
        label={t('sign-in.password')}
        description={t('account.password-hint')}
        autoComplete="new-password"
        required
        visibilityToggleButtonProps={{ 'aria-label': t('sign-in.show-password') }}
      />
      <Checkbox name="alsoTeamLead" defaultChecked label={t('setup.also-lead')} />
      <ProblemNote error={send.error} />
      <Button type="submit" loading={send.isPending}>
        {t('setup.create')}
      </Button>
    </form>
  )
}

/** A first proposal for the address: Latin letters and digits of the name. */
function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 38)
}
