import type { QueryClient } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import type { Me } from '../../people/contract.ts'
import { isQuiet } from '../../preferences/domain/index.ts'
import { toast } from '../../web/ui/toast.tsx'
import { clockIn } from './clock.ts'
import type { NoticeGroup } from '../contract.ts'
import { isLookedAt, type List, markRead, noticesKey } from './mark.ts'

export type Told = { readonly client: QueryClient; readonly me: Me; readonly t: TFunction; readonly now: number }

/** What the stream says is new for me: asked for, shown, and in quiet hours only listed. */
export async function applyNotice({ client, me, t, now }: Told, data: unknown): Promise<void> {
  const complaintId = (data as { complaintId?: unknown } | null)?.complaintId
  if (typeof complaintId !== 'string') return
  if (isLookedAt(complaintId)) {
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
