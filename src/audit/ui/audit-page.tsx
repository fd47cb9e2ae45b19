import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { openComplaint } from '../../complaints/contract.ts'
import { CaseFileLinks } from '../../export/ui/index.ts'
import { addressOf } from '../../kit/client/address.ts'
import { useMay } from '../../web/ui/session.ts'
import { Answer } from '../../web/ui/states.tsx'
import { read } from '../../web/ui/use-call.ts'
import { TrailView } from './trail-view.tsx'
import { VerifyBox } from './verify-box.tsx'
import './audit.css'

/** The history of a complaint for whoever checks it: one press proves it, below stands every event, and both leave as files. */
export function AuditPage() {
  const { t } = useTranslation()
  const { id } = useParams({ strict: false }) as { id: string }
  const proves = useMay('complaint.prove')
  const page = useQuery(read(openComplaint, { params: { id } }))
  const params = useMemo(() => ({ id }), [id])
  return (
    <main className="page wide" aria-label={t('audit.title', { number: page.data?.complaint.number ?? '' })}>
      <Link to="/complaints/$id" params={{ id }} search={{}} className="link small">
        ← {t('audit.back')}
      </Link>
      <Answer of={page}>
        {(data) => (
          <>
            <h1>{t('audit.title', { number: data.complaint.number })}</h1>
            <VerifyBox id={id} />
            <p className="row-flex audit-files">
              <a className="link" href={addressOf('/api/v1/complaints/:id/audit.csv', params, {})} download>
                {t('audit.csv')}
              </a>
              {proves && (
                <span>
                  <a className="link" href={addressOf('/api/v1/complaints/:id/proof.json', params, {})} download>
                    {t('audit.proof')}
                  </a>{' '}
                  <span className="quiet small">{t('audit.proof-hint')}</span>
                </span>
              )}
            </p>
            <p className="row-flex audit-files">
              <CaseFileLinks id={id} />
            </p>
            <TrailView page={data} />
          </>
        )}
      </Answer>
    </main>
  )
}
