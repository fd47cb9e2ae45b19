import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { problemOf } from '../../kit/client/problem-error.ts'
import { Empty, Failed, Loading } from '../../web/ui/states.tsx'
import { read } from '../../web/ui/use-call.ts'
import { askAgainMs, type Outgoing } from '../../replies/ui/index.ts'
import { type ComplaintPage, openComplaint } from '../contract.ts'
import { noteRecent } from './asked-act.ts'
import { KeptWords } from './composer-kept.tsx'

const ComplaintView = lazy(() => import('./complaint-view.tsx'))

/** The complaint of the address: one request opens it. */
export function ComplaintPane() {
  const { t } = useTranslation()
  const { id } = useParams({ strict: false })
  const search = useSearch({ from: '/shell/complaints' })
  const page = useQuery({
    ...read(openComplaint, { params: { id: id ?? '' } }),
    refetchInterval: ({ state }) => askAgainMs(outgoingOf(state.data)),
  })
  const { data } = page
  useEffect(() => data && noteRecent(data), [data])
  const back = (
    <Link to="/complaints" search={search} className="back link">
      {t('complaint.back')}
    </Link>
  )
  if (page.data)
    return (
      <Suspense fallback={<Loading />}>
        <ComplaintView key={id} page={page.data} back={back} />
      </Suspense>
    )
  const gone = page.error && [403, 404].includes(problemOf(page.error).status)
  return (
    <div className="pane">
      {back}
      {gone ? (
        <>
          <Empty title={t('complaint.gone')}>{t('complaint.gone-hint')}</Empty>
          {id && <KeptWords id={id} />}
        </>
      ) : page.error ? (
        <Failed error={page.error} retry={() => void page.refetch()} />
      ) : (
        <Loading />
      )}
    </div>
  )
}

function outgoingOf(page: ComplaintPage | undefined): Outgoing[] {
  return page?.timeline.flatMap((item) => (item.kind === 'message' && item.outbox ? [item.outbox] : [])) ?? []
}
