import { Button, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../kit/client/call.ts'
import { randomUuid } from '../../kit/client/uuid.ts'
import { listMailboxes } from '../../mail/contract.ts'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { read } from '../../web/ui/use-call.ts'
import type { MailTemplate } from '../contract.ts'
import { readTest, sendTest } from '../contract.ts'

type Props = Pick<MailTemplate, 'kind' | 'locale'> & {
  /** As they are being written; without, as they are kept. */
  readonly words?: Pick<MailTemplate, 'subject' | 'body'>
  /** From this mailbox, and no other. */
  readonly mailboxId?: string
}

/** Sends the mail to whoever presses, and says what the mail server made of it. */
export function TestMail({ kind, locale, words, mailboxId: only }: Props) {
  const { t } = useTranslation()
  const all = useQuery(read(listMailboxes, {})).data?.items ?? []
  const mailboxes = all.filter((m) => (only === undefined ? !m.off : m.id === only))
  const [mailboxId, setMailboxId] = useState('')
  const [sent, setSent] = useState<{ id: string; to: string } | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const state = useQuery({
    ...read(readTest, { params: { id: sent?.id ?? '' } }),
    enabled: sent !== null,
    refetchInterval: (query) => (query.state.data && query.state.data.state !== 'waiting' ? false : 1_000),
  }).data
  const from = mailboxes.find((m) => m.id === mailboxId) ?? mailboxes[0]
  const send = async () => {
    setError(null)
    setSent(null)
    setBusy(true)
    try {
      const body = { ...words, kind, locale, mailboxId: from?.id ?? null }
      setSent(await call(sendTest, { body }, { idempotencyKey: randomUuid() }))
    } catch (problem) {
      setError(problem)
    } finally {
      setBusy(false)
    }
  }
  const became = sent && (state?.id === sent.id ? state.state : 'waiting')
  return (
    <div className="template-test">
      <div className="row-flex">
        {mailboxes.length > 1 && (
          <NativeSelect
            aria-label={t('templates.from')}
            value={from?.id ?? ''}
            onChange={(e) => setMailboxId(e.currentTarget.value)}
            data={mailboxes.map((m) => ({ value: m.id, label: m.address }))}
          />
        )}
        <Button
          variant="default"
          size={only === undefined ? 'sm' : 'compact-sm'}
          loading={busy}
          aria-label={from && t('templates.test-of', { address: from.address })}
          onClick={() => void send()}
        >
          {t('templates.test')}
        </Button>
      </div>
      <ProblemNote error={error} />
      <p role="status" className="small">
        {became === 'waiting' && t('templates.testing', { to: sent?.to ?? '' })}
        {became === 'sent' && <span className="yes">{t('templates.test-sent', { to: sent?.to ?? '' })}</span>}
        {became === 'failed' && (
          <span className="late">{t('templates.test-failed', { error: state?.error ?? '' })}</span>
        )}
      </p>
    </div>
  )
}
