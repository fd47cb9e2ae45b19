import { useTranslation } from 'react-i18next'
import { difference } from '../domain/roll-up.ts'
import { Number } from './figures-table.tsx'
import type { Figures } from './use-row-names.ts'

const parts = [
  ['', 'opening'],
  ['＋', 'received'],
  ['＋', 'reopened'],
  ['－', 'closed'],
  ['＝', 'open'],
] as const

/** What was open, came in, came back and ended makes what is open: shown, with its difference. */
export function BalanceLine({ figures }: { figures: Figures }) {
  const { t } = useTranslation()
  const off = difference(figures.balance)
  return (
    <section className="figures-balance" aria-label={t('figures.balance')}>
      <h2>{t('figures.balance')}</h2>
      <dl>
        {parts.map(([sign, name]) => (
          <div key={name} title={t(`figures.means.${name}`)}>
            <dt>
              {sign} {t(`figure-chip.${name}`)}
            </dt>
            <dd>
              <Number figures={figures} figure={name} count={figures.balance[name]} name={t('figures.total')} />
              {figures.balanceBefore && (
                <span className="change">
                  {t('figures.previous')}{' '}
                  <Number
                    figures={figures}
                    figure={name}
                    count={figures.balanceBefore[name]}
                    name={t('figures.total')}
                    before
                  />
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
      <p className={off === 0 ? 'yes small' : 'late'}>
        {off === 0 ? `✓ ${t('figures.balanced')}` : t('figures.unbalanced', { count: Math.abs(off) })}
        <span className="quiet">　{t('figures.balance-line')}</span>
      </p>
      {figures.merged > 0 && <p className="quiet small">{t('figures.merged', { count: figures.merged })}</p>}
    </section>
  )
}
