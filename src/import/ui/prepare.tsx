import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../kit/client/call.ts'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { useMe } from '../../web/ui/session.ts'
import { Answer } from '../../web/ui/states.tsx'
import { useSend } from '../../web/ui/use-call.ts'
import { lookAtImport, startImportRun, tryImport } from '../contract.ts'
import { type Draft, type Looked } from './mapping.ts'
import { MappingTable } from './mapping-table.tsx'
import { TrialReport } from './trial.tsx'
import { ValuesTable } from './values-table.tsx'

const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'big5', 'gb18030', 'windows-1252'] as const
const delimiters = [',', '\t', ';', '|'] as const

/** How it is to be read, where somebody says so. */
type Asked = { encoding?: string; delimiter?: string; sheet?: string; header?: number }

/** A file that waits: how it is read, what its columns mean, a trial, and then it comes in. */
export function Prepare({ id, started, leave }: { id: string; started: () => void; leave: () => void }) {
  const [asked, setAsked] = useState<Asked>({})
  const answer = useQuery({
    queryKey: [lookAtImport.id, id, asked],
    queryFn: () => call(lookAtImport, { params: { id }, body: asked }),
    staleTime: Infinity,
    retry: false,
  })
  return (
    <Answer of={answer}>
      {(looked) => (
        <Mapped
          key={JSON.stringify(asked)}
          id={id}
          looked={looked}
          asked={asked}
          setAsked={setAsked}
          started={started}
          leave={leave}
        />
      )}
    </Answer>
  )
}

type Props = {
  readonly id: string
  readonly looked: Looked
  readonly asked: Asked
  readonly setAsked: (asked: Asked) => void
  readonly started: () => void
  readonly leave: () => void
}

function Mapped({ id, looked, asked, setAsked, started, leave }: Props) {
  const { t } = useTranslation()
  const zone = useMe().zone
  const [draft, setDraft] = useState<Draft>(looked.mapping as Draft)
  // What was said last stands until it is said anew: nothing jumps away under somebody's hand.
  const [report, setReport] = useState<ReplyOf<typeof tryImport>>()
  const trial = useSend(tryImport, setReport)
  const start = useSend(startImportRun, started)
  const { mutate } = trial
  const body = { mapping: draft as Record<string, unknown> }
  const ready = Boolean(draft.columns.received)
  // Tried anew a moment after each change: nobody has to ask what would come of it.
  useEffect(() => {
    if (!ready) return
    const timer = setTimeout(() => mutate({ params: { id }, body: { mapping: draft as Record<string, unknown> } }), 600)
    return () => clearTimeout(timer)
  }, [id, draft, ready, mutate])
  return (
    <>
      <section aria-label={t('import.read-as')} className="import-read">
        <div className="row-flex">
          <ReadAs looked={looked} asked={asked} setAsked={setAsked} />
          <TextInput
            label={t('import.source')}
            description={t('import.source-hint')}
            value={draft.source ?? ''}
            maxLength={40}
            onChange={(e) => setDraft({ ...draft, source: e.currentTarget.value })}
          />
        </div>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls sideways is scrolled by keys, too */}
        <div className="import-rows" role="region" aria-label={t('import.first-rows')} tabIndex={0}>
          <table className="import-preview">
            <thead>
              <tr>
                {looked.columns.map(({ name }) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {(looked.columns[0]?.cells ?? []).slice(0, 5).map((_, i) => (
                <tr key={i}>
                  {looked.columns.map(({ name, cells }) => (
                    <td key={name}>{cells[i]}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      {looked.warnings.map(({ code, column, count, of }) => (
        <p key={`${code} ${column}`} role="note" className="import-warning">
          {t(`import.warning.${code}`, { column, count, of })}
        </p>
      ))}
      <h2>{t('import.mapping')}</h2>
      {looked.mappedAs && <p className="note-box">{t('import.mapped-as', { file: looked.mappedAs })}</p>}
      {!ready && (
        <p role="note" className="note-box warn">
          {t('import.received-needed')}
        </p>
      )}
      <MappingTable looked={looked} draft={draft} zone={zone} change={setDraft} />
      {ready && <h2>{t('import.trial')}</h2>}
      <ProblemNote error={trial.error ?? start.error} />
      {report && <TrialReport trial={report} />}
      {report && (
        <ValuesTable
          trial={report}
          looked={looked}
          draft={draft}
          change={setDraft}
          again={() => mutate({ params: { id }, body })}
        />
      )}
      <div className="row-flex import-foot">
        <Button
          disabled={!ready || !report || trial.isPending}
          loading={start.isPending}
          onClick={() => start.mutate({ params: { id }, body })}
        >
          {t('import.start', { count: report?.counts.ready ?? 0 })}
        </Button>
        <Button variant="default" onClick={leave}>
          {t('import.leave')}
        </Button>
      </div>
    </>
  )
}

/** Encoding, what parts cells, which sheet, which row names the columns: each as found, until somebody says otherwise. */
function ReadAs({ looked, asked, setAsked }: Pick<Props, 'looked' | 'asked' | 'setAsked'>) {
  const { t } = useTranslation()
  const { encoding, delimiter, sheets, kind } = looked
  const change = (more: Asked) => setAsked({ ...asked, ...(delimiter === null ? {} : { delimiter }), ...more })
  return (
    <>
      {encoding !== '' && (
        <NativeSelect
          label={t('import.encoding')}
          description={looked.sure ? undefined : t('import.encoding-guessed')}
          value={encoding}
          data={[...new Set([encoding, ...encodings])]}
          onChange={(e) => change({ encoding: e.currentTarget.value })}
        />
      )}
      {delimiter !== null && (
        <NativeSelect
          label={t('import.delimiter')}
          value={delimiter}
          data={[...new Set([delimiter, ...delimiters])].map((d) => ({
            value: d,
            label: d === '\t' ? t('import.tab') : d,
          }))}
          onChange={(e) => change({ encoding, delimiter: e.currentTarget.value })}
        />
      )}
      {sheets.length > 1 && (
        <NativeSelect
          label={t('import.sheet')}
          value={asked.sheet ?? sheets[0] ?? ''}
          data={[...sheets]}
          onChange={(e) => setAsked({ sheet: e.currentTarget.value })}
        />
      )}
      {(kind === 'csv' || kind === 'xlsx') && (
        <NativeSelect
          label={t('import.header')}
          value={String(asked.header ?? '')}
          data={[
            { value: '', label: t('import.header-found') },
            ...headers.map((no) => ({ value: String(no), label: t('import.header-row', { no }) })),
          ]}
          onChange={(e) => {
            const { header: _, ...rest } = asked
            const no = Number(e.currentTarget.value)
            setAsked(no > 0 ? { ...rest, header: no } : rest)
          }}
        />
      )}
    </>
  )
}

const headers = [1, 2, 3, 4, 5, 6, 7, 8] as const
