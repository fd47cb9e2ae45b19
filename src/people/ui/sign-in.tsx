import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Navigate, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { read, useSend } from '../../web/ui/use-call.ts'
import { getMe, getSetup, type Me, signIn, signInTotp } from '../contract.ts'
import { LanguageChoice } from './language-choice.tsx'
import './door.css'

/** Sign-in, in one step or two. */
export function SignIn() {
  const { t } = useTranslation()
  const { next } = useSearch({ from: '/sign-in' })
  const navigate = useNavigate()
  const client = useQueryClient()
  const [challenge, setChallenge] = useState<string | null>(null)
  const setup = useQuery(read(getSetup, {}))
  const enter = async (me: Me) => {
    client.setQueryData([getMe.id, {}], me)
    if (next) location.assign(`/desk${next}`)
    else await navigate({ to: '/' })
  }
  if (setup.data?.needed) return <Navigate to="/setup" search={{}} replace />
  return (
    <main className="door">
      <h1>Redress</h1>
      <p className="quiet">{t('sign-in.welcome')}</p>
      {challenge ? (
        <Code challenge={challenge} enter={enter} back={() => setChallenge(null)} />
      ) : (
        <Password enter={enter} ask={setChallenge} />
      )}
      <LanguageChoice />
    </main>
  )
}

function Password({ enter, ask }: { enter: (me: Me) => Promise<void>; ask: (challenge: string) => void }) {
  const { t } = useTranslation()
  const send = useSend(signIn, (reply) => (reply.step === 'done' ? enter(reply.me) : ask(reply.challenge)))
  const submit = (e: React.FormEvent<HTMLFormElement>) => {
    e.preventDefault()
    const form = new FormData(e.currentTarget)
    send.mutate({ body: { mail: String(form.get('mail')), password: String(form.get('password')) } })
  }
  return (
    <form className="stack" onSubmit={submit}>
      <TextInput
        name="mail"
        type="email"
        autoComplete="username"
        label={t('sign-in.mail')}
        required
        withAsterisk={false}
        autoFocus
      />
      <PasswordInput
        name="password"
        autoComplete="current-password"
        label={t('sign-in.password')}
        required
        withAsterisk={false}
        visibilityToggleButtonProps={{ 'aria-label': t('sign-in.show-password') }}
      />
      <ProblemNote error={send.error} />
      <Button type="submit" loading={send.isPending}>
        {t('sign-in.enter')}
      </Button>
    </form>
  )
}

function Code({ challenge, enter, back }: { challenge: string; enter: (me: Me) => Promise<void>; back: () => void }) {
  const { t } = useTranslation()
  const send = useSend(signInTotp, (reply) => enter(reply.me))
  const submit = (e: React.FormEvent<HTMLFormElement>) => {
    e.preventDefault()
    send.mutate({ body: { challenge, code: String(new FormData(e.currentTarget).get('code')) } })
  }
  return (
    <form className="stack" onSubmit={submit}>
      <TextInput
        name="code"
        autoComplete="one-time-code"
        label={t('sign-in.code')}
        description={t('sign-in.code-hint')}
        required
        withAsterisk={false}
        autoFocus
      />
      <ProblemNote error={send.error} />
      <Button type="submit" loading={send.isPending}>
        {t('sign-in.enter')}
      </Button>
      <button type="button" className="plain link" onClick={back}>
        {t('sign-in.back')}
      </button>
    </form>
  )
}
