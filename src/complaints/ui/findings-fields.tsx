import { NativeSelect, Textarea } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ComplaintPage } from '../contract.ts'
import { finding as findingShape } from '../contract.ts'

export type Findings = Readonly<Record<string, { readonly finding: string; readonly answer: string }>>
type Point = ComplaintPage['points'][number]

/** Numbers of the points that have no finding yet, neither stored nor given here. */
export function missingFindings(points: readonly Point[], given: Findings): number[] {
  return points.filter((p) => !(given[p.id]?.finding || p.finding)).map((p) => p.no)
}

const needsReason = ({ finding, answer }: { finding: string; answer: string }) =>
  finding !== '' && finding !== 'upheld' && answer.trim() === ''

/** Numbers of the points whose finding given here is not fully upheld and says no reason. */
export function missingReasons(points: readonly Point[], given: Findings): number[] {
  return points.filter((p) => given[p.id] && needsReason(given[p.id] ?? { finding: '', answer: '' })).map((p) => p.no)
}

type Props = { points: readonly Point[]; value: Findings; onChange: (value: Findings) => void }

/** A finding and an answer for each point; the complainant reads both. */
export function FindingsFields({ points, value, onChange }: Props) {
  const { t } = useTranslation()
  const set = (point: Point, part: { finding?: string; answer?: string }) => {
    const before = value[point.id] ?? { finding: point.finding ?? '', answer: point.answer }
    onChange({ ...value, [point.id]: { ...before, ...part } })
  }
  return (
    <ol className="findings">
      {points.map((point) => {
        const now = value[point.id] ?? { finding: point.finding ?? '', answer: point.answer }
        const lacking = value[point.id] !== undefined && needsReason(now)
        return (
          <li key={point.id}>
            <span>
              {point.no}. {point.text}
            </span>
            <NativeSelect
              aria-label={t('findings.label', { no: point.no })}
              size="xs"
              value={now.finding}
              onChange={(e) => set(point, { finding: e.currentTarget.value })}
              data={[
                { value: '', label: t('findings.none') },
                ...findingShape.options.map((f) => ({ value: f, label: t(`findings.${f}`) })),
              ]}
            />
            <Textarea
              aria-label={t('findings.answer', { no: point.no })}
              placeholder={t(lacking ? 'findings.answer-needed' : 'findings.answer-hint')}
              aria-required={lacking || undefined}
              size="xs"
              autosize
              minRows={2}
              maxRows={8}
              value={now.answer}
              onChange={(e) => set(point, { answer: e.currentTarget.value })}
            />
          </li>
        )
      })}
    </ol>
  )
}
