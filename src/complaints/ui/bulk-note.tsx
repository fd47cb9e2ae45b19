import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Key } from '../../web/ui/key.tsx'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { whyWords } from './actions-menu.tsx'
import type { Bulk, Refused } from './use-bulk.ts'

/** What was done to how many, what was not and why, and the way back while there is one. */
export function BulkNote({ bulk }: { bulk: Bulk }) {
  const { t } = useTranslation()
  const { run } = bulk
  return (
    <div className={run ? 'bulk-note' : ''}>
      <div role="status" className="bulk-said">
        {run && (
          <>
            <b>{run.label}</b> <span>{t(`bulk.${run.state}`, { count: run.done, total: run.total })}</span>
          </>
        )}
      </div>
      {run?.state === 'running' && run.total > 1 && (
        <>
          <progress value={run.done + run.refused.length} max={run.total} aria-label={run.label} />
          <Button size="compact-xs" variant="default" onClick={bulk.stop}>
            {t('bulk.stop')}
          </Button>
        </>
      )}
      {run && run.undoUntil !== null && (
        <Button size="compact-xs" variant="default" onClick={bulk.undo}>
          {t('bulk.undo')}&nbsp;
          <Key of="undo" />
        </Button>
      )}
      {run && run.state !== 'running' && (
        <button type="button" className="plain" aria-label={t('common.close')} onClick={bulk.dismiss}>
          ×
        </button>
      )}
      {run && run.refused.length > 0 && <RefusedList refused={run.refused} />}
      {run?.error ? <ProblemNote error={run.error} /> : null}
    </div>
  )
}

const mostShown = 50

function RefusedList({ refused }: { refused: readonly Refused[] }) {
  const { t } = useTranslation()
  return (
    <details className="refused" open={refused.length <= 3}>
      <summary>{t('bulk.refused', { count: refused.length })}</summary>
      <ul>
        {refused.slice(0, mostShown).map(({ row, code, facts }) => (
          <li key={`${row.id}-${code}`}>
            <Link to="/complaints/$id" params={{ id: row.id }} search={{ view: 'all' }} className="link">
              {row.number || t('bulk.one')}
            </Link>{' '}
            {whyWords({ why: code, ...(facts ? { facts } : {}) }, t)}
          </li>
        ))}
      </ul>
      {refused.length > mostShown && <p>{t('bulk.more-refused', { count: refused.length - mostShown })}</p>}
    </details>
  )
}
