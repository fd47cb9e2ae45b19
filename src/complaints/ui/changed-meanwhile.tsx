import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { useMe } from '../../web/ui/session.ts'
import type { ComplaintPage, TimelineItem } from '../contract.ts'
import type { Field } from './action-fields.ts'
import { EventLine } from './event-line.tsx'
import { useEventWords } from './event-words.ts'
import { lastSeq } from './stale-note.tsx'
import type { ActionForm } from './use-action-form.ts'
import type { Command, CommandName } from './use-command.ts'

type Event = Extract<TimelineItem, { kind: 'event' }>

/** What others did since the form was opened; of the system only where the server said that it is in the way. */
export function useMeanwhile(page: ComplaintPage, command: Command): readonly Event[] {
  const me = useMe().id
  const [opened] = useState(() => lastSeq(page.timeline))
  return page.timeline.filter(
    (item): item is Event =>
      item.kind === 'event' &&
      item.seq > opened &&
      (command.stale || (item.actor.id !== me && item.actor.kind !== 'system')),
  )
}

type Props = {
  readonly name: CommandName
  readonly page: ComplaintPage
  readonly form: ActionForm
  readonly fields: readonly Field[]
  readonly command: Command
  readonly since: readonly Event[]
  readonly drop: () => void
}

/** What went wrong with a form, or is about to: others were faster. Their values stand beside one's own. */
export function ChangedMeanwhile({ name, page, form, fields, command, since, drop }: Props) {
  const { t } = useTranslation()
  const events = useEventWords(page)
  if (command.error && !command.stale) return <ProblemNote error={command.error} />
  if (since.length === 0 && !command.stale) return null
  const words = ({ name: field, kind }: Field, raw: unknown) => {
    if (raw === null || raw === undefined || raw === '') return t('stale.empty')
    if (kind === 'line' || kind === 'prose') return String(raw)
    if (kind === 'score') return t(`scores.${field}-${raw}`)
    return events.value(field, raw) || t('stale.empty')
  }
  const changed = form.changed.flatMap((one) => {
    const field = fields.find((f) => f.name === one.field)
    return field ? [{ ...one, field }] : []
  })
  return (
    <div className="note-box warn" role="alert">
      <b>{t('stale.title')}</b>
      <ul>
        {since.map((item) => (
          <EventLine key={item.seq} item={item} page={page} />
        ))}
      </ul>
      {changed.map(({ field, now, mine }) => (
        <p key={field.name}>
          {t(mine ? 'stale.both' : 'stale.theirs', {
            field: t([`fields.${name}.${field.name}`, `fields.${field.name}`]),
            now: words(field, now),
            mine: words(field, form.values[field.name]),
          })}{' '}
          {mine && (
            <button type="button" className="plain link small" onClick={() => form.take(field.name)}>
              {t('stale.take')}
            </button>
          )}
        </p>
      ))}
      <p>{t('stale.kept-form')}</p>
      <Button size="compact-sm" variant="default" mt={6} onClick={drop}>
        {t('stale.drop')}
      </Button>
    </div>
  )
}
