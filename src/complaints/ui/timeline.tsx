import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@mantine/core'
import { call } from '../../kit/client/call.ts'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { useMe } from '../../web/ui/session.ts'
import { type ComplaintPage, readTimeline, type TimelineItem } from '../contract.ts'
import { CallItem } from './call-item.tsx'
import { EventLine } from './event-line.tsx'
import { MessageItem } from './message-item.tsx'
import { recordersOf } from './recorders.ts'
import { useShowing } from './show-message.ts'

const kinds = ['all', 'messages', 'calls', 'notes', 'events'] as const
type Kind = (typeof kinds)[number]

/** Drawn at once; what is further up comes when asked for, so that a complaint of thousands stays quick. */
const mostDrawn = 100

/** What was said and done, oldest first; one kind at a time if wanted, as this person last wanted it. */
export function Timeline({ page }: { page: ComplaintPage }) {
  const { t } = useTranslation()
  const [kind, setKind] = useKind()
  const earlier = useEarlier(page, kind)
  const [drawn, setDrawn] = useState(mostDrawn)
  const all = useMemo(() => merge(earlier.items, page.timeline), [earlier.items, page.timeline])
  const recorders = useMemo(() => recordersOf(all), [all])
  const items = useMemo(() => all.filter((item) => isOf(item, kind)), [all, kind])
  const hidden = Math.max(0, items.length - drawn)
  const count = (k: Kind) => (k === 'all' ? undefined : page.timelineCounts[k])
  useShowing(() => {
    setKind('all')
    setDrawn(Number.POSITIVE_INFINITY)
  })
  const more = () => {
    setDrawn(drawn + mostDrawn)
    if (hidden < mostDrawn) earlier.more()
  }
  return (
    <section aria-label={t('timeline.title')}>
      <div className="chips" role="group" aria-label={t('timeline.show')}>
        {kinds.map((k) => (
          <button
            type="button"
            key={k}
            className={k === kind ? 'on' : ''}
            aria-pressed={k === kind}
            onClick={() => setKind(k)}
          >
            {t(`timeline.${k}`)}
            {count(k) !== undefined && <small> {count(k)}</small>}
          </button>
        ))}
      </div>
      {(earlier.before || hidden > 0) && (
        <Button variant="default" size="compact-sm" loading={earlier.pending} onClick={more} mb={12}>
          {t('timeline.earlier')}
        </Button>
      )}
      <ProblemNote error={earlier.error} />
      <ol className="timeline">
        {items
          .slice(hidden)
          .map((item) =>
            item.kind === 'event' ? (
              <EventLine key={item.seq} item={item} page={page} />
            ) : item.call ? (
              <CallItem key={item.id} item={item} page={page} recorded={recorders.get(item.id)} />
            ) : (
              <MessageItem key={item.id} item={item} page={page} recorded={recorders.get(item.id)} />
            ),
          )}
      </ol>
      {items.length === 0 && !earlier.before && <p className="quiet">{t('timeline.nothing')}</p>}
    </section>
  )
}

/** The kind this person looked at last, in this browser. */
function useKind(): [Kind, (kind: Kind) => void] {
  const key = `redress.timeline.${useMe().id}`
  const [kind, set] = useState<Kind>(() => kinds.find((k) => k === localStorage.getItem(key)) ?? 'all')
  return [
    kind,
    (next) => {
      localStorage.setItem(key, next)
      set(next)
    },
  ]
}

type Reached = Partial<Record<Kind, string | null>>

/** Earlier parts, asked for one at a time; of one kind only, where only that is looked at. */
function useEarlier(page: ComplaintPage, kind: Kind) {
  const [items, setItems] = useState<readonly TimelineItem[]>([])
  const [reached, setReached] = useState<Reached>({})
  const [state, setState] = useState<{ pending: boolean; error: unknown }>({ pending: false, error: null })
  const start = reached.all === undefined ? page.timelineBefore : reached.all
  const before = reached[kind] === undefined ? start : reached[kind]
  const more = async () => {
    if (!before || state.pending) return
    setState({ pending: true, error: null })
    try {
      const query = { before, ...(kind === 'all' ? {} : { kind }) }
      const part = await call(readTimeline, { params: { id: page.complaint.id }, query })
      setItems((seen) => merge(part.items, seen))
      setReached((at) => ({ ...at, [kind]: part.before }))
      setState({ pending: false, error: null })
    } catch (error) {
      setState({ pending: false, error })
    }
  }
  // A kind that has nothing in the newest part is not "nothing": it stands further up.
  const none = kind !== 'all' && before && ![...items, ...page.timeline].some((item) => isOf(item, kind))
  const idle = !state.pending && state.error === null
  useEffect(() => {
    if (!none || !idle) return
    const timer = setTimeout(() => void more())
    return () => clearTimeout(timer)
  })
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
const doubled = new Set([
  'noted',
  'message_received',
  'replied',
  'called',
  'message_folded',
  'message_unfolded',
  'translated',
])

function isOf(item: TimelineItem, kind: Kind): boolean {
  if (kind === 'all') return item.kind === 'message' || !doubled.has(item.type)
  if (item.kind === 'event') return kind === 'events'
  if (item.call) return kind === 'calls'
  return kind === (item.direction === 'note' ? 'notes' : 'messages')
}
