import { Button } from '@mantine/core'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import type { ComplaintPage, TimelineItem } from '../contract.ts'
import { EventLine } from './event-line.tsx'
import type { Command } from './use-command.ts'

/** What went wrong with a command. When somebody was faster: what they did, and the way on with one's own words kept. */
export function CommandProblem({ command, page }: { command: Command; page: ComplaintPage }) {
  const { t } = useTranslation()
  // What had happened when the writing began.
  const seen = useRef(lastSeq(page.timeline))
  if (!command.error) return null
  if (!command.stale) return <ProblemNote error={command.error} />
  const since = page.timeline.filter((item) => item.kind === 'event' && item.seq > seen.current)
  return (
    <div className="note-box warn" role="alert">
      <b>{t('stale.title')}</b>
      <ul>{since.map((item) => item.kind === 'event' && <EventLine key={item.seq} item={item} page={page} />)}</ul>
      <p>{t('stale.kept')}</p>
      <Button size="compact-sm" variant="default" mt={6} onClick={command.clear}>
        {t('stale.go-on')}
      </Button>
    </div>
  )
}

export function lastSeq(timeline: readonly TimelineItem[]): number {
  return timeline.reduce((most, item) => (item.kind === 'event' ? Math.max(most, item.seq) : most), 0)
}
