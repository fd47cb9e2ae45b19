import { useTranslation } from 'react-i18next'
import { When } from '../../web/ui/when.tsx'
import type { ServerDraft } from './use-server-draft.ts'

/** Where the words are now; and, where the same draft was written elsewhere, both to choose from. */
export function DraftLine<T>({ draft, textOf }: { draft: ServerDraft<T>; textOf: (value: T) => string }) {
  const { t } = useTranslation()
  const { other, state, refused } = draft
  const words = refused
    ? t(`problem.${refused.replaceAll('.', '-')}`, { defaultValue: t('drafts.offline') })
    : t(`drafts.${state}`)
  return (
    <>
      <span className={state === 'offline' ? 'draft-state soon' : 'draft-state'} role="status">
        {textOf(draft.value) === '' && state === 'saved' ? '' : words}
      </span>
      {other && (
        <div className="note-box warn draft-other">
          <b>{t('drafts.other')}</b> <When at={other.updatedAt} exact />
          <blockquote>{textOf(other.value).slice(0, 300)}</blockquote>
          <button type="button" className="plain link" onClick={draft.takeOther}>
            {t('drafts.take')}
          </button>
          <button type="button" className="plain link" onClick={draft.dropOther}>
            {t('drafts.leave')}
          </button>
        </div>
      )}
    </>
  )
}
