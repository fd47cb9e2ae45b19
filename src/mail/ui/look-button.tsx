import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import { call } from '../../kit/client/call.ts'
import { harmless } from '../../kit/pure/markup.ts'
import { keyOf, ProblemNote } from '../../web/ui/problem-note.tsx'
import { lookOnce } from '../contract.ts'
import type { FetchingGiven } from './fetching-form.tsx'

type Found = { readonly folder: string; readonly seen: ReplyOf<typeof lookOnce> }

/** Tries what is written in the form, and says in words what the server shows or what is wrong. */
export function LookButton({ mailboxId, given }: { mailboxId: string; given: () => FetchingGiven }) {
  const { t } = useTranslation()
  const [found, setFound] = useState<Found | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [looking, setLooking] = useState(false)
  const look = async () => {
    const { host, port, security, user, password, folder = 'INBOX' } = given()
    setFound(null)
    setError(null)
    setLooking(true)
    try {
      const body = { host, port, security, user, folder, ...(password ? { password } : {}) }
      setFound({ folder, seen: await call(lookOnce, { params: { id: mailboxId }, body }) })
    } catch (problem) {
      setError(problem)
    } finally {
      setLooking(false)
    }
  }
  return (
    <div>
      <Button variant="default" onClick={() => void look()} loading={looking}>
        {t('fetching.look')}
      </Button>
      <ProblemNote error={error} />
      <div role="status">
        {looking && <p className="small quiet">{t('fetching.looking')}</p>}
        {found && <Told {...found} />}
      </div>
    </div>
  )
}

function Told({ folder, seen }: Found) {
  const { t } = useTranslation()
  const { problem, said, folders, messages, unseen } = seen
  return (
    <div className={problem ? 'note-box problem' : 'note-box'}>
      <p>
        {problem
          ? t(`problem.${keyOf(problem)}`)
          : t('fetching.saw', { folder, messages: messages ?? '?', unseen: unseen ?? '?' })}
      </p>
      {said && <p className="small">{t('fetching.said', { said: harmless(said) })}</p>}
      {folders.length > 0 && (
        <p className="small">{t('fetching.saw-folders', { folders: folders.map(harmless).join(t('common.comma')) })}</p>
      )}
    </div>
  )
}
