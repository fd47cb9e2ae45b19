import { Button, NativeSelect } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNames } from '../../complaints/ui/index.ts'
import { call } from '../../kit/client/call.ts'
import { Page } from '../../web/ui/page.tsx'
import { useMay } from '../../web/ui/session.ts'
import { Answer, Empty } from '../../web/ui/states.tsx'
import { When } from '../../web/ui/when.tsx'
import { type AccessEntry, listAccess } from '../contract.ts'

function useAccess(staffId: string) {
  return useInfiniteQuery({
    queryKey: [listAccess.id, staffId],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...(staffId ? { staffId } : {}), ...(pageParam ? { cursor: pageParam } : {}) }
      return call(listAccess, { query }, { signal })
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: 'always',
  })
}

/** Who looked at or changed what they answer for, for whoever checks it. */
export function AccessPage() {
  const { t } = useTranslation()
  const names = useNames()
  const [staffId, choose] = useState('')
  const list = useAccess(staffId)
  const people = (names.catalogue?.staff ?? []).map((s) => ({ value: s.id, label: s.name }))
  return (
    <Page title={t('access.title')} hint={t('access.hint')} wide>
      <NativeSelect
        label={t('access.who')}
        value={staffId}
        onChange={(e) => choose(e.currentTarget.value)}
        data={[{ value: '', label: t('access.all') }, ...people]}
        maw={320}
        mb={16}
      />
      <Answer of={list}>
        {({ pages }) => {
          const items = pages.flatMap((p) => p.items)
          return items.length === 0 ? <Empty title={t('access.empty')} /> : <Entries items={items} />
        }}
      </Answer>
      {list.hasNextPage && (
        <Button mt={12} variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('access.more')}
        </Button>
      )}
    </Page>
  )
}

function Entries({ items }: { items: readonly AccessEntry[] }) {
  const { t } = useTranslation()
  const names = useNames()
  const reads = useMay('complaint.read')
  return (
    <table className="table">
      <thead>
        <tr>
          <th>{t('access.when')}</th>
          <th>{t('access.who')}</th>
          <th>{t('access.what')}</th>
          <th>{t('access.which')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((entry) => (
          <tr key={entry.id}>
            <td>
              <When at={entry.at} exact />
            </td>
            <td>{entry.staff?.name ?? t('access.nobody')}</td>
            <td>{t(`access.whats.${entry.what.replaceAll('.', '-')}`, { defaultValue: entry.what })}</td>
            <td>
              {entry.complaint && reads ? (
                <Link className="link" to="/complaints/$id" params={{ id: entry.complaint.id }} search={{}}>
                  {entry.complaint.number}
                </Link>
              ) : (
                (entry.complaint?.number ?? (names.staff(String(entry.facts.staff ?? '')) || t('access.none')))
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
