import { useTranslation } from 'react-i18next'
import { harmless } from '../../kit/pure/markup.ts'
import { When } from '../../web/ui/when.tsx'
import type { ComplaintPage } from '../contract.ts'
import { MessageWords } from './message-words.tsx'
import { moneyWords } from './money-words.ts'
import { useNames } from './use-names.ts'

/** All that is asked to be approved, where it is approved: remedy and sum, the words, the findings with their reasons, who asks. */
export function ProposalView({ page }: { page: ComplaintPage }) {
  const { t, i18n } = useTranslation()
  const names = useNames()
  const { remedyCode, remedyAmount, outcomeCode, remedySought } = page.complaint
  const { proposal } = page
  const rows: readonly [string, React.ReactNode][] = [
    ['remedyCode', names.code('remedy', remedyCode)],
    ['amount', remedyAmount ? moneyWords(remedyAmount, i18n.language) : t('proposal.no-sum')],
    ['outcomeCode', names.code('outcome', outcomeCode)],
  ]
  return (
    <section className="proposal" aria-label={t('proposal.title')}>
      <dl className="kv">
        {rows
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <div key={name}>
              <dt>{t(`fields.${name}`)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        {remedySought && (
          <div>
            <dt>{t('fields.remedySought')}</dt>
            <dd dir="auto">{harmless(remedySought)}</dd>
          </div>
        )}
      </dl>
      {proposal && <Said title={t('proposal.by', { name: proposal.by })} at={proposal.at} text={proposal.text} />}
      {proposal?.asked && (
        <Said
          title={t('proposal.asked', { name: proposal.asked.by })}
          at={proposal.asked.at}
          text={proposal.asked.reason}
        />
      )}
      <ol className="points">
        {page.points.map((point) => (
          <li key={point.id}>
            <span>{point.no}</span>
            <div dir="auto">
              {harmless(point.text)}
              {point.answer && <p className="small quiet">{harmless(point.answer)}</p>}
            </div>
            <span className={point.finding ? '' : 'soon'}>
              {t(point.finding ? `findings.${point.finding}` : 'findings.none')}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Said({ title, at, text }: { title: string; at: string; text: string }) {
  return (
    <div className="said">
      <p className="by small">
        <b>{title}</b> <When at={at} exact />
      </p>
      {text && <MessageWords text={text} length={text.length} ours />}
    </div>
  )
}
