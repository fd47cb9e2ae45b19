import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNames } from '../../complaints/ui/index.ts'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import { harmless } from '../../kit/pure/markup.ts'
import { Answer } from '../../web/ui/states.tsx'
import { read } from '../../web/ui/use-call.ts'
import { Due, When } from '../../web/ui/when.tsx'
import { openCustomer } from '../contract.ts'
import { CustomerEdit } from './customer-edit.tsx'
import { Changes, Notes, Reach } from './customer-side.tsx'
import { SamePeople } from './same-people.tsx'
import './customers.css'

export type Customer = ReplyOf<typeof openCustomer>

/** One customer: who, how to reach them, everything of theirs one may see, what they were told and promised. */
export function CustomerPage() {
  const { t } = useTranslation()
  const { id } = useParams({ strict: false }) as { id: string }
  const customer = useQuery(read(openCustomer, { params: { id } }))
  return (
    <main className="page wide" aria-label={t('customers.title')}>
      <Link to="/customers" className="link small">
        ← {t('customers.to-list')}
      </Link>
      <Answer of={customer}>
        {(c) => <Whole key={c.id} customer={c} again={async () => (await customer.refetch()).data} />}
      </Answer>
    </main>
  )
}

type Props = { customer: Customer; again: () => Promise<Customer | undefined> }

function Whole({ customer, again }: Props) {
  const { t } = useTranslation()
  const [editing, edit] = useState(false)
  const open = customer.complaints.filter((c) => c.open).length
  return (
    <>
      <header className="customer-head">
        <h1>
          <bdi>{harmless(customer.name) || t('customers.no-name')}</bdi>
        </h1>
        {customer.tier && (
          <span className="tag" title={t('tiers.title')}>
            {t(`tiers.${customer.tier}`, { defaultValue: customer.tier })}
          </span>
        )}
        {open > 0 && <span className="soon">{t('customers.open-count', { count: open })}</span>}
        <span className="quiet">
          {t(`locales.${customer.locale}`)}
          {t('common.dot')}
          <When at={customer.createdAt} />
        </span>
        <span className="grow" />
        {customer.mayChange && !editing && (
          <Button variant="default" size="compact-md" onClick={() => edit(true)}>
            {t('customers.edit')}
          </Button>
        )}
      </header>
      {editing && <CustomerEdit customer={customer} again={again} close={() => edit(false)} />}
      <div className="customer-page">
        <div>
          <Complaints customer={customer} />
          <Promises customer={customer} />
          <Told customer={customer} />
        </div>
        <div>
          <Reach customer={customer} />
          <section>
            <SamePeople customer={customer} heading="h2" again={again} />
          </section>
          <Notes customer={customer} again={again} />
          <Changes customer={customer} />
        </div>
      </div>
    </>
  )
}

function Complaints({ customer: { complaints, links } }: { customer: Customer }) {
  const { t } = useTranslation()
  const names = useNames()
  return (
    <section>
      <h2>{t('customers.complaints')}</h2>
      {complaints.length === 0 && <p className="quiet">{t('customers.no-complaints')}</p>}
      <ul>
        {complaints.map((c) => (
          <li key={c.id}>
            <Link to="/complaints/$id" params={{ id: c.id }} search={{}} className="customer-case">
              <b>
                <bdi>{harmless(c.title) || c.number}</bdi>
              </b>
              {c.open && c.nextDueAt ? <Due at={c.nextDueAt} /> : <span className="quiet">{names.state(c.state)}</span>}
              <span className="quiet small">
                {[c.number, names.channel(c.channel), c.open ? names.state(c.state) : '', c.owner?.name ?? '']
                  .filter(Boolean)
                  .join(t('common.dot'))}
                {c.restricted && <span className="tag soon">{t('complaint.restricted')}</span>}
                {c.mode !== 'named' && <span className="tag">{t(`mode.${c.mode}`)}</span>}
              </span>
              <span className="quiet small">
                {c.open && c.nextClock ? names.clock(c.nextClock) : <When at={c.receivedAt} />}
              </span>
            </Link>
            {links
              .filter((l) => l.complaintId === c.id)
              .map((l) => (
                <span key={l.kind + l.otherId} className="quiet small">
                  {t('customers.related', { number: l.number })} {t(`choices.${l.kind}`, { defaultValue: l.kind })}{' '}
                </span>
              ))}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Promises({ customer: { promises } }: { customer: Customer }) {
  const { t } = useTranslation()
  return (
    <section>
      <h2>{t('customers.promises')}</h2>
      {promises.length === 0 && <p className="quiet">{t('customers.promises-none')}</p>}
      <ul>
        {promises.map((p) => (
          <li key={p.complaintId + p.dueAt + p.words}>
            <bdi>{harmless(p.words)}</bdi>{' '}
            {p.endedAt === null && p.dueAt ? <Due at={p.dueAt} /> : <span className="quiet">{ended(p, t)}</span>}
            <p className="quiet small">
              <Link to="/complaints/$id" params={{ id: p.complaintId }} search={{}} className="link">
                {p.number}
              </Link>
              {p.owner && `${t('common.dot')}${p.owner}`}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}

function ended(p: Customer['promises'][number], t: (key: string) => string): string {
  if (p.state === 'cancelled') return t('customers.dropped')
  return p.dueAt !== null && p.endedAt !== null && p.endedAt > p.dueAt ? t('customers.broken') : t('customers.kept')
}

function Told({ customer: { told } }: { customer: Customer }) {
  const { t } = useTranslation()
  const names = useNames()
  return (
    <section>
      <h2>{t('customers.told')}</h2>
      {told.length === 0 && <p className="quiet">{t('customers.told-none')}</p>}
      <ul>
        {told.map((m) => (
          <li key={m.complaintId + m.at}>
            <span className="quiet small">
              <When at={m.at} />
              {t('common.dot')}
              {names.channel(m.channel)}
              {t('common.dot')}
              <Link to="/complaints/$id" params={{ id: m.complaintId }} search={{}} className="link">
                {m.number}
              </Link>
            </span>
            <p dir="auto">
              {harmless(m.text)}
              {m.text.length >= 400 && '…'}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}
