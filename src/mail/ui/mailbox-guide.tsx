import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import { read } from '../../web/ui/use-call.ts'
import { mailWays } from '../contract.ts'
import { type DnsRecord, recordsFor } from '../domain/records.ts'
import { Copied } from './copied.tsx'

type Ways = ReplyOf<typeof mailWays>

/** What whoever connects a mailbox must do elsewhere: how its mail comes here, how answers leave, what the name server says. */
export function MailboxGuide({ address, test }: { address: string; test: ReactNode }) {
  const { t } = useTranslation()
  const ways = useQuery(read(mailWays, {})).data
  if (!ways) return null
  const at = address.lastIndexOf('@')
  const [mx, ...rest] = recordsFor(address, ways.name, ways.out?.host ?? null)
  return (
    <div className="mailbox-guide">
      <section>
        <h3>{t('mailboxes.in')}</h3>
        <p className="small quiet">{t('mailboxes.in-hint')}</p>
        <ol>
          <li>
            <b>{t('mailboxes.by-imap')}</b>
            <p className="small">{t('mailboxes.by-imap-how')}</p>
          </li>
          <li>
            <b>{t('mailboxes.by-forward')}</b>
            <p className="small">
              {t('mailboxes.by-forward-how', { address, plus: `${address.slice(0, at)}+…${address.slice(at)}` })}
            </p>
            <Listening ways={ways} />
          </li>
          <li>
            <b>{t('mailboxes.by-mx')}</b>
            <p className="small">{t('mailboxes.by-mx-how', { domain: address.slice(at + 1) })}</p>
            {mx && <Records records={[mx]} />}
          </li>
        </ol>
      </section>
      <section>
        <h3>{t('mailboxes.out')}</h3>
        {ways.out ? (
          <p className="small">{t('mailboxes.out-by', { address, server: ways.out.server })}</p>
        ) : (
          <p className="note-box warn">{t('mailboxes.out-none')}</p>
        )}
        {ways.out && test}
        <p className="small quiet">{t('mailboxes.records-hint')}</p>
        <Records records={rest} />
      </section>
    </div>
  )
}

const everywhere: ReadonlySet<string> = new Set(['0.0.0.0', '::'])

function Listening({ ways: { listening, name } }: { ways: Ways }) {
  const { t } = useTranslation()
  const [first] = listening
  if (!first) return <p className="note-box warn">{t('mailboxes.listens-not')}</p>
  return (
    <>
      {listening.map(({ protocol, host, port }) => (
        <p key={`${protocol}${host}${port}`} className="small">
          <Copied text={`${everywhere.has(host) ? name : host}:${port}`} name={protocol.toUpperCase()} />{' '}
          {protocol.toUpperCase()}
        </p>
      ))}
      {listening.every((l) => l.here) && <p className="note-box warn small">{t('mailboxes.listens-here')}</p>}
    </>
  )
}

function Records({ records }: { records: readonly DnsRecord[] }) {
  const { t } = useTranslation()
  return (
    <dl className="dns">
      {records.map(({ what, type, name, value }) => (
        <div key={what}>
          <dt>
            {what.toUpperCase()} {what !== 'mx' && <span className="quiet small">{type}</span>}
          </dt>
          <dd>
            <Copied text={name} name={t('mailboxes.record-name', { what: what.toUpperCase() })} />
          </dd>
          <dd>
            {value === '' ? (
              <span className="small quiet">{t('mailboxes.dkim-from')}</span>
            ) : (
              <Copied text={value} name={t('mailboxes.record-value', { what: what.toUpperCase() })} />
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
