import { Button } from '@mantine/core'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNames } from '../../complaints/ui/index.ts'
import { addressOf } from '../../kit/client/address.ts'
import { call } from '../../kit/client/call.ts'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import { harmless } from '../../kit/pure/markup.ts'
import { keyOf, ProblemNote } from '../../web/ui/problem-note.tsx'
import { Page } from '../../web/ui/page.tsx'
import { Answer, Empty } from '../../web/ui/states.tsx'
import { sizeWords } from '../../web/ui/size.ts'
import { toast } from '../../web/ui/toast.tsx'
import { useSend } from '../../web/ui/use-call.ts'
import { When } from '../../web/ui/when.tsx'
import { listParked, retryParked } from '../contract.ts'

/** No complaint changes when something is parked, so the live stream is silent: the list asks again while somebody looks. */
const AGAIN_MS = 15_000

type Aside = 'parked' | 'rejected'

function useParked(state: Aside) {
  return useInfiniteQuery({
    queryKey: [listParked.id, state],
    queryFn: ({ pageParam, signal }) =>
      call(listParked, { query: { state, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    refetchInterval: AGAIN_MS,
    refetchOnWindowFocus: 'always',
  })
}

/** What could not be taken in by itself, with the reason and a retry. */
export function ParkedPage() {
  const { t } = useTranslation()
  const names = useNames()
  const client = useQueryClient()
  const [state, setState] = useState<Aside>('parked')
  const list = useParked(state)
  const retry = useSend(retryParked, (reply) => {
    toast(reply.number === null ? t('parked.again') : t('parked.taken-in', { number: reply.number }))
    return client.invalidateQueries({ queryKey: [listParked.id] })
  })
  return (
    <Page title={t('parked.title')} hint={t('parked.hint')} wide>
      <div className="row-flex" role="group" aria-label={t('parked.which')}>
        {(['parked', 'rejected'] as const).map((one) => (
          <Button
            key={one}
            size="compact-sm"
            variant={one === state ? 'filled' : 'default'}
            aria-pressed={one === state}
            onClick={() => setState(one)}
          >
            {t(one === 'parked' ? 'parked.waiting' : 'parked.rejected')}
          </Button>
        ))}
      </div>
      <ProblemNote error={retry.error} />
      <Answer of={list}>
        {({ pages }) =>
          pages.every((p) => p.items.length === 0) ? (
            <Empty title={t(state === 'parked' ? 'parked.empty' : 'parked.none-rejected')} />
          ) : (
            <>
              <p role="status" className="parked-count">
                <b>
                  {t(list.hasNextPage ? 'parked.count-more' : 'parked.count', {
                    count: pages.flatMap((p) => p.items).length,
                  })}
                </b>
              </p>
              <table className="table">
                <thead>
                  <tr>
                    <th>{t('parked.received')}</th>
                    <th>{t('parked.about')}</th>
                    <th>{t('parked.reason')}</th>
                    <th>{t('common.action')}</th>
                  </tr>
                </thead>
                <tbody>
                  {pages
                    .flatMap((p) => p.items)
                    .map((item) => (
                      <tr key={item.id}>
                        <td>
                          <When at={item.receivedAt} />
                        </td>
                        <td>
                          <About item={item} channel={names.channel(item.channel)} />
                        </td>
                        <td>
                          {item.reason && t([`problem.${keyOf(item.reason)}`, 'parked.unreadable'])}
                          <span className="quiet small">
                            {' '}
                            {item.reason}
                            {t('common.dot')}
                            {t('parked.attempts', { count: item.attempts })}
                          </span>
                        </td>
                        <td>
                          <a
                            className="link small"
                            href={addressOf('/api/v1/inbound-items/:id/raw', { id: item.id }, {})}
                            download
                          >
                            {t('parked.raw', { size: sizeWords(item.size) })}
                          </a>{' '}
                          <Button
                            size="compact-sm"
                            variant="default"
                            loading={retry.isPending && retry.variables.params.id === item.id}
                            onClick={() => retry.mutate({ params: { id: item.id }, body: {} })}
                          >
                            {t(item.reason && wantedReasons.has(item.reason) ? 'parked.take-in' : 'parked.retry')}
                          </Button>
                        </td>
                      </tr>
                    ))}
                </tbody>
              </table>
            </>
          )
        }
      </Answer>
      {list.hasNextPage && (
        <Button variant="default" mt={12} loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('common.more')}
        </Button>
      )}
    </Page>
  )
}

/** Read without fault, and set aside for what it is: pressed again, it is taken in. */
const wantedReasons: ReadonlySet<string> = new Set(['mail.automatic'])

type Item = ReplyOf<typeof listParked>['items'][number]

/** What it is, without a download: who wrote about what to which mailbox, as the mail says itself. */
function About({ item: { about }, channel }: { item: Item; channel: string }) {
  const { t } = useTranslation()
  if (!about) return channel
  return (
    <>
      <b className="anywhere">{harmless(about.subject) || t('parked.no-subject')}</b>
      <p className="small quiet anywhere">
        <bdi>{harmless(about.from)}</bdi>
        {about.mailbox && ` → ${about.mailbox}`}
      </p>
    </>
  )
}
