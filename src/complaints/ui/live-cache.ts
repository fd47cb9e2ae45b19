import type { InfiniteData, QueryClient, QueryKey } from '@tanstack/react-query'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import type { Me } from '../../people/contract.ts'
import { type ComplaintPage, type ComplaintRow, countComplaints, listComplaints, openComplaint } from '../contract.ts'
import { goneEvent } from './gone-event.ts'
import type { InboxSearch } from './inbox-search.ts'
import { fits } from './fits.ts'
import { forgetNews, noteNews } from './news.ts'

/** What the live stream says of one complaint: its version and its row as the inbox shows it. */
export type Change = {
  readonly complaintId: string
  readonly version: number
  readonly type: string
  readonly row: ComplaintRow
}

type Pages = InfiniteData<ReplyOf<typeof listComplaints>>

/** Writes a changed row into every cached list in place; a row a list does not have yet only counts as news. */
export function applyChange(client: QueryClient, me: Me, change: Change): void {
  if (!change?.row) return
  for (const [key, data] of pagesOf(client, change.complaintId)) {
    const query = key[1] as InboxSearch
    if (data.pages.some((p) => p.items.some((r) => r.id === change.complaintId))) {
      client.setQueryData<Pages>(
        key,
        mapRows(data, (r) => (r.id === change.complaintId && r.version <= change.row.version ? change.row : r)),
      )
    } else if (fits(change.row, query, me, Date.now())) noteNews(JSON.stringify(query), change.complaintId)
  }
  freshenPage(client, change.complaintId, change.version)
  laterCounts(client)
}

/** No longer visible to this person: the row goes, the page closes itself by its own question. */
export function applyGone(client: QueryClient, gone: { complaintId: string }): void {
  if (!gone?.complaintId) return
  for (const [key, data] of pagesOf(client, gone.complaintId)) {
    client.setQueryData<Pages>(
      key,
      mapRows(data, (r) => (r.id === gone.complaintId ? undefined : r)),
    )
  }
  // By an event: what remembers complaints is not loaded with the desk.
  dispatchEvent(new CustomEvent(goneEvent, { detail: gone.complaintId }))
  void client.resetQueries({ queryKey: pageKey(gone.complaintId) })
  laterCounts(client)
}

/** The server tells another story than the one we followed: ask for everything again. */
export function applyReload(client: QueryClient): void {
  forgetNews()
  void client.invalidateQueries()
}

export function applyCounts(client: QueryClient, counts: unknown): void {
  if (typeof counts === 'object' && counts !== null && 'mine' in counts)
    client.setQueryData([countComplaints.id, {}], counts)
}

export function pageKey(complaintId: string) {
  return [openComplaint.id, { params: { id: complaintId } }]
}

/** The open page asks again once; a cached one only when it is opened. */
function freshenPage(client: QueryClient, complaintId: string, version: number): void {
  const page = client.getQueryData<ComplaintPage>(pageKey(complaintId))
  if (page && page.complaint.version >= version) return
  void client.invalidateQueries({ queryKey: pageKey(complaintId) })
}

/** The inbox's lists of many pages; a list asked in one answer (who is on the telephone) is asked again if it has the complaint. */
function pagesOf(client: QueryClient, complaintId: string): [QueryKey, Pages][] {
  const all = client.getQueriesData<Pages | ReplyOf<typeof listComplaints>>({ queryKey: [listComplaints.id] })
  return all.flatMap(([key, data]): [QueryKey, Pages][] => {
    if (data && 'pages' in data) return [[key, data]]
    const has = data?.items.some((r) => r.id === complaintId)
    if (has) void client.invalidateQueries({ queryKey: key, exact: true })
    return []
  })
}

function mapRows(data: Pages, change: (row: ComplaintRow) => ComplaintRow | undefined): Pages {
  const pages = data.pages.map((page) => {
    const items = page.items.map(change).filter((r) => r !== undefined)
    const same = items.length === page.items.length && items.every((r, i) => r === page.items[i])
    return same ? page : { ...page, items }
  })
  return { ...data, pages }
}

let counting: ReturnType<typeof setTimeout> | undefined
function laterCounts(client: QueryClient): void {
  if (counting) return
  counting = setTimeout(() => {
    counting = undefined
    void client.invalidateQueries({ queryKey: [countComplaints.id] })
  }, 2_000)
}
