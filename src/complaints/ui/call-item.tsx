import './telephone.css'
import { useTranslation } from 'react-i18next'
import { MessageItem, type MessageProps } from './message-item.tsx'

/** A call in the timeline: whose, how it went, how long, and its recording played in place. */
export function CallItem(props: MessageProps) {
  const { t } = useTranslation()
  const { call } = props.item
  if (!call) return <MessageItem {...props} />
  const facts = [
    t(`call.${call.direction}`),
    t(`call.outcome-${call.outcome}`),
    call.number,
    call.seconds > 0 ? t('call.length', { length: lengthOf(call.seconds) }) : '',
    call.consent === null ? '' : t(call.consent ? 'call.consent-given' : 'call.consent-missing'),
  ].filter(Boolean)
  return (
    <>
      <MessageItem {...props} />
      <li className="call-facts">
        <span className="quiet small">{facts.join(t('call.between'))}</span>
        {call.recordingId && (
          // oxlint-disable-next-line jsx-a11y/media-has-caption -- what was said stands above as text
          <audio
            controls
            preload="none"
            src={`/api/v1/attachments/${call.recordingId}/audio`}
            aria-label={t('call.recording')}
          />
        )}
      </li>
    </>
  )
}

/** 185 → 3:05 */
export function lengthOf(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
}
