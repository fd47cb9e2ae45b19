import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import './settings.css'

type Done = { readonly said: string; readonly undo: () => Promise<unknown> }
export type Undo = {
  readonly done: Done | null
  readonly error: unknown
  tell(said: string, undo: () => Promise<unknown>): void
  take(): Promise<void>
}

/** What was just done, and the way back: in place of asking before. */
export function useUndo(): Undo {
  const [done, setDone] = useState<Done | null>(null)
  const [error, setError] = useState<unknown>(null)
  return {
    done,
    error,
    tell: (said, undo) => {
      setError(null)
      setDone({ said, undo })
    },
    take: async () => {
      try {
        await done?.undo()
        setDone(null)
      } catch (problem) {
        setError(problem)
      }
    },
  }
}

export function UndoStrip({ undo }: { undo: Undo }) {
  const { t } = useTranslation()
  return (
    <div role="status" aria-live="polite">
      {undo.done && (
        <p className="note-box settings-done">
          {undo.done.said}{' '}
          <button type="button" className="plain link" onClick={() => void undo.take()}>
            {t('settings.undo')}
          </button>
        </p>
      )}
      <ProblemNote error={undo.error} />
    </div>
  )
}
