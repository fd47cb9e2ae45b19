import type { QueryClient } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { call } from '../../kit/client/call.ts'
import type { Me } from '../../people/contract.ts'
import { isQuiet } from '../../preferences/domain/index.ts'
import { toast } from '../../web/ui/toast.tsx'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import { clockIn } from './clock.ts'
import { listNotices, markNotices, type NoticeGroup } from '../contract.ts'

type List = ReplyOf<typeof listNotices>
export const noticesKey = [listNotices.id, {}] as const

/** The complaint on the screen, where somebody is looking at it: its news is no news. */
let looking: string | null = null
export function noteLooking(id: string | null): void {
  looking = id
}

type Told = { readonly client: QueryClient; readonly me: Me; readonly t: TFunction; readonly now: number }

/** What the stream says is new for me: asked for, shown, and in quiet hours only listed. */
export async function applyNotice({ client, me, t, now }: Told, data: unknown): Promise<void> {
  const complaintId = (data as { complaintId?: unknown } | null)?.complaintId
  if (typeof complaintId !== 'string') return
  if (complaintId === looking && document.visibilityState === 'visible') {
    await markRead(client, complaintId)
    return
  }
  await client.invalidateQueries({ queryKey: noticesKey, refetchType: 'all' })
  const group = client.getQueryData<List>(noticesKey)?.items.find((g) => g.complaintId === complaintId)
  const { quiet, notify } = me.preferences
  if (!group?.unread || isQuiet(quiet, now, clockIn(me.zone, now))) return
  if (document.visibilityState === 'visible') {
    toast(`${group.number}　${newestWords(group, t)}`)
    if (notify.sound) chime()
  } else if (notify.system) tellSystem(t)
}

/** What happened last, in words. */
export function newestWords({ what: [newest] }: NoticeGroup, t: TFunction): string {
  if (!newest) return ''
  const plain = `notices.kinds.${newest.kind}`
  return newest.by ? t([`notices.by.${newest.kind}`, plain], { who: newest.by }) : t(plain)
}

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

/** Outside the page nothing is said of any complaint: who passes the screen reads it too. */
function tellSystem(t: TFunction): void {
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return
  const shown = new Notification(t('notices.system-title'), { body: t('notices.system-body'), tag: 'redress-news' })
  shown.addEventListener('click', () => {
    window.focus()
    shown.close()
  })
}

/** Two short soft tones; no file to load. */
function chime(): void {
  try {
    const audio = new AudioContext()
    const gain = audio.createGain()
    gain.gain.value = 0.05
    gain.connect(audio.destination)
    for (const [at, hertz] of [
      [0, 660],
      [0.12, 880],
    ] as const) {
      const tone = audio.createOscillator()
      tone.frequency.value = hertz
      tone.connect(gain)
      tone.start(audio.currentTime + at)
      tone.stop(audio.currentTime + at + 0.1)
    }
    setTimeout(() => void audio.close(), 500)
  } catch {
    // No sound on this machine: what is new is on the screen all the same.
  }
}
