import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { harmless } from '../../kit/pure/markup.ts'
import { isSingleKey, nameOfKey } from '../../web/ui/keys.ts'
import { isBegun } from '../../drafts/ui/index.ts'
import { useDrafts, useMe } from '../../web/ui/session.ts'
import type { ComplaintPage } from '../contract.ts'
import { whyWords } from './actions-menu.tsx'
import { UndoBar } from './composer-undo.tsx'
import type { Words } from './composer-writer.tsx'

/** Reading comes first; it is there by the time somebody wants to write. */
const loadWriter = () => import('./composer-writer.tsx')
const Writer = lazy(() => loadWriter().then((m) => ({ default: m.Writer })))

export const composerModes = ['reply', 'note', 'append'] as const
export type ComposerMode = (typeof composerModes)[number]

type Props = {
  page: ComplaintPage
  mode: ComposerMode | null
  setMode: (mode: ComposerMode | null) => void
  onTyping: () => void
}

/**
 * Where words are written. To the complainant and internal are never one control with a switch: place, colour, border,
 * label and button differ, and each keeps a draft of its own.
 */
export function Composer({ page, mode, setMode, onTyping }: Props) {
  const { t } = useTranslation()
  const allowed = (m: ComposerMode) => page.actions.find((a) => a.name === m)
  const me = useMe()
  const [restored, setRestored] = useState<Words | null>(null)
  const left = useRef<Words | null>(null)
  useHidden(page)
  useEffect(() => void loadWriter().catch(() => undefined), [])
  useComposerKeys((m) => allowed(m)?.allowed && setMode(m))
  const name = harmless(page.customer?.name ?? '') || t('complaint.complainant')
  const restore = (text: string) => {
    // Its words as they left, signed; what was chosen and written besides is known here until the page is left.
    const besides = left.current && text.startsWith(left.current.text.trim()) ? left.current : {}
    setRestored({ mentions: [], ...besides, text })
    setMode('reply')
  }
  const begun = (m: ComposerMode) => {
    const key = `complaint.${page.complaint.id}.${m}`
    return (
      mode !== m &&
      isBegun(
        me,
        key,
        page.drafts.find((d) => d.key === key),
      )
    )
  }
  return (
    <section className={`composer ${mode ?? 'idle'}`} aria-label={t('composer.title')}>
      <UndoBar page={page} restore={restore} />
      <div className="switch" role="group" aria-label={t('composer.kind')}>
        {composerModes.map((m) => (
          <button
            key={m}
            type="button"
            className={m}
            aria-pressed={mode === m}
            disabled={!allowed(m)?.allowed}
            title={whyWords(allowed(m) ?? { why: 'complaints.not-now' }, t) || undefined}
            onClick={() => setMode(mode === m ? null : m)}
          >
            {t(`composer.${m}`, { name })}
            {begun(m) && (
              <>
                {' '}
                <i className="begun" role="img" aria-label={t('drafts.begun')} title={t('drafts.begun')} />
              </>
            )}
          </button>
        ))}
      </div>
      {mode && (
        <Suspense>
          <Writer
            key={mode}
            page={page}
            mode={mode}
            done={() => setMode(null)}
            left={(words) => {
              if (mode === 'reply') left.current = words
            }}
            restored={mode === 'reply' ? restored : null}
            taken={() => setRestored(null)}
            onTyping={onTyping}
          />
        </Suspense>
      )}
    </section>
  )
}

/** What was kept before the complaint was restricted leaves the disk. */
function useHidden(page: ComplaintPage): void {
  const { id, confidentiality } = page.complaint
  const secret = confidentiality !== 'normal'
  const drafts = useDrafts(secret)
  useEffect(() => {
    if (!secret) return
    const told = ['told', 'told-at', 'told-late', 'letter-no'].map((part) => `${id}.reply.${part}`)
    const kept = composerModes.flatMap((mode) => [`server.complaint.${id}.${mode}`, `intent.${id}.${mode}`])
    for (const name of [...kept, ...told]) drafts.keep(name, drafts.read(name))
  }, [secret, drafts, id])
}

/** The keys of reply and note. */
function useComposerKeys(start: (mode: ComposerMode) => void): void {
  const latest = useRef(start)
  latest.current = start
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      const mode = isSingleKey(e) ? nameOfKey(e.key) : undefined
      if (mode !== 'reply' && mode !== 'note') return
      e.preventDefault()
      latest.current(mode)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}
