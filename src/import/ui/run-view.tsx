import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { harmless } from '../../kit/pure/markup.ts'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { useMay } from '../../web/ui/session.ts'
import { Answer } from '../../web/ui/states.tsx'
import { read, useSend } from '../../web/ui/use-call.ts'
import { addView } from '../../views/contract.ts'
import { badRowsPath, type ImportRun, readImport, startImportRun, stopImportRun } from '../contract.ts'

const moving = (state: string | undefined) => state === 'running' || state === 'ready'

/** Files only where the source told of any. */
const countsOf = ({ files, filesLeft }: ImportRun) =>
  (['imported', 'known', 'changed', 'flawed', 'bad', 'files', 'filesLeft'] as const).filter(
    (name) => files + filesLeft > 0 || (name !== 'files' && name !== 'filesLeft'),
  )

/** How far an import is, and what came of it. */
export function RunView({ id, done }: { id: string; done: () => void }) {
  const { t } = useTranslation()
  const answer = useQuery({
    ...read(readImport, { params: { id } }),
    refetchInterval: (q) => (moving(q.state.data?.state) || q.state.data?.unfound ? 1000 : false),
  })
  const again = () => void answer.refetch()
  const start = useSend(startImportRun, again)
  const stop = useSend(stopImportRun, again)
  return (
    <Answer of={answer}>
      {(run) => (
        <section className="import-run" aria-label={run.fileName}>
          <h2>{run.fileName}</h2>
          <p role="status">
            <b>{t(`import.run-state.${run.state}`)}</b>{' '}
            {moving(run.state) && run.total !== null && (
              <span className="quiet">
                {t('import.progress', { done: run.done, total: run.total })}
                {run.perSecond ? ` · ${t('import.rate', { count: run.perSecond })}` : ''}
                {run.leftMs === null ? '' : ` · ${t('import.left', { count: Math.ceil(run.leftMs / 1000) })}`}
              </span>
            )}
            {!moving(run.state) && run.unfound > 0 && (
              <span className="quiet">{t('import.unfound', { count: run.unfound })}</span>
            )}
          </p>
          {run.unfindable > 0 && (
            <p role="note" className="import-warning">
              {t('import.unfindable', { count: run.unfindable })}
            </p>
          )}
          {run.state === 'failed' && run.reason && (
            <p role="note" className="import-warning">
              {t(`problem.${run.reason.replace('.', '-')}`, {
                defaultValue: t('import.broke-for', { reason: harmless(run.reason) }),
              })}
            </p>
          )}
          {moving(run.state) && <progress value={run.done} max={run.total ?? undefined} aria-label={run.fileName} />}
          <dl className="import-counts">
            {countsOf(run).map((name) => (
              <div key={name} className={name === 'bad' && run.bad > 0 ? 'late' : ''}>
                <dt>{t(`import.count.${name}`)}</dt>
                <dd>{run[name]}</dd>
              </div>
            ))}
          </dl>
          <ProblemNote error={start.error ?? stop.error} />
          <div className="row-flex">
            {moving(run.state) && (
              <Button variant="default" onClick={() => stop.mutate({ params: { id } })}>
                {t('import.stop')}
              </Button>
            )}
            {(run.state === 'stopped' || run.state === 'failed') && (
              <Button onClick={() => start.mutate({ params: { id }, body: {} })}>{t('import.go-on')}</Button>
            )}
            {run.bad > 0 && !moving(run.state) && (
              <Button component="a" variant="default" href={badRowsPath(id)} download>
                {t('import.bad-file')}
              </Button>
            )}
            <Button variant="default" onClick={done}>
              {t('import.another')}
            </Button>
          </div>
          {run.imported > 0 && !moving(run.state) && <Onward run={run} />}
          {run.items.length > 0 && (
            <table className="table">
              <caption className="small quiet">{t('import.came-in')}</caption>
              <thead>
                <tr>
                  <th scope="col">{t('import.number')}</th>
                  <th scope="col">{t('import.target.title')}</th>
                  <th scope="col">{t('import.there')}</th>
                  <th scope="col">{t('import.flaw')}</th>
                </tr>
              </thead>
              <tbody>
                {run.items.map((item) => (
                  <tr key={item.id}>
                    <td>
                      <Link to="/complaints/$id" params={{ id: item.id }} className="link">
                        {item.number}
                      </Link>
                    </td>
                    <td>{item.title}</td>
                    <td>{item.sourceId}</td>
                    <td>{item.flaw ? t(`fact-values.flaw.${item.flaw}`) : ''}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </section>
      )}
    </Answer>
  )
}

/** Where what came in is found: administrators read no complaints themselves. */
function Onward({ run }: { run: ImportRun }) {
  const { t } = useTranslation()
  const [reads, counts, shares] = [useMay('complaint.read'), useMay('figures.read'), useMay('view.share')]
  return (
    <p className="row-flex">
      {!reads && t('import.in-lists')}
      {reads && (
        <Link to="/complaints" search={{ open: 'any', importId: run.id }} className="link">
          {t('import.to-list')}
        </Link>
      )}{' '}
      {counts && (
        <Link to="/figures" className="link">
          {t('import.to-figures')}
        </Link>
      )}{' '}
      {shares && <Share run={run} />}
    </p>
  )
}

/** What came in as a view that everybody has: whoever imports seldom handles it. */
function Share({ run }: { run: ImportRun }) {
  const { t } = useTranslation()
  const add = useSend(addView)
  const name = t('import.chip', { name: run.fileName }).slice(0, 80)
  if (add.isSuccess) return <span role="status">{t('import.shared', { name })}</span>
  return (
    <>
      <button
        type="button"
        className="plain link"
        disabled={add.isPending}
        onClick={() => add.mutate({ body: { name, shared: true, filter: { open: 'any', importId: run.id } } })}
      >
        {t('import.share')}
      </button>
      <ProblemNote error={add.error} />
    </>
  )
}
