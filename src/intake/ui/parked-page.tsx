import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNames } from '../../complaints/ui/use-names.ts'
import { keyOf, ProblemNote } from '../../web/ui/problem-note.tsx'
import { Page } from '../../web/ui/page.tsx'
import { Answer, Empty } from '../../web/ui/states.tsx'
import { toast } from '../../web/ui/toast.tsx'
import { read, useSend } from '../../web/ui/use-call.ts'
import { When } from '../../web/ui/when.tsx'
import { listParked, retryParked } from '../contract.ts'

/** What could not be taken in by itself, with the reason and a retry. */
export function ParkedPage() {
  const { t } = useTranslation()
  const names = useNames()
  const client = useQueryClient()
  const list = useQuery(read(listParked, { query: { state: 'parked' } }))
  const retry = useSend(retryParked, (reply) => {
    toast(t('parked.taken-in', { number: reply.number }))
    return client.invalidateQueries({ queryKey: [listParked.id] })
  })
  return (
    <Page title={t('parked.title')} hint={t('parked.hint')} wide>
      <ProblemNote error={retry.error} />
      <Answer of={list}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('parked.empty')} />
          ) : (
            <table className="table">
              <thead>
                <tr>
                  <th>{t('parked.received')}</th>
                  <th>{t('parked.channel')}</th>
                  <th>{t('parked.reason')}</th>
                  <th>{t('common.action')}</th>
                </tr>
              </thead>
              <tbody>
                {items.map((item) => (
                  <tr key={item.id}>
                    <td>
                      <When at={item.receivedAt} />
                    </td>
                    <td>{names.channel(item.channel)}</td>
                    <td>
                      {item.reason && t([`problem.${keyOf(item.reason)}`, 'parked.unreadable'])}
                      <span className="quiet small">
                        {' '}
                        {item.reason}・{t('parked.attempts', { count: item.attempts })}
                      </span>
                    </td>
                    <td>
                      <Button
                        size="compact-sm"
                        variant="default"
                        loading={retry.isPending}
                        onClick={() => retry.mutate({ params: { id: item.id }, body: {} })}
                      >
                        {t('parked.retry')}
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Answer>
    </Page>
  )
}
