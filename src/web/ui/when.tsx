import { useTranslation } from 'react-i18next'
import { useMe } from './session.ts'
import { absolute, dueWords, moment, pastWords, type Reader, urgency } from './time.ts'
import { useNow } from './use-now.ts'

/** The reader's language and zone. */
export function useReader(): Reader {
  const { i18n } = useTranslation()
  return { locale: i18n.language, zone: useMe().zone }
}

/** When something happened, in words; the whole instant on hover. `exact` puts date and time beside words without a time. */
export function When({ at, exact = false }: { at: string; exact?: boolean }) {
  const { t } = useTranslation()
  const reader = useReader()
  const ms = Date.parse(at)
  const words = pastWords(ms, useNow(), reader, t)
  return (
    <time dateTime={at} title={absolute(ms, reader)}>
      {words}
      {exact && !/\d:\d\d/.test(words) && <span className="quiet small"> {moment(ms, reader)}</span>}
    </time>
  )
}

/** When something is due, in words and in the colour of its urgency. */
export function Due({ at }: { at: string }) {
  const { t } = useTranslation()
  const reader = useReader()
  const now = useNow()
  const ms = Date.parse(at)
  return (
    <time dateTime={at} title={absolute(ms, reader)} className={`due ${urgency(ms, now)}`}>
      {dueWords(ms, now, reader, t)}
    </time>
  )
}
