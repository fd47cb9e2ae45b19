import { useTranslation } from 'react-i18next'

const steps = ['receive', 'assess', 'assign', 'investigate', 'decide', 'answer', 'follow', 'close'] as const

/** How far each state of the ISO flow is along the eight steps. */
const at: Record<string, number> = {
  received: 0,
  acknowledged: 0,
  assessed: 1,
  assigned: 2,
  investigating: 3,
  awaiting_info: 3,
  proposal: 4,
  approval: 4,
  approved: 4,
  decided: 4,
  responded: 5,
  remedy_in_progress: 6,
  follow_up: 6,
  review: 4,
  external: 6,
}

/** Ended another way: the steps were not gone through, and saying so would be a lie. */
const elsewhere = new Set(['merged', 'withdrawn', 'redirected'])

type Props = { state: string; endedAs?: string | null; finalAt?: string | null }

export function StepBar({ state, endedAs, finalAt }: Props) {
  const { t } = useTranslation()
  if (endedAs)
    return (
      <ol className="steps" aria-label={t('steps.label')}>
        <li className="d">
          {t(`states.${endedAs}`)}
          <span className="spoken">{t('steps.done')}</span>
        </li>
        <li className="c" aria-current="step">
          {t(`states.${state}`)}
        </li>
      </ol>
    )
  if (elsewhere.has(state))
    return (
      <ol className="steps" aria-label={t('steps.label')}>
        <li className="c" aria-current="step">
          {t(`states.${state}`)}
        </li>
      </ol>
    )
  const current = at[state] ?? steps.length
  return (
    <ol className="steps" aria-label={t('steps.label')}>
      {steps.map((step, i) => (
        <li
          key={step}
          className={i < current ? 'd' : i === current ? 'c' : ''}
          aria-current={i === current ? 'step' : undefined}
        >
          {t(i === current && finalAt && at[state] === 6 ? 'steps.final-said' : `steps.${step}`)}
          {i < current && <span className="spoken">{t('steps.done')}</span>}
        </li>
      ))}
    </ol>
  )
}
