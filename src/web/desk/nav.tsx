import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { countComplaints } from '../../complaints/contract.ts'
import { signOut } from '../../people/contract.ts'
import { dropDrafts } from '../ui/drafts.ts'
import { useMay, useMe } from '../ui/session.ts'
import { read, useSend } from '../ui/use-call.ts'

type Props = { organisation: string; onGo?: () => void }

/** The views with their exact counts, and the other rooms. */
export function Nav({ organisation, onGo }: Props) {
  const { t } = useTranslation()
  const reads = useMay('complaint.read')
  const creates = useMay('complaint.create')
  const { href } = useLocation()
  const first = useRef(href)
  useEffect(() => {
    if (href !== first.current) onGo?.()
  }, [href, onGo])
  return (
    <nav className="nav" aria-label={t('nav.label')}>
      <div className="org">
        <i aria-hidden="true">{[...organisation][0]}</i>
        <span>{organisation}</span>
      </div>
      {creates && (
        <Link to="/new" className="new">
          {t('nav.new')} <kbd aria-hidden="true">C</kbd>
        </Link>
      )}
      {reads && <Views />}
      <Rooms />
      <Foot />
    </nav>
  )
}

function Views() {
  const { t } = useTranslation()
  const counts = useQuery(read(countComplaints, {})).data
  const reviews = useMay('complaint.review')
  const views = ['mine', 'team', 'unassigned', ...(reviews ? (['review'] as const) : []), 'all'] as const
  const dues = ['overdue', 'soon'] as const
  return (
    <ul>
      {views.map((view) => (
        <li key={view}>
          <Link to="/complaints" search={{ view }} className="nav-view">
            {t(`views.${view}`)} <b>{counts?.[view]}</b>
          </Link>
        </li>
      ))}
      {dues.map((due) => (
        <li key={due}>
          <Link to="/complaints" search={{ view: 'all', due }} className="nav-view">
            {t(`views.${due}`)} <b className={due === 'overdue' && counts?.overdue ? 'late' : ''}>{counts?.[due]}</b>
          </Link>
        </li>
      ))}
      <li>
        <Link to="/search" className="nav-view">
          {t('nav.search')} <kbd aria-hidden="true">/</kbd>
        </Link>
      </li>
    </ul>
  )
}

function Rooms() {
  const { t } = useTranslation()
  const rooms = [
    ['/figures', 'nav.figures', useMay('figures.read')],
    ['/outbox', 'nav.outbox', useMay('outbox.read')],
    ['/parked', 'nav.parked', useMay('parked.read')],
    ['/settings/staff', 'nav.staff', useMay('staff.manage')],
    ['/settings/teams', 'nav.teams', useMay('staff.manage')],
    ['/settings/roles', 'nav.roles', useMay('settings.write')],
    ['/settings/keys', 'nav.keys', useMay('key.manage')],
  ] as const
  const mine = rooms.filter(([, , may]) => may)
  if (mine.length === 0) return null
  return (
    <>
      <h2>{t('nav.work')}</h2>
      <ul>
        {mine.map(([to, label]) => (
          <li key={to}>
            <Link to={to} className="nav-view">
              {t(label)}
            </Link>
          </li>
        ))}
      </ul>
    </>
  )
}

function Foot() {
  const { t } = useTranslation()
  const me = useMe()
  const client = useQueryClient()
  const navigate = useNavigate()
  const leave = useSend(signOut, async () => {
    dropDrafts()
    client.clear()
    await navigate({ to: '/sign-in', search: {} })
  })
  return (
    <div className="nav-foot">
      <Link to="/account" className="nav-view">
        {me.name}
      </Link>
      <button type="button" className="plain nav-view" onClick={() => leave.mutate({})}>
        {t('nav.sign-out')}
      </button>
    </div>
  )
}
