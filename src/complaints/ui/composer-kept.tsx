import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { listDrafts } from '../../drafts/contract.ts'
import { read } from '../../web/ui/use-call.ts'

/** The reader's own unsent words of a complaint they can no longer see: theirs to take along. */
export function KeptWords({ id }: { id: string }) {
  const { t } = useTranslation()
  const kept = useQuery({ ...read(listDrafts, { query: { prefix: `complaint.${id}.` } }), refetchInterval: 2_000 })
  const texts = (kept.data?.items ?? []).flatMap(({ value }) => {
    const { text } = (value ?? {}) as { text?: unknown }
    return typeof text === 'string' && text !== '' ? [text] : []
  })
  if (texts.length === 0) return null
  return (
    <div className="note-box kept-words">
      <p>{t('complaint.gone-draft')}</p>
      {texts.map((text) => (
        <textarea key={text} readOnly rows={4} value={text} aria-label={t('complaint.gone-draft')} />
      ))}
    </div>
  )
}
