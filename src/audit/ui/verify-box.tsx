import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { absolute } from '../../web/ui/time.ts'
import { read } from '../../web/ui/use-call.ts'
import { useReader } from '../../web/ui/when.tsx'
import { verifyComplaint } from '../contract.ts'

type Verified = ReplyOf<typeof verifyComplaint>

/** One press: untouched since when and sealed by what, or what is wrong, in a sentence. */
export function VerifyBox({ id }: { id: string }) {
  const { t } = useTranslation()
  const check = useQuery({ ...read(verifyComplaint, { params: { id } }), enabled: false, gcTime: 0 })
  return (
    <section className="verify-box">
      <div className="row-flex">
        <Button onClick={() => void check.refetch()} loading={check.isFetching}>
          {t('audit.verify')}
        </Button>
        <span className="quiet">{t('audit.verify-hint')}</span>
      </div>
      <ProblemNote error={check.error} />
      <div role="status">{check.data && !check.isFetching && <Result of={check.data} />}</div>
    </section>
  )
}

function Result({ of }: { of: Verified }) {
  const { t } = useTranslation()
  const reader = useReader()
  const at = (instant: string | null) => (instant ? absolute(Date.parse(instant), reader) : '')
  const { seal, events } = of
  return (
    <div className={of.ok ? 'verified good' : 'verified bad'}>
      <h2>
        <span aria-hidden="true">{of.ok ? '✓ ' : '✕ '}</span>
        {of.ok ? t('audit.untouched', { since: at(of.since) }) : t('audit.wrong', { count: of.problems.length })}
      </h2>
      {of.ok ? (
        <p>
          {seal
            ? t('audit.sealed', { events, seq: seal.seq, no: seal.no, at: at(seal.at) })
            : t('audit.not-sealed', { events })}{' '}
          {seal && of.unsealed > 0 && t('audit.unsealed', { count: of.unsealed })}{' '}
          {seal && t(`audit.outside.${seal.outside}`)}
        </p>
      ) : (
        <>
          <ul>
            {of.problems.map((p, i) => (
              <li key={`${p.code}${p.seq}${i}`}>
                <b>{t(`audit.codes.${p.code.replace('audit.', '')}`, { defaultValue: p.code })}</b>{' '}
                {p.seq !== null && <a href={`#event-${p.seq}`}>{t('audit.problem-at', { seq: p.seq })}</a>}{' '}
                <span className="quiet small">{[p.code, p.what].filter(Boolean).join(' · ')}</span>
              </li>
            ))}
          </ul>
          <p>{t('audit.wrong-hint')}</p>
        </>
      )}
      <ul className="checks">
        {of.checks.map((c) => (
          <li key={c.name} className={c.ok ? 'yes' : 'late'}>
            <span aria-hidden="true">{c.ok ? '✓' : '✕'}</span> {t(`audit.checks.${c.name}`)}{' '}
            <span className="quiet small">{t(c.ok ? 'audit.check-ok' : 'audit.check-bad')}</span>
          </li>
        ))}
      </ul>
      <p className="quiet small mono">{t('audit.checked-at', { at: at(of.checkedAt), head: of.head.slice(0, 16) })}</p>
    </div>
  )
}
