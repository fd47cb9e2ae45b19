import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { createComplaint } from '../../complaints/contract.ts'
import { useNames } from '../../complaints/ui/index.ts'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import { Due } from '../../web/ui/when.tsx'

/** After recording: the number to read out, what the person needs to follow it, the clocks, and what looks the same. */
type Props = { created: ReplyOf<typeof createComplaint>; channel: string; again: () => void }

export function Recorded({ created, channel, again }: Props) {
  const { t } = useTranslation()
  const names = useNames()
  return (
    <div className="stack" role="status">
      <p className="big-number">{created.number}</p>
      <dl className="kv recorded">
        <div>
          <dt>{t('new.public-ref')}</dt>
          <dd className="mono">{created.publicRef}</dd>
        </div>
        {created.secret && (
          <div>
            <dt>{t('new.secret')}</dt>
            <dd className="mono">{created.secret}</dd>
          </div>
        )}
        {created.clocks
          // A date of our own for the result is not said before somebody has judged the matter.
          .filter((c) => c.dueAt && c.state === 'running' && c.kind !== 'resolve')
          .map((c) => (
            <div key={c.id}>
              <dt>{names.clockOf(c)}</dt>
              <dd>{c.dueAt && <Due at={c.dueAt} />}</dd>
            </div>
          ))}
      </dl>
      {created.secret && (
        <p className="quiet">
          {channel === 'phone' && t('new.read-out')}
          {t('new.secret-once')}
        </p>
      )}
      {created.suggestions.length > 0 && (
        <div className="note-box warn">
          <b>{t('suggestions.title')}</b>
          {created.suggestions.map((s) => (
            <p key={s.id}>
              {s.number} {s.title}
            </p>
          ))}
        </div>
      )}
      <div className="row-flex">
        <Button component={Link} to={`/complaints/${created.id}`}>
          {t('new.open')}
        </Button>
        <Button variant="default" onClick={again}>
          {t('new.another')}
        </Button>
      </div>
    </div>
  )
}
