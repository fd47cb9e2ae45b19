import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../web/ui/session.ts'
import type { ComplaintPage, TimelineItem } from '../contract.ts'
import { EventLine } from './event-line.tsx'

type Event = Extract<TimelineItem, { kind: 'event' }>

export type Unseen = {
  /** What others did since the writer last looked. */
  readonly events: readonly Event[]
  /** The version to send with; undefined: ask first. */
  readonly version: number | undefined
  readonly asking: boolean
  readonly ask: () => void
  readonly read: () => void
}

/** What came in while somebody wrote. Their own doings, and those of the program, are no news to them. */
export function useUnseen(page: ComplaintPage): Unseen {
  const me = useMe()
  const [seen, setSeen] = useState(page.complaint.version)
  const [asking, setAsking] = useState(false)
  const events = page.timeline.filter(
    (item): item is Event =>
      item.kind === 'event' && item.seq > seen && item.actor.id !== me.id && item.actor.kind !== 'system',
  )
  return {
    events,
    version: events.length === 0 ? page.complaint.version : undefined,
    asking,
    ask: () => setAsking(true),
    read: () => {
      setSeen(page.complaint.version)
      setAsking(false)
    },
  }
}

type Props = {
  unseen: Unseen
  page: ComplaintPage
  asking: boolean
  busy: boolean
  read: () => void
  sendAnyway: () => void
}

/** Told in a line as it comes; asked in a box when the words would be sent past it. */
export function UnseenNote({ unseen: { events }, page, asking, busy, read, sendAnyway }: Props) {
  const { t } = useTranslation()
  if (events.length === 0) return null
  const show = () => {
    read()
    document.querySelector('.timeline > li:last-child')?.scrollIntoView({ block: 'center' })
  }
  if (!asking)
    return (
      <p className="note-box warn" role="status">
        {t('stale.new', { count: events.length })}{' '}
        <button type="button" className="plain link" onClick={show}>
          {t('stale.read')}
        </button>
      </p>
    )
  return (
    <div className="note-box warn" role="alertdialog" aria-label={t('stale.ask')}>
      <b>{t('stale.ask')}</b>
      <ul>
        {events.slice(-5).map((item) => (
          <EventLine key={item.seq} item={item} page={page} />
        ))}
      </ul>
      <div className="row-flex">
        <Button size="compact-sm" onClick={show} autoFocus>
          {t('stale.read')}
        </Button>
        <Button size="compact-sm" variant="default" loading={busy} onClick={sendAnyway}>
          {t('stale.anyway')}
        </Button>
        <span className="quiet small">{t('stale.kept-short')}</span>
      </div>
    </div>
  )
}
