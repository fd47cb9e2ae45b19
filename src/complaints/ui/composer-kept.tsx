import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { listDrafts } from '../../drafts/contract.ts'
import { read } from '../../web/ui/use-call.ts'
import type { Words } from './composer-writer.tsx'

/** All that somebody wrote in one draft: its words, the reasons on points, and those of the closing. */
function writtenIn(value: unknown): string {
  const { text, decision, closing } = (value ?? {}) as Partial<Words>
  const reasons = Object.values(decision?.findings ?? {}).map((f) => f.answer)
  return [text, ...reasons, closing?.summary].filter((words) => typeof words === 'string' && words !== '').join('\n\n')
}

/** The reader's own unsent words of a complaint they can no longer see: theirs to take along. */
export function KeptWords({ id }: { id: string }) {
  const { t } = useTranslation()
  const kept = useQuery({ ...read(listDrafts, { query: { prefix: `complaint.${id}.` } }), refetchInterval: 2_000 })
  const texts = (kept.data?.items ?? []).map(({ value }) => writtenIn(value)).filter((text) => text !== '')
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
