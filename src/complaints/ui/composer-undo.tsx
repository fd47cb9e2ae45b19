import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../kit/client/call.ts'
import { cancelOutgoing } from '../../replies/contract.ts'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { useMe } from '../../web/ui/session.ts'
import { useSend } from '../../web/ui/use-call.ts'
import { type ComplaintPage, readMessage } from '../contract.ts'
import { pageKey } from './live-cache.ts'
import type { Message } from './message-item.tsx'

/** After sending: how long it can still be taken back, and the way; what is taken back stands in the composer again. */
export function UndoBar({ page, restore }: { page: ComplaintPage; restore: (text: string) => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const message = useWaiting(page)
  const left = useLeft(message?.outbox ? Date.parse(message.outbox.sendAt) : 0)
  const { id } = page.complaint
  const cancel = useSend(cancelOutgoing, () => void client.invalidateQueries({ queryKey: pageKey(id) }))
  if (!message?.outbox || left <= 0) return <ProblemNote error={cancel.error} />
  const undo = async () => {
    if (!message.outbox) return
    await cancel.mutateAsync({ params: { id: message.outbox.id } })
    const cut = message.body.length < message.length
    const query = { messageId: message.id }
    restore(cut ? (await call(readMessage, { params: { id }, query })).body : message.body)
  }
  const seconds = Math.ceil(left / 1000)
  return (
    <div className="undo-bar" role="status">
      <span className="undo-left" style={{ '--left': `${Math.min(100, left / 100)}%` } as React.CSSProperties} />
      <span>{t('composer.undo-left', { count: seconds })}</span>
      <Button
        size="compact-sm"
        variant="default"
        loading={cancel.isPending}
        onClick={() => void undo().catch(() => undefined)}
      >
        {t('composer.undo')}
      </Button>
    </div>
  )
}

/** The reader's own last reply that has not left yet. */
function useWaiting(page: ComplaintPage): Message | undefined {
  const me = useMe()
  return page.timeline.findLast(
    (item): item is Message =>
      item.kind === 'message' &&
      item.direction === 'out' &&
      item.authorId === me.id &&
      item.outbox?.state === 'waiting',
  )
}

function useLeft(until: number): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (until <= Date.now()) return
    const tick = () => setNow(Date.now())
    const first = setTimeout(tick)
    const timer = setInterval(tick, 250)
    return () => {
      clearTimeout(first)
      clearInterval(timer)
    }
  }, [until])
  return until - now
}
