import { Checkbox, NativeSelect } from '@mantine/core'
import { memo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ComplaintPage } from '../contract.ts'
import { FindingsFields, type Findings, missingFindings, missingReasons } from './findings-fields.tsx'
import { codeOptions } from './options.ts'
import { useNames } from './use-names.ts'

/** The part of a reply that makes it our answer: an outcome and a finding on every point. */
export function useDecision(page: ComplaintPage) {
  const { t } = useTranslation()
  const [on, setOn] = useState(false)
  const [outcomeCode, setOutcome] = useState(page.complaint.outcomeCode ?? '')
  const [findings, setFindings] = useState<Findings>({})
  const open = missingFindings(page.points, findings)
  const missing = [
    ...(outcomeCode ? [] : [t('composer.missing-outcome')]),
    ...open.map((no) => t('composer.missing-point', { no })),
    ...missingReasons(page.points, findings).map((no) => t('composer.missing-reason', { no })),
  ]
  const given = Object.entries(findings).filter(([, f]) => f.finding !== '')
  const body = on ? { decision: true, outcomeCode, findings: given.map(([pointId, f]) => ({ pointId, ...f })) } : {}
  return { on, setOn, outcomeCode, setOutcome, findings, setFindings, missing, body }
}

type Props = { page: ComplaintPage; decision: ReturnType<typeof useDecision> }
const shown = ['on', 'outcomeCode', 'findings'] as const

/** Not drawn again with each character of the answer. */
export const Decision = memo(
  DecisionFields,
  (a, b) => a.page === b.page && shown.every((name) => a.decision[name] === b.decision[name]),
)

function DecisionFields({ page, decision }: Props) {
  const { t } = useTranslation()
  const names = useNames()
  if (!page.actions.some((a) => a.name === 'respond' && a.allowed)) return null
  return (
    <div className="decision">
      <Checkbox
        label={t('composer.decides')}
        checked={decision.on}
        onChange={(e) => decision.setOn(e.currentTarget.checked)}
        size="xs"
      />
      {decision.on && (
        <div className="stack">
          <NativeSelect
            label={t('composer.outcome')}
            size="xs"
            value={decision.outcomeCode}
            onChange={(e) => decision.setOutcome(e.currentTarget.value)}
            data={[{ value: '', label: t('common.choose') }, ...codeOptions(names, 'outcome')]}
          />
          <FindingsFields points={page.points} value={decision.findings} onChange={decision.setFindings} />
        </div>
      )}
    </div>
  )
}
