import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../web/ui/page.tsx'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { read } from '../../web/ui/use-call.ts'
import { When } from '../../web/ui/when.tsx'
import { listImports } from '../contract.ts'
import { Prepare } from './prepare.tsx'
import { RunView } from './run-view.tsx'
import { sendFile } from './send-file.ts'
import './import.css'

type Shown = { readonly id: string; readonly as: 'prepare' | 'run' } | null

/** A history comes in: a file, what its columns mean, a trial, and how far it is. */
export function ImportPage() {
  const { t } = useTranslation()
  const [shown, setShown] = useState<Shown>(null)
  return (
    <Page title={t('nav.import')} hint={t('import.hint')} wide>
      {shown === null && <Take took={(id) => setShown({ id, as: 'prepare' })} />}
      {shown?.as === 'prepare' && (
        <Prepare id={shown.id} started={() => setShown({ id: shown.id, as: 'run' })} leave={() => setShown(null)} />
      )}
      {shown?.as === 'run' && <RunView id={shown.id} done={() => setShown(null)} />}
      {shown === null && <Runs open={(id) => setShown({ id, as: 'run' })} />}
    </Page>
  )
}

function Take({ took }: { took: (id: string) => void }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const take = async (file: File | undefined) => {
    if (!file || busy) return
    setBusy(true)
    setError(null)
    try {
      took(await sendFile(file))
    } catch (caught) {
      setError(caught)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <ProblemNote error={error} />
      <div
        className={over ? 'drop over import-take' : 'drop import-take'}
        onDragOver={(e) => {
          e.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(e) => {
          e.preventDefault()
          setOver(false)
          void take(e.dataTransfer.files[0])
        }}
      >
        <input
          ref={input}
          type="file"
          className="spoken"
          tabIndex={-1}
          aria-label={t('import.choose')}
          accept=".csv,.tsv,.txt,.xlsx,.json,.jsonl,.ndjson,.gz"
          onChange={(e) => {
            void take(e.currentTarget.files?.[0])
            e.currentTarget.value = ''
          }}
        />
        <Button loading={busy} onClick={() => input.current?.click()}>
          {t('import.choose')}
        </Button>
        <p className="small quiet">{t('import.kinds')}</p>
      </div>
    </>
  )
}

function Runs({ open }: { open: (id: string) => void }) {
  const { t } = useTranslation()
  const answer = useQuery(read(listImports, {}))
  const items = answer.data?.items ?? []
  if (items.length === 0) return null
  return (
    <section aria-label={t('import.runs')}>
      <h2>{t('import.runs')}</h2>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('import.file')}</th>
            <th scope="col">{t('import.when')}</th>
            <th scope="col">{t('import.how')}</th>
            <th scope="col">{t('import.count.imported')}</th>
            <th scope="col">{t('import.count.bad')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((run) => (
            <tr key={run.id}>
              <td>
                <button type="button" className="plain link" onClick={() => open(run.id)}>
                  {run.fileName}
                </button>
              </td>
              <td>
                <When at={run.createdAt} />
              </td>
              <td>{t(`import.run-state.${run.state}`)}</td>
              <td>{run.imported}</td>
              <td>{run.bad}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
