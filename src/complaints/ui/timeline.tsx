import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@mantine/core'
import { call } from '../../kit/client/call.ts'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { type ComplaintPage, readTimeline, type TimelineItem } from '../contract.ts'
import { EventLine } from './event-line.tsx'
import { MessageItem } from './message-item.tsx'
import { recordersOf } from './recorders.ts'

const kinds = ['all', 'messages', 'notes', 'events'] as const
type Kind = (typeof kinds)[number]

/** What was said and done, oldest first; one kind at a time if wanted. */
export function Timeline({ page }: { page: ComplaintPage }) {
  const { t } = useTranslation()
  const [kind, setKind] = useState<Kind>('all')
  const earlier = useEarlier(page)
  const all = merge(earlier.items, page.timeline)
  const recorders = recordersOf(all)
  const items = all.filter((item) => isOf(item, kind))
  return (
    <section aria-label={t('timeline.title')}>
      <div className="tabs" role="group" aria-label={t('timeline.show')}>
        {kinds.map((k) => (
          <button
            type="button"
            key={k}
            className={k === kind ? 'on' : ''}
            aria-pressed={k === kind}
            onClick={() => setKind(k)}
          >
            {t(`timeline.${k}`)}
          </button>
        ))}
      </div>
      {earlier.before && (
        <Button variant="default" size="compact-sm" loading={earlier.pending} onClick={earlier.more} mb={12}>
          {t('timeline.earlier')}
        </Button>
      )}
      <ProblemNote error={earlier.error} />
      <ol className="timeline">
        {items.map((item) =>
          item.kind === 'message' ? (
            <MessageItem key={item.id} item={item} page={page} recordedBy={recorders.get(item.id)} />
          ) : (
            <EventLine key={item.seq} item={item} page={page} />
          ),
        )}
      </ol>
      {items.length === 0 && <p className="quiet">{t('timeline.nothing')}</p>}
    </section>
  )
}

/** Earlier parts, asked for one at a time. */
function useEarlier(page: ComplaintPage) {
  const [items, setItems] = useState<readonly TimelineItem[]>([])
  const [reached, setReached] = useState<{ before: string | null } | null>(null)
  const [state, setState] = useState<{ pending: boolean; error: unknown }>({ pending: false, error: null })
  const before = reached ? reached.before : page.timelineBefore
  const more = async () => {
    if (!before) return
    setState({ pending: true, error: null })
    try {
      const part = await call(readTimeline, { params: { id: page.complaint.id }, query: { before } })
      setItems((seen) => merge(part.items, seen))
      setReached({ before: part.before })
      setState({ pending: false, error: null })
    } catch (error) {
      setState({ pending: false, error })
    }
  }
  return { items, before, more: () => void more(), ...state }
}

/** Both parts once each, by time. */
function merge(a: readonly TimelineItem[], b: readonly TimelineItem[]): TimelineItem[] {
  const byKey = new Map<string, TimelineItem>()
  for (const item of [...a, ...b]) byKey.set(item.kind === 'message' ? item.id : `event-${item.seq}`, item)
  return [...byKey.values()].sort((x, y) => Date.parse(x.at) - Date.parse(y.at) || rank(x) - rank(y))
}

/** At one instant the words come before what they caused. */
function rank(item: TimelineItem): number {
  return item.kind === 'message' ? 0 : item.seq
}

/** Events that only say what the message beside them shows; the events filter has them all. */
const doubled = new Set(['noted', 'message_received', 'replied'])

function isOf(item: TimelineItem, kind: Kind): boolean {
  if (kind === 'all') return item.kind === 'message' || !doubled.has(item.type)
  if (item.kind === 'event') return kind === 'events'
  return kind === (item.direction === 'note' ? 'notes' : 'messages')
}
