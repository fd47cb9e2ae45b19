import { Checkbox, NativeSelect } from '@mantine/core'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ComplaintPage } from '../contract.ts'
import { FindingsFields, type Findings, missingFindings, missingReasons } from './findings-fields.tsx'
import { codeOptions } from './options.ts'
import { useNames } from './use-names.ts'

/** What was chosen and written for an answer, as kept with its words. */
export type DecisionDraft = { readonly on: boolean; readonly outcomeCode: string; readonly findings: Findings }

/** The part of a reply that makes it our answer: an outcome and a finding on every point. */
export function useDecision(page: ComplaintPage, kept: DecisionDraft | undefined, keep: (next: DecisionDraft) => void) {
  const { t } = useTranslation()
  const { on, outcomeCode, findings } = kept ?? {
    on: false,
    outcomeCode: page.complaint.outcomeCode ?? '',
    findings: nothingFound,
  }
  const change = (part: Partial<DecisionDraft>) => keep({ on, outcomeCode, findings, ...part })
  const open = missingFindings(page.points, findings)
  const missing = [
    ...(outcomeCode ? [] : [t('composer.missing-outcome')]),
    ...open.map((no) => t('composer.missing-point', { no })),
    ...missingReasons(page.points, findings).map((no) => t('composer.missing-reason', { no })),
  ]
  const points = new Set(page.points.map((p) => p.id))
  const given = Object.entries(findings).filter(([id, f]) => f.finding !== '' && points.has(id))
  const body = on ? { decision: true, outcomeCode, findings: given.map(([pointId, f]) => ({ pointId, ...f })) } : {}
  return { on, outcomeCode, findings, change, missing, body }
}
const nothingFound: Findings = {}

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
        onChange={(e) => decision.change({ on: e.currentTarget.checked })}
        size="xs"
      />
      {decision.on && (
        <div className="stack">
          <NativeSelect
            label={t('composer.outcome')}
            size="xs"
            value={decision.outcomeCode}
            onChange={(e) => decision.change({ outcomeCode: e.currentTarget.value })}
            data={[{ value: '', label: t('common.choose') }, ...codeOptions(names, 'outcome')]}
          />
          <FindingsFields
            points={page.points}
            value={decision.findings}
            onChange={(findings) => decision.change({ findings })}
          />
        </div>
      )}
    </div>
  )
}
