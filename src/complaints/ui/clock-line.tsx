import { useTranslation } from 'react-i18next'
import { absolute, dueWords, shortMoment, spanWords } from '../../web/ui/time.ts'
import { useReader } from '../../web/ui/when.tsx'
import { useNow } from '../../web/ui/use-now.ts'
import type { Clock, ComplaintPage } from '../contract.ts'
import { placeMarks } from './clock-marks.ts'
import { useNames } from './use-names.ts'

/** All clocks on one line from receipt to the last date, the statutory one at the end; waiting is hatched. */
export function ClockLine({ page }: { page: ComplaintPage }) {
  const { t } = useTranslation()
  const now = useNow()
  const reader = useReader()
  const names = useNames()
  const shown = page.clocks.filter((c) => c.state !== 'cancelled' && (c.dueAt ?? c.endedAt))
  if (shown.length === 0) return null
  const { marks, nowAt } = placeMarks(shown, Date.parse(page.complaint.receivedAt), now)
  const words = (c: Clock) => {
    if (c.state === 'met' && c.endedAt)
      return t('clock-line.met', { span: spanWords(Date.parse(c.endedAt) - Date.parse(c.startedAt), t) })
    if (c.state === 'breached' && c.endedAt)
      return t('clock-line.late', { span: spanWords(Date.parse(c.endedAt) - Date.parse(c.dueAt ?? c.endedAt), t) })
    if (c.state === 'paused') return t('clock-line.paused')
    return c.dueAt ? dueWords(Date.parse(c.dueAt), now, reader, t) : ''
  }
  // Two of one name (a promise and another one) are told apart by when they began.
  const nameOf = (c: Clock) => {
    const name = names.clockOf(c)
    const alone = shown.filter((other) => names.clockOf(other) === name).length < 2
    return alone ? name : t('clock-line.since', { name, at: shortMoment(Date.parse(c.startedAt), now, reader) })
  }
  // More than four would stand on each other under the line.
  return (
    <div className={marks.length > 4 ? 'clock many' : 'clock'}>
      <div className="bar" aria-hidden="true">
        <i style={{ width: `${nowAt}%` }} />
        {page.complaint.waitingFor && <u style={{ left: `${nowAt}%` }} />}
      </div>
      <ol aria-label={t('clock-line.label')}>
        {marks.map(({ clock, at }) => (
          <li
            key={clock.id}
            className={toneOf(clock, now)}
            style={{ left: `${at}%`, '--at': `${at}%` } as React.CSSProperties}
            title={clock.dueAt ? absolute(Date.parse(clock.dueAt), reader) : undefined}
          >
            <span>{nameOf(clock)}</span> {words(clock)}
          </li>
        ))}
      </ol>
    </div>
  )
}

function toneOf(clock: Clock, now: number): string {
  if (clock.state === 'met') return 'yes'
  if (clock.overdue || clock.state === 'breached') return 'late'
  return clock.state === 'running' && clock.dueAt && Date.parse(clock.dueAt) - now < 4 * 3_600_000 ? 'soon' : ''
}
