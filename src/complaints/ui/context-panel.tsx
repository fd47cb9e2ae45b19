import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { lazy, Suspense, useState } from 'react'
import { SamePeople } from '../../customers/ui/index.ts'
import { harmless } from '../../kit/pure/markup.ts'
import { When } from '../../web/ui/when.tsx'
import type { ComplaintPage } from '../contract.ts'
import { AttachmentLinks } from './attachment-links.tsx'
import { Similar } from './context-panel-similar.tsx'
import { OtherComplaint } from './other-complaint.tsx'
import { Suggestions } from './suggestions.tsx'
import type { CommandName } from './use-command.ts'
import { pageKey } from './live-cache.ts'
import { moneyWords } from './money-words.ts'
import { useNames } from './use-names.ts'
import { RerouteOffer, WhyHere } from './why-here.tsx'

/** Of imported ones alone. */
const Origin = lazy(async () => ({ default: (await import('../../import/ui/index.ts')).Origin }))

type Props = { page: ComplaintPage; act: (name: CommandName) => void }

/** Beside the complaint: who it is, whose it is, what it is about, and what looks like it. */
export function ContextPanel({ page, act }: Props) {
  const { t } = useTranslation()
  return (
    <aside className="context" aria-label={t('context.label')}>
      <Suggestions page={page} />
      <Customer page={page} />
      <Handling page={page} act={act} />
      <Matter page={page} />
      {page.complaint.importId && (
        <Suspense>
          <Origin id={page.complaint.id} />
        </Suspense>
      )}
      {page.attachments.length > 0 && (
        <section>
          <h3>{t('attachments.title')}</h3>
          <AttachmentLinks files={page.attachments} />
        </section>
      )}
      <Links page={page} />
      <Similar page={page} />
    </aside>
  )
}

function Customer({ page }: { page: ComplaintPage }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [all, setAll] = useState(false)
  const { customer, complaint } = page
  const again = () => client.invalidateQueries({ queryKey: pageKey(complaint.id) })
  const stillOpen = customer?.others.filter((o) => o.open) ?? []
  // What is still open may be the same matter: first.
  const others = [...stillOpen, ...(customer?.others.filter((o) => !o.open) ?? [])]
  if (!customer)
    return (
      <section>
        <h3>{t('complaint.complainant')}</h3>
        <p>{complaint.customerName ?? t(`mode.${complaint.mode}`)}</p>
        {complaint.onBehalfOf && <p>{t('context.on-behalf', { name: complaint.onBehalfOf })}</p>}
      </section>
    )
  return (
    <section>
      <h3>{t('complaint.complainant')}</h3>
      <p>
        <bdi>
          <b>{harmless(customer.name) || t(`mode.${complaint.mode}`)}</b>
        </bdi>{' '}
        {customer.tier && (
          <span className="tag" title={t('tiers.title')}>
            {t(`tiers.${customer.tier}`, { defaultValue: customer.tier })}
          </span>
        )}
      </p>
      <dl className="kv">
        {customer.identities.map((i) => (
          <Pair key={`${i.kind}${i.value}`} name={t(`identities.${i.kind}`, { defaultValue: i.kind })}>
            <bdi className={i.kind === 'address' ? 'lines' : i.notUsed ? 'struck' : undefined}>{harmless(i.value)}</bdi>
            {i.notUsed && <span className="soon small whole"> {t(`customers.not-used.${i.notUsed}`)}</span>}
            {!i.verified && !i.notUsed && <span className="quiet small whole"> {t('context.unverified')}</span>}
          </Pair>
        ))}
        <Pair name={t('fields.locale')}>{t(`locales.${customer.locale}`)}</Pair>
        {complaint.onBehalfOf && <Pair name={t('fields.onBehalfOf')}>{complaint.onBehalfOf}</Pair>}
      </dl>
      <p className="small">
        <Link to="/customers/$id" params={{ id: customer.id }} className="link">
          {t('customers.open-page')}
        </Link>
      </p>
      <SamePeople customer={customer} heading="h4" again={again} />
      {customer.others.length > 0 && (
        <>
          <h4>
            {t('context.others', { count: customer.others.length })}
            {stillOpen.length > 0 && (
              <span className="soon">
                {t('common.dot')}
                {t('context.open-others', { count: stillOpen.length })}
              </span>
            )}
          </h4>
          {others.slice(0, all ? others.length : 5).map((o) => (
            <OtherComplaint key={o.id} {...o} />
          ))}
          {others.length > 5 && !all && (
            <button type="button" className="plain link small" onClick={() => setAll(true)}>
              {t('common.more')}
            </button>
          )}
        </>
      )}
    </section>
  )
}

