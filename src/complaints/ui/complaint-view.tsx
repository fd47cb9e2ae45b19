import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ComplaintPage } from '../contract.ts'
import { ActionDialog } from './action-dialog.tsx'
import { ClockLine } from './clock-line.tsx'
import { Composer, type ComposerMode } from './composer.tsx'
import { ContextPanel } from './context-panel.tsx'
import { Head } from './head.tsx'
import { NextStep } from './next-step.tsx'
import { Points } from './points.tsx'
import { StepBar } from './step-bar.tsx'
import { Timeline } from './timeline.tsx'
import type { CommandName } from './use-command.ts'
import './complaint.css'

/** One complaint: what next, by when and why; how far it is; what was said; and the place to answer. */
export default function ComplaintView({ page, back }: { page: ComplaintPage; back: React.ReactNode }) {
  const { t } = useTranslation()
  const [doing, setDoing] = useState<CommandName | null>(null)
  const [mode, setMode] = useState<ComposerMode | null>(null)
  const act = (name: CommandName) => {
    if (name === 'reply' || name === 'note' || name === 'append') setMode(name)
    else setDoing(name)
  }
  return (
    <>
      <main className="pane complaint" aria-label={t('complaint.label', { number: page.complaint.number })}>
        <div className="body">
          {back}
          <Head page={page} act={act} />
          <NextStep page={page} act={act} />
          <StepBar state={page.complaint.state} />
          <ClockLine page={page} />
          <Points page={page} act={act} />
          <Timeline page={page} />
        </div>
        <Composer page={page} mode={mode} setMode={setMode} act={act} />
      </main>
      <ContextPanel page={page} act={act} />
      {doing && <ActionDialog name={doing} page={page} close={() => setDoing(null)} />}
    </>
  )
}
