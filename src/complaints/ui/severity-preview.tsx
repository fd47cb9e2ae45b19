import { useTranslation } from 'react-i18next'
import type { ComplaintPage } from '../contract.ts'
import { fromAuthority } from '../../channels/domain/index.ts'
import { severityOf } from '../domain/severity.ts'
import type { Values } from './use-action-form.ts'
import { useNames } from './use-names.ts'

/** The severity these answers give, by the same function the server decides with. */
export function SeverityPreview({ values, page }: { values: Values; page: ComplaintPage }) {
  const { t } = useTranslation()
  const names = useNames()
  const [impact, likelihood] = [Number(values.impact), Number(values.likelihood)]
  if (!impact || !likelihood) return null
  const flags = Array.isArray(values.flags) ? values.flags.map(String) : []
  const { severity, why } = severityOf(impact, likelihood, flags, {
    authority: fromAuthority(page.complaint.channel) || page.clocks.some((c) => c.kind === 'authority'),
  })
  return (
    <p className="note-box" role="status">
      {t('assess.severity', { severity: t(`severity.${severity}`), impact, likelihood, score: why.score })}
      {why.lifted.length > 0 &&
        ` ${t('assess.lifted', { reasons: why.lifted.map((r) => t(`lifted.${r}`, { defaultValue: names.code('risk_flag', r) })).join(t('common.comma')) })}`}
    </p>
  )
}