function Handling({ page, act }: Props) {
  const { t } = useTranslation()
  const names = useNames()
  const c = page.complaint
  const may = (name: string) => page.actions.some((a) => a.name === name && a.allowed)
  return (
    <section>
      <h3>{t('context.handling')}</h3>
      <dl className="kv">
        <Pair name={t('complaint.owner')}>
          {c.owner?.name ?? t('complaint.unassigned')}{' '}
          {may('assign') && (
            <button type="button" className="plain link small" onClick={() => act('assign')}>
              {t('actions.assign')}
            </button>
          )}
        </Pair>
        <Pair name={t('filters.teamId')}>
          {names.team(c.teamId)} <WhyHere page={page} />
          <RerouteOffer page={page} />
        </Pair>
        {page.helpers.length > 0 && (
          <Pair name={t('complaint.helpers')}>{page.helpers.map((h) => h.name).join(t('common.comma'))}</Pair>
        )}
        {page.subjects.length > 0 && (
          <Pair name={t('complaint.subjects')}>{page.subjects.map((h) => h.name).join(t('common.comma'))}</Pair>
        )}
        {page.access.length > 0 && (
          <Pair name={t('complaint.access')}>{page.access.map((h) => h.name).join(t('common.comma'))}</Pair>
        )}
        <Pair name={t('filters.severity')}>
          {names.severityOf(c)}
          {c.impact && c.likelihood ? (
            <span className="quiet small">
              {' '}
              {c.impact} × {c.likelihood}
            </span>
          ) : null}{' '}
          {may('assess') && (
            <button type="button" className="plain link small" onClick={() => act('assess')}>
              {t('actions.assess')}
            </button>
          )}
        </Pair>
        <Pair name={t('filters.state')}>{names.state(c.state)}</Pair>
      </dl>
    </section>
  )
}

function Matter({ page }: { page: ComplaintPage }) {
  const { t, i18n } = useTranslation()
  const names = useNames()
  const c = page.complaint
  const rows: [string, React.ReactNode][] = [
    ['remedySought', c.remedySought],
    ['typeCode', names.code('issue', c.typeCode)],
    ['productId', names.product(c.productId)],
    ['placeId', names.place(c.placeId)],
    ['orderNo', c.orderNo],
    ['outcomeCode', names.code('outcome', c.outcomeCode)],
    ['remedyCode', names.code('remedy', c.remedyCode)],
    ['amount', c.remedyAmount && moneyWords(c.remedyAmount, i18n.language)],
    ['closureCode', names.code('closure_reason', c.closureCode)],
    ['summary', c.summary],
    ['askedFor', c.authority?.askedFor ? <When at={c.authority.askedFor} /> : ''],
    ['receivedAt', <When key="r" at={c.receivedAt} exact />],
    ['loggedAt', <When key="l" at={c.loggedAt} exact />],
    ['publicRef', c.publicRef],
  ]
  return (
    <section>
      <h3>{t('context.matter')}</h3>
      <dl className="kv">
        {rows.map(
          ([name, value]) =>
            value && (
              <Pair key={name} name={t([`context.${name}`, `fields.${name}`])}>
                {value}
              </Pair>
            ),
        )}
      </dl>
    </section>
  )
}

function Links({ page }: { page: ComplaintPage }) {
  const { t } = useTranslation()
  if (page.links.length === 0) return null
  return (
    <section>
      <h3>{t('context.links')}</h3>
      {page.links.map((l) => (
        <div key={l.kind + l.id}>
          <span className="quiet small">{t(`choices.${l.kind}`, { defaultValue: l.kind })}</span>
          <OtherComplaint {...l} />
        </div>
      ))}
    </section>
  )
}

function Pair({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
