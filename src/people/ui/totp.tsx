import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { ShownOnce } from '../../web/ui/shown-once.tsx'
import { useMe } from '../../web/ui/session.ts'
import { useSend } from '../../web/ui/use-call.ts'
import { confirmTotp, disableTotp, enrolTotp, getMe } from '../contract.ts'

// Where its chunk does not arrive, the secret in letters is enough.
const QrCode = lazy(() => import('../../web/ui/qr-code.tsx').catch(() => ({ default: () => <></> })))

/** The second factor: begin with the password, confirm with a first code, keep the recovery codes. */
export function Totp() {
  const { t } = useTranslation()
  const me = useMe()
  const client = useQueryClient()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const again = () => client.invalidateQueries({ queryKey: [getMe.id] })
  const enrol = useSend(enrolTotp, () => setPassword(''))
  const confirm = useSend(confirmTotp, again)
  const disable = useSend(disableTotp, () => {
    setPassword('')
    confirm.reset()
    enrol.reset()
    return again()
  })
  const codes = confirm.data?.recoveryCodes
  const begun = enrol.data && !codes
  const submit = (e: React.FormEvent) => {
    e.preventDefault()
    if (begun) confirm.mutate({ body: { code } })
    else (me.totpOn ? disable : enrol).mutate({ body: { password } })
  }
  return (
    <section className="stack" aria-label={t('totp.title')}>
      <h2>{t('totp.title')}</h2>
      <p className="quiet">{t(me.totpOn ? 'totp.on' : 'totp.off', { count: me.recoveryCodesLeft })}</p>
      {codes && (
        <div className="note-box warn" role="status">
          <p>{t('totp.codes')}</p>
          <ShownOnce label={t('totp.recovery')} text={codes} />
        </div>
      )}
      <form className="stack" onSubmit={submit}>
        {begun ? (
          <>
            <p>{t('totp.add')}</p>
            <div className="enrol">
              <div className="qr-place">
                <Suspense>
                  <QrCode label={t('totp.qr')} text={enrol.data?.url ?? ''} />
                </Suspense>
              </div>
              <div className="stack">
                <ShownOnce label={t('totp.secret')} text={enrol.data?.secret.replaceAll(/(.{4})(?=.)/g, '$1 ') ?? ''} />
                <a className="link" href={enrol.data?.url}>
                  {t('totp.open-app')}
                </a>
              </div>
            </div>
            <TextInput
              label={t('sign-in.code')}
              autoComplete="one-time-code"
              required
              value={code}
              onChange={(e) => setCode(e.currentTarget.value)}
            />
          </>
        ) : (
          <PasswordInput
            label={t('account.current')}
            autoComplete="current-password"
            required
            value={password}
            onChange={(e) => setPassword(e.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': t('sign-in.show-password') }}
          />
        )}
        <ProblemNote error={enrol.error ?? confirm.error ?? disable.error} />
        <div>
          <Button type="submit" variant="default" loading={enrol.isPending || confirm.isPending || disable.isPending}>
            {t(begun ? 'totp.confirm' : me.totpOn ? 'totp.turn-off' : 'totp.turn-on')}
          </Button>
        </div>
      </form>
    </section>
  )
}
