import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Page } from '../../web/ui/page.tsx'
import { keyOf } from '../../web/ui/problem-note.tsx'
import { useMe } from '../../web/ui/session.ts'
import { Answer } from '../../web/ui/states.tsx'
import { read } from '../../web/ui/use-call.ts'
import { useReader, When } from '../../web/ui/when.tsx'
import { type HealthCheck, type HealthState, readHealth } from '../contract.ts'
import './health.css'

const AGAIN_MS = 30_000
const icons: Readonly<Record<HealthState, string>> = { good: '✓', warn: '▲', bad: '✕' }
const worstFirst: readonly HealthState[] = ['bad', 'warn', 'good']

/** How the installation is: each thing in a sentence, with what to do where something is to be done. Worst first. */
export function HealthPage() {
  const { t } = useTranslation()
  const health = useQuery({ ...read(readHealth, {}), refetchInterval: AGAIN_MS, refetchOnWindowFocus: 'always' })
  return (
    <Page title={t('health.title')} hint={t('health.hint')}>
      <Answer of={health}>
        {({ checks, jobs, version, node, since, at }) => {
          const wrong = checks.filter((c) => c.state !== 'good').length
          return (
            <>
              <p className={wrong === 0 ? 'health-all yes' : 'health-all'} role="status">
                <b>{wrong === 0 ? t('health.all-good') : t('health.to-do', { count: wrong })}</b>{' '}
                <span className="quiet">
                  <When at={at} />
                </span>
              </p>
              <ul className="health">
                {checks
                  .toSorted((a, b) => worstFirst.indexOf(a.state) - worstFirst.indexOf(b.state))
                  .map((check) => (
                    <Line key={check.name} check={check} />
                  ))}
              </ul>
              <details>
                <summary>{t('health.jobs')}</summary>
                <table className="table">
                  <tbody>
                    {jobs.map((job) => (
                      <tr key={job.task}>
                        <td>{t(`health.tasks.${job.task}`, { defaultValue: job.task })}</td>
                        <td>{job.at ? <When at={job.at} exact /> : t('health.not-yet')}</td>
                        <td>
                          <State of={job.state} />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </details>
              <p className="quiet small">
                {t('health.version', { version, node })} <When at={since} exact />
              </p>
            </>
          )
        }}
      </Answer>
    </Page>
  )
}

/** By word, sign and colour: none of them alone. */
function State({ of }: { of: HealthState }) {
  const { t } = useTranslation()
  return (
    <span className={`health-state ${of}`}>
      <span aria-hidden="true">{icons[of]}</span> {t(`health.states.${of}`)}
    </span>
  )
}

const places = {
  calendars: ['/settings/calendars', 'nav.calendars', 'settings.read'],
  fetching: ['/settings/mailboxes', 'nav.mailboxes', 'settings.read'],
  outbox: ['/outbox', 'nav.outbox', 'outbox.read'],
  parked: ['/parked', 'nav.parked', 'parked.read'],
  totp: ['/settings/staff', 'nav.staff', 'staff.manage'],
} as const

/** The way to where it is put right, for whoever may go there. */
function Place({ of }: { of: string }) {
  const { t } = useTranslation()
  const { permissions } = useMe()
  const place = of in places ? places[of as keyof typeof places] : undefined
  if (!place || !permissions.includes(place[2])) return null
  return (
    <Link className="link" to={place[0]}>
      {t(place[1])}
    </Link>
  )
}

function Line({ check: { name, state, as, facts } }: { check: HealthCheck }) {
  const { t } = useTranslation()
  const { locale, zone } = useReader()
  const told = Object.fromEntries(
    Object.entries(facts).map(([key, value]) => [
      key,
      typeof value === 'number'
        ? value.toLocaleString(locale, { useGrouping: key !== 'year' })
        : key === 'at' && value
          ? new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(
              Date.parse(value),
            )
          : name === 'fetching' && key === 'reason' && value
            ? t(`problem.${keyOf(value)}`)
            : name === 'calendars' && key === 'keys' && value
              ? value
                  .split(', ')
                  .map((one) => t(`calendars.${one}`, { defaultValue: one }))
                  .join(t('common.comma'))
              : (value ?? ''),
    ]),
  )
  const keys = (part: string) => [`health.${name}.${part}-${as}`, `health.${name}.${part}`]
  return (
    <li>
      <State of={state} />
      <div>
        <h2>{t(`health.${name}.name`)}</h2>
        <p>{as === 'failed' && name !== 'outbox' ? t('health.failed', told) : t(keys('says'), told)}</p>
        {state !== 'good' && (
          <p className="todo">
            → {t(keys('do'), told)} <Place of={name} />
          </p>
        )}
      </div>
    </li>
  )
}
