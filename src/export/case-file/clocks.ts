import { causeWords, targetWords, versionWords } from '../../complaints/domain/index.ts'
import { wallTime } from '../domain/instant.ts'
import type { Block } from './document.ts'
import type { Page, Read } from './read.ts'

type Clock = Page['clocks'][number]

/** Every clock: from when, until when, what became of it, and why this date. */
export function clocksOf(read: Read): Block[] {
  const { page, words, names, zone } = read
  const { t } = words
  if (page.clocks.length === 0) return []
  const at = (instant: string | null) => (instant === null ? '' : wallTime(Date.parse(instant), zone))
  return [
    { kind: 'heading', text: t('case-file.clocks') },
    {
      kind: 'table',
      head: [t('clock-why.clock'), t('clock-why.since'), t('clock-why.due'), t('case-file.became'), t('case-file.why')],
      rows: page.clocks.map((c) => [
        [names.clockOf(c), c.words ?? ''].filter(Boolean).join(t('case-file.colon')),
        at(c.startedAt),
        at(c.dueAt),
        [t(`audit.clock-states.${c.state}`), at(c.endedAt)].filter(Boolean).join(' '),
        whyOf(read, c),
      ]),
      widths: [18, 16, 16, 18, 32],
      fine: null,
    },
  ]
}

function whyOf({ words: { t }, names, page, variant }: Read, clock: Clock): string {
  const { assessed } = page.complaint
  // How severe we hold it is ours.
  const severity = (name: string) => names.severityOf({ severity: name, assessed })
  const weighed = 'severity' in clock.cause || clock.cause.changed === 'severity'
  const cause = variant === 'outside' && weighed ? '' : causeWords(clock.cause, severity, t)
  return [
    targetWords(clock.target, t),
    versionWords('policies', clock.policy, t),
    versionWords('calendars', clock.calendar, t),
    cause,
  ]
    .filter(Boolean)
    .join(t('common.dot'))
}
