import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../web/ui/page.tsx'
import { Answer, Empty } from '../../web/ui/states.tsx'
import { read } from '../../web/ui/use-call.ts'
import { When } from '../../web/ui/when.tsx'
import { listOutbox } from '../contract.ts'
import { OutboxState } from './outbox-state.tsx'

const states = ['failed', 'waiting', 'sending', 'sent', 'cancelled'] as const

/** Everything that leaves, by what became of it; failures first. */
export function OutboxPage() {
  const { t } = useTranslation()
  const [state, setState] = useState<(typeof states)[number]>('failed')
  const list = useQuery(read(listOutbox, { query: { state } }))
  return (
    <Page title={t('outbox.title')} wide>
      <NativeSelect
        label={t('outbox.state')}
        value={state}
        onChange={(e) => setState(states.find((s) => s === e.currentTarget.value) ?? 'failed')}
        data={states.map((value) => ({ value, label: t(`outbox.states.${value}`) }))}
        mb={14}
      />
      <Answer of={list}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('outbox.empty')} />
          ) : (
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
                      <Link className="link" to="/complaints/$id" params={{ id: item.complaintId }} search={{}}>
                        {item.number}
                      </Link>
                    </td>
                    <td>{item.recipient}</td>
                    <td>
                      <OutboxState outbox={item} complaintId={item.complaintId} />
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
