import { Button, NativeSelect } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../kit/client/call.ts'
import { Page } from '../../web/ui/page.tsx'
import { Answer, Empty } from '../../web/ui/states.tsx'
import { When } from '../../web/ui/when.tsx'
import { listOutbox, type OutboxItem } from '../contract.ts'
import { OutboxState } from './outbox-state.tsx'

const states = ['failed', 'waiting', 'sending', 'sent', 'cancelled'] as const
type State = (typeof states)[number]

/** What is on its way changes by itself, and no complaint changes with it: the list asks again while somebody looks. */
const AGAIN_MS = 5_000

function useOutbox(state: State) {
  return useInfiniteQuery({
    queryKey: [listOutbox.id, state],
    queryFn: ({ pageParam, signal }) =>
      call(listOutbox, { query: { state, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    refetchInterval: AGAIN_MS,
  })
}

/** Everything that leaves, by what became of it; failures first. */
export function OutboxPage() {
  const { t } = useTranslation()
  const [state, setState] = useState<State>('failed')
  const list = useOutbox(state)
  return (
    <Page title={t('outbox.title')} wide>
      <NativeSelect
        className="short"
        label={t('outbox.state')}
        value={state}
        onChange={(e) => setState(states.find((s) => s === e.currentTarget.value) ?? 'failed')}
        data={states.map((value) => ({ value, label: t(`outbox.states.${value}`) }))}
        mb={14}
      />
      <Answer of={list}>{(data) => <Table items={data.pages.flatMap((p) => p.items)} />}</Answer>
      {list.hasNextPage && (
        <Button variant="default" mt={12} loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('common.more')}
        </Button>
      )}
    </Page>
  )
}

function Table({ items }: { items: readonly OutboxItem[] }) {
  const { t } = useTranslation()
  if (items.length === 0) return <Empty title={t('outbox.empty')} />
  return (
    <table className="table">
      <thead>
        <tr>
          <th>{t('outbox.when')}</th>
          <th>{t('outbox.complaint')}</th>
          <th>{t('outbox.to')}</th>
          <th>{t('outbox.state')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.id}>
            <td>
              <When at={item.sentAt ?? item.sendAt} />
            </td>
            <td>
              {item.complaintId ? (
                <Link className="link" to="/complaints/$id" params={{ id: item.complaintId }} search={{}}>
                  {item.number}
                </Link>
              ) : (
                '—'
              )}
            </td>
            <td>{item.recipient || t('outbox.portal')}</td>
            <td>
              <OutboxState outbox={item} complaintId={item.complaintId} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
