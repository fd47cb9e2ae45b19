import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Key } from '../../web/ui/key.tsx'
import { read } from '../../web/ui/use-call.ts'
import { listNotices, mostUnread } from '../contract.ts'
import { markRead, noteLooking } from './mark.ts'

type Props = {
  readonly open: () => void /** A picture instead of the word, where there is no room. */
  readonly small?: boolean
}

/** How much is new for me. What one reads on the complaint itself is read. */
export function Bell({ open, small = false }: Props) {
  const { t } = useTranslation()
  const { data } = useQuery({ ...read(listNotices, {}), staleTime: Number.POSITIVE_INFINITY })
  const unread = data?.unread ?? 0
  const shown = unread > mostUnread ? `${mostUnread}+` : String(unread)
  return (
    <button
      type="button"
      className={small ? 'plain bar-icon' : 'plain nav-view bell'}
      aria-haspopup="dialog"
      aria-label={unread > 0 ? t('notices.bell-unread', { count: unread, shown }) : t('notices.bell')}
      onClick={open}
    >
      {small ? (
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="M10 2.5a5 5 0 0 0-5 5V11l-1.5 3h13L15 11V7.5a5 5 0 0 0-5-5zM8 16.5a2 2 0 0 0 4 0" />
        </svg>
      ) : (
        <>
          {t('notices.bell')} <Key of="notices" />
        </>
      )}
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
