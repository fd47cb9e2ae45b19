import { Popover } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { When } from '../../web/ui/when.tsx'
import type { ComplaintPage } from '../contract.ts'
import { useCommand } from './use-command.ts'
import { useNames } from './use-names.ts'

type Why = {
  readonly at: string
  readonly rule?: string
  readonly by?: string | null
  readonly lineId?: string | null
  readonly placeId?: string | null
  readonly typeCode?: string | null
  readonly teamId?: string
  readonly mode?: string
  readonly present?: readonly { readonly staffId: string; readonly open: number }[]
}

/** Why it lies in this queue, with this person: the line of the routing table, the mode, and who was present then. */
export function WhyHere({ page }: { page: ComplaintPage }) {
  const { t } = useTranslation()
  const why = page.complaint.assignedWhy as Why | null
  if (!why) return null
  return (
    <Popover width={320} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className="plain link small">
          {t('why-here.ask')}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <Reasons why={why} />
      </Popover.Dropdown>
    </Popover>
  )
}

function Reasons({ why }: { why: Why }) {
  const { t } = useTranslation()
  const names = useNames()
  const byLine = Boolean(why.lineId)
  const rows: [string, React.ReactNode][] = [
    ['rule', why.rule && t(`rules.${why.rule}`, { defaultValue: why.rule })],
    ['place', byLine && (why.placeId ? names.place(why.placeId) : t('why-here.any'))],
    ['type', byLine && (why.typeCode ? names.code('issue', why.typeCode) : t('why-here.any'))],
    ['team', why.teamId && names.team(why.teamId)],
    ['mode', why.mode && t(`why-here.mode-${why.mode.replace('_', '-')}`)],
    ['by', why.by && names.staff(why.by)],
    ['at', <When key="at" at={why.at} exact />],
  ]
  return (
    <>
      <dl className="kv">
        {rows.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{t(`why-here.${name}`)}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      {why.present && <Present present={why.present} />}
    </>
  )
}

function Present({ present }: { present: NonNullable<Why['present']> }) {
  const { t, i18n } = useTranslation()
  const names = useNames()
  if (present.length === 0) return <p className="small soon">{t('why-here.nobody')}</p>
  return (
    <>
      <p className="small quiet">{t('why-here.present')}</p>
      <ul className="plain-list small">
        {[...present]
          .sort((a, b) => a.open - b.open)
          .map((p) => (
            <li key={p.staffId}>
              {names.staff(p.staffId)} <b>{p.open.toLocaleString(i18n.language)}</b>
            </li>
          ))}
      </ul>
    </>
  )
}

/** Its type or place is another one now, and the table leads elsewhere: offered in one click, never done by itself. */
export function RerouteOffer({ page }: { page: ComplaintPage }) {
  const { t } = useTranslation()
  const names = useNames()
  const assign = useCommand('assign', page)
  const { reroute } = page.complaint
  if (!reroute) return null
  const may = page.actions.some((a) => a.name === 'assign' && a.allowed)
  return (
    <p className="small soon">
      {t('why-here.reroute', { team: names.team(reroute.teamId) })}{' '}
      {may && (
        <button
          type="button"
          className="plain link"
          disabled={assign.pending}
          onClick={() => void assign.send({ ownerId: null, teamId: reroute.teamId })}
        >
          {t('why-here.move')}
        </button>
      )}
    </p>
  )
}
