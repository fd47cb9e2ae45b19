import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Key } from '../../web/ui/key.tsx'
import { read } from '../../web/ui/use-call.ts'
import { listNotices, mostUnread } from '../contract.ts'
import { markRead, noteLooking } from './mark.ts'

/** How much is new for me. What one reads on the complaint itself is read. */
export function Bell({ open }: { open: () => void }) {
  const { t } = useTranslation()
  const { data } = useQuery({ ...read(listNotices, {}), staleTime: Number.POSITIVE_INFINITY })
  const unread = data?.unread ?? 0
  const shown = unread > mostUnread ? `${mostUnread}+` : String(unread)
  return (
    <button
      type="button"
      className="plain nav-view bell"
      aria-haspopup="dialog"
      aria-label={unread > 0 ? t('notices.bell-unread', { count: unread, shown }) : t('notices.bell')}
      onClick={open}
    >
      {t('notices.bell')} <Key of="notices" />
      {unread > 0 && <b className="count">{shown}</b>}
    </button>
  )
}

/** Whoever opens a complaint has read what was new of it. */
export function useReadByLooking(): void {
  const client = useQueryClient()
  const { id } = useParams({ strict: false })
  const { data } = useQuery({ ...read(listNotices, {}), staleTime: Number.POSITIVE_INFINITY })
  const unread = data?.items.some((g) => g.complaintId === id && g.unread) ?? false
  useEffect(() => {
    noteLooking(id ?? null)
    return () => noteLooking(null)
  }, [id])
  useEffect(() => {
    if (id && unread) void markRead(client, id)
    // Marked unread by hand while it is open, it stays so.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [client, id])
}
