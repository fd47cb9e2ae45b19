import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { openComplaint } from '../../complaints/contract.ts'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { useMay } from '../../web/ui/session.ts'
import { useSend } from '../../web/ui/use-call.ts'
import { When } from '../../web/ui/when.tsx'
import { cancelOutgoing, listOutbox, retryOutgoing } from '../contract.ts'
import type { Outgoing } from './outgoing.ts'

/** Whether a reply has really gone out: waiting with the seconds left to take it back, sent, or failed with a retry. */
export function OutboxState({ outbox, complaintId }: { outbox: Outgoing; complaintId: string | null }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const again = () => {
    void client.invalidateQueries({ queryKey: [openComplaint.id, { params: { id: complaintId } }] })
    void client.invalidateQueries({ queryKey: [listOutbox.id] })
  }
  const cancel = useSend(cancelOutgoing, again)
  const retry = useSend(retryOutgoing, again)
  const mayRetry = useMay('outbox.retry')
  const left = useSecondsLeft(outbox.state === 'waiting' ? Date.parse(outbox.sendAt) : 0, again)
  const input = { params: { id: outbox.id } }
  const returned = returnedFor(outbox.lastError)
  return (
    <div className={`outbox ${outbox.state}`} role="status">
      {outbox.state === 'waiting' && left > 0 && (
        <>
          <span>{t('outbox.waiting', { count: left })}</span>
          <button type="button" className="plain link" disabled={cancel.isPending} onClick={() => cancel.mutate(input)}>
            {t('outbox.undo')}
          </button>
        </>
      )}
      {((outbox.state === 'waiting' && left === 0) || outbox.state === 'sending') && (
        <span className={outbox.lastError ? 'soon' : ''}>
          {outbox.lastError
            ? t('outbox.again', { count: outbox.attempts, error: outbox.lastError })
            : t('outbox.sending')}
        </span>
      )}
      {outbox.state === 'sent' && outbox.sentAt && (
        <span className="yes">
          {t('outbox.sent')} <When at={outbox.sentAt} />
        </span>
      )}
      {outbox.state === 'cancelled' && <span className="soon">{t('outbox.cancelled')}</span>}
      {outbox.state === 'failed' && (
        <>
          <span className="late">
            {returned
              ? t(`mail.returned.${returned}`, { code: outbox.lastError })
              : t('outbox.failed', { count: outbox.attempts, error: outbox.lastError ?? '' })}
          </span>
          {mayRetry && returned !== 'address' && (
            <button type="button" className="plain link" disabled={retry.isPending} onClick={() => retry.mutate(input)}>
              {t('outbox.retry')}
            </button>
          )}
        </>
      )}
      <ProblemNote error={cancel.error ?? retry.error} />
    </div>
  )
}

/** What the code of a report of delivery (RFC 3463) means, where that is all we know: the mail had left, and came back. */
function returnedFor(error: string | null): 'address' | 'full' | 'refused' | 'other' | undefined {
  if (!error || !/^[45]\.\d{1,3}\.\d{1,3}$/.test(error)) return undefined
  if (/^5\.1\.|^5\.2\.1$/.test(error)) return 'address'
  if (/^\d\.2\.2$/.test(error)) return 'full'
  return /^\d\.7\./.test(error) ? 'refused' : 'other'
}

/** Whole seconds until an instant; asks once more shortly after it has passed. */
function useSecondsLeft(until: number, passed: () => void): number {
  const [now, setNow] = useState(() => Date.now())
  const running = until > 0 && now < until + 1_500
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => {
      const next = Date.now()
      setNow(next)
      if (next >= until + 1_500) passed()
    }, 500)
    return () => clearInterval(timer)
  })
  return Math.max(0, Math.ceil((until - now) / 1000))
}
