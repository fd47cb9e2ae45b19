import type { QueryClient } from '@tanstack/react-query'
import { call } from '../../kit/client/call.ts'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import { listNotices, markNotices } from '../contract.ts'

export type List = ReplyOf<typeof listNotices>
export const noticesKey = [listNotices.id, {}] as const

/** The complaint on the screen, where somebody is looking at it: its news is no news. */
let looking: string | null = null
export function noteLooking(id: string | null): void {
  looking = id
}
export const isLookedAt = (id: string) => id === looking && document.visibilityState === 'visible'

/** Marks the news of a complaint read, here and on the server. */
export async function markRead(client: QueryClient, complaintId: string | null, read = true): Promise<void> {
  const seen = client.getQueryData<List>(noticesKey)
  const until = complaintId === null ? seen?.items.reduce((at, g) => (g.at > at ? g.at : at), '') : undefined
  if (seen) client.setQueryData<List>(noticesKey, marked(seen, complaintId, read))
  await call(markNotices, { body: { complaintId, read, ...(until ? { until } : {}) } }).catch(() => undefined)
  await client.invalidateQueries({ queryKey: noticesKey })
}

function marked(list: List, complaintId: string | null, read: boolean): List {
  const items = list.items.map((g) =>
    complaintId === null || g.complaintId === complaintId ? { ...g, unread: !read } : g,
  )
  const turned = items.filter((g, i) => g.unread !== list.items[i]?.unread).length
  return { unread: complaintId === null && read ? 0 : Math.max(0, list.unread + (read ? -turned : turned)), items }
}
