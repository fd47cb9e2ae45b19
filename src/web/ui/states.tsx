import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { problemOf } from '../../kit/client/problem-error.ts'
import { problemWords } from './problem-note.tsx'

/** Shown after 300 ms only: shorter waits should not flicker. */
export function Loading() {
  const { t } = useTranslation()
  return (
    <div className="state appear" role="status">
      {t('common.loading')}
    </div>
  )
}

export function Empty({ title, children }: { title: string; children?: React.ReactNode }) {
  return (
    <div className="state">
      <b>{title}</b>
      {children}
    </div>
  )
}

/** Asking again changes nothing: one may not, or it is not there. */
const final = new Set([401, 403, 404, 410])

export function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  const { t } = useTranslation()
  const problem = problemOf(error)
  return (
    <div className="state" role="alert">
      <b>{problemWords(problem, t)}</b>
      <span className="small">{problem.code}</span>
      {!final.has(problem.status) && (
        <Button variant="default" onClick={retry}>
          {t('common.try-again')}
        </Button>
      )}
    </div>
  )
}

type Answered<T> = { data: T | undefined; error: unknown; refetch: () => unknown }

/** A question to the server in its three ends: waiting, failed, answered. None can be forgotten. */
export function Answer<T>({ of, children }: { of: Answered<T>; children: (data: T) => React.ReactNode }) {
  if (of.data !== undefined) return children(of.data)
  if (of.error) return <Failed error={of.error} retry={() => void of.refetch()} />
  return <Loading />
}
