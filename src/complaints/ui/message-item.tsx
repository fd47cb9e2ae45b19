import { useTranslation } from 'react-i18next'
import { OutboxState } from '../../replies/ui/index.ts'
import { When } from '../../web/ui/when.tsx'
import type { ComplaintPage, TimelineItem } from '../contract.ts'
import { AttachmentLinks } from './attachment-links.tsx'
import { useNames } from './use-names.ts'

type Message = Extract<TimelineItem, { kind: 'message' }>

/** What we sent ourselves, and what was told in person, are two things. */
function directionOf({ direction, channel }: Message): string {
  if (direction !== 'out') return `timeline.dir-${direction}`
  return channel === 'portal' ? 'timeline.dir-out' : 'timeline.dir-told'
}

/** One utterance. A note differs by colour, border, indent and label at once. */
export function MessageItem({
  item,
  page,
  recordedBy,
}: {
  item: Message
  page: ComplaintPage
  recordedBy?: string | undefined
}) {
  const { t } = useTranslation()
  const names = useNames()
  const kind = item.visibility === 'internal' || item.direction === 'note' ? 'note' : item.direction
  const author = item.authorName || t(kind === 'in' ? 'complaint.complainant' : 'timeline.system')
  const files = page.attachments.filter((a) => a.messageId === item.id)
  return (
    <li className={`msg ${kind}`}>
      <span className="av" aria-hidden="true">
        {[...author][0]}
      </span>
      <article aria-label={t(`timeline.says-${kind}`, { name: author })}>
        <p className="by">
          <b>{author}</b>{' '}
          {kind === 'note' ? (
            <span className="label">{t('timeline.internal')}</span>
          ) : (
            <span>{t(directionOf(item), { channel: names.channel(item.channel) })}</span>
          )}
          ・<When at={item.at} exact />
          {recordedBy && <span>・{t('timeline.recorded-by', { name: recordedBy })}</span>}
          {item.flags.map((flag) => (
            <span className="tag" key={flag}>
              {t(`message-flags.${flag}`, { defaultValue: flag })}
            </span>
          ))}
        </p>
        <p className="words">{item.body}</p>
        <AttachmentLinks files={files} />
        {item.outbox && <OutboxState outbox={item.outbox} complaintId={page.complaint.id} />}
      </article>
    </li>
  )
}
