import { useTranslation } from 'react-i18next'
import type { Present } from '../contract.ts'

/** Who else is here, and who is writing: said once to a screen reader, never in the way. */
export function PresentNote({ who }: { who: readonly Present[] }) {
  const { t } = useTranslation()
  const names = (all: readonly Present[]) => all.map((p) => p.name).join(t('common.comma'))
  const typing = who.filter((p) => p.typing)
  const reading = who.filter((p) => !p.typing)
  return (
    <span className="present" role="status">
      {typing.length > 0 && <b className="soon">{t('presence.typing', { names: names(typing) })}</b>}
      {reading.length > 0 && <span>{t('presence.reading', { names: names(reading) })}</span>}
    </span>
  )
}
