import { Button, NativeSelect, PasswordInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ThemeChoice } from '../../preferences/ui/index.ts'
import { Page } from '../../web/ui/page.tsx'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { useMe } from '../../web/ui/session.ts'
import { toast } from '../../web/ui/toast.tsx'
import { useSend } from '../../web/ui/use-call.ts'
import { changePassword, getMe, patchMe } from '../contract.ts'
import { MyAbsences } from './absences.tsx'
import { LanguageChoice } from './language-choice.tsx'
import { Sessions } from './sessions.tsx'
import { SignatureForm } from './signature.tsx'
import { Totp } from './totp.tsx'
import { zoneNames } from './zones.ts'

export function Account() {
  const { t } = useTranslation()
  const me = useMe()
  return (
    <Page
      title={me.name}
      hint={`${me.mail}${t('common.dot')}${me.roles.map((r) => t(`roles.${r}`)).join(t('common.comma'))}`}
    >
      <Preferences />
      <SignatureForm />
      <MyAbsences />
      <Password />
      <Totp />
      <Sessions />
    </Page>
  )
}

function Preferences() {
  const { t } = useTranslation()
  const me = useMe()
  const client = useQueryClient()
  const save = useSend(patchMe, (reply) => client.setQueryData([getMe.id, {}], reply))
  return (
    <section className="stack" aria-label={t('account.preferences')}>
      <h2>{t('account.preferences')}</h2>
      <LanguageChoice chosen={(locale) => save.mutate({ body: { locale } })} />
      <div className="two">
        <NativeSelect
          label={t('account.zone')}
          value={me.zone}
          onChange={(e) => save.mutate({ body: { zone: e.currentTarget.value } })}
          data={zoneNames(me.zone)}
        />
      </div>
      <ThemeChoice />
      <Link to="/account/keys" className="link">
        {t('my-keys.title')}
      </Link>
      <ProblemNote error={save.error} />
    </section>
  )
}

function Password() {
  const { t } = useTranslation()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const send = useSend(changePassword, () => {
    setCurrent('')
    setNext('')
    toast(t('account.password-changed'))
  })
  const shared = { required: true, visibilityToggleButtonProps: { 'aria-label': t('sign-in.show-password') } }
  return (
    <section aria-label={t('account.password')}>
      <h2>{t('account.password')}</h2>
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          send.mutate({ body: { current, next } })
        }}
      >
        <div className="two">
          <PasswordInput
            {...shared}
            label={t('account.current')}
            autoComplete="current-password"
            value={current}
            onChange={(e) => setCurrent(e.currentTarget.value)}
          />
          <PasswordInput
            {...shared}
            label={t('account.next')}
            description={t('account.password-hint')}
            autoComplete="new-password"
            value={next}
            onChange={(e) => setNext(e.currentTarget.value)}
          />
        </div>
        <ProblemNote error={send.error} />
        <div>
          <Button type="submit" variant="default" loading={send.isPending}>
            {t('account.change-password')}
          </Button>
        </div>
      </form>
    </section>
  )
}
