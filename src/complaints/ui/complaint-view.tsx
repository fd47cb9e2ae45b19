import { lazy, memo, Suspense, useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Present } from '../../presence/contract.ts'
import { usePresence } from '../../presence/ui/index.ts'
import type { ComplaintPage } from '../contract.ts'
import { useAskedAct } from './asked-act.ts'
import { ClockLine } from './clock-line.tsx'
import { Composer, type ComposerMode } from './composer.tsx'
import { ContextPanel } from './context-panel.tsx'
import { HandoverNote } from './handover-note.tsx'
import { Head } from './head.tsx'
import { NextStep } from './next-step.tsx'
import { Points } from './points.tsx'
import { StepBar } from './step-bar.tsx'
import { Timeline } from './timeline.tsx'
import type { Values } from './use-action-form.ts'
import type { CommandName } from './use-command.ts'
import './complaint.css'

/** Not needed to read. */
const ActionDialog = lazy(() => import('./action-dialog.tsx').then((m) => ({ default: m.ActionDialog })))

type Act = (name: CommandName, given?: Values) => void
type Doing = { readonly name: CommandName; readonly given?: Values }

/** One complaint: what next, by when and why; how far it is; what was said; and the place to answer. */
export default function ComplaintView({ page, back }: { page: ComplaintPage; back: React.ReactNode }) {
  const { t } = useTranslation()
  const [doing, setDoing] = useState<Doing | null>(null)
  const [mode, setMode] = useState<ComposerMode | null>(null)
  const [present, onTyping] = usePresence(page.complaint.id)
  const act = useCallback<Act>((name, given) => {
    if (name === 'reply' || name === 'note' || name === 'append') setMode(name)
    else setDoing({ name, ...(given ? { given } : {}) })
  }, [])
  useAskedAct(page, act)
  return (
    <>
      <main className="pane complaint" aria-label={t('complaint.label', { number: page.complaint.number })}>
        <Body page={page} act={act} present={present} back={back} />
        <Composer page={page} mode={mode} setMode={setMode} onTyping={onTyping} />
      </main>
      <Side page={page} act={act} />
      {doing && (
        <Suspense>
          <ActionDialog {...doing} page={page} close={() => setDoing(null)} />
        </Suspense>
      )}
    </>
  )
}

type BodyProps = { page: ComplaintPage; act: Act; present: readonly Present[]; back: React.ReactNode }

/** Not drawn again when somebody begins to write below it, or something lies over it. */
const Body = memo(function Body({ page, act, present, back }: BodyProps) {
  return (
    <div className="body">
      {back}
      <Head page={page} act={act} present={present} />
      <HandoverNote page={page} act={act} />
      <NextStep page={page} act={act} />
      <StepBar state={page.complaint.state} endedAs={page.complaint.endedAs} finalAt={page.complaint.finalAt} />
      <ClockLine page={page} />
      <Points page={page} act={act} />
      <Timeline page={page} />
    </div>
  )
})
const Side = memo(ContextPanel)
