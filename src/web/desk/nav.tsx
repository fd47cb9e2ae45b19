import { useQuery } from '@tanstack/react-query'
import { Link, useLocation, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { countComplaints } from '../../complaints/contract.ts'
import { Bell } from '../../notices/ui/index.ts'
import { readHealth } from '../../operations/contract.ts'
import { type SavedFilter } from '../../views/contract.ts'
import { SavedViews, sameSearch } from '../../views/ui/index.ts'
import { startTour } from './tour/start-tour.ts'
import { Key } from '../ui/key.tsx'
import { useMay, useMe } from '../ui/session.ts'
import { read } from '../ui/use-call.ts'
import type { Opens } from './use-shortcuts.ts'
import { useSignOut } from './use-sign-out.ts'

type Props = { organisation: string; onGo?: () => void; open: (what: Opens | 'my-desk') => void }

/** The views with their exact counts, and the other rooms. */
export function Nav({ organisation, onGo, open }: Props) {
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
          {t('nav.new')} <Key of="new" />
        </Link>
      )}
      {reads && <Views />}
      <Rooms />
      <Foot open={open} />
    </nav>
  )
}

type View = {
  readonly search: SavedFilter
  readonly label: string
  readonly count: number | undefined
  readonly late?: boolean
}

/** What is in the list now, when the list is on the screen. */
function useSearchHere(): SavedFilter | undefined {
  return useRouterState({
    select: ({ location }) => {
      if (!location.pathname.includes('/complaints')) return undefined
      const { rest: _, ...search } = location.search as SavedFilter & { rest?: string }
      return search
    },
    structuralSharing: true,
  })
}

function Views() {
  const { t } = useTranslation()
  const counts = useQuery(read(countComplaints, {})).data
  const mayReview = useMay('complaint.review')
  // Whoever leads gives a review its reviewer.
  const leads = useMay('complaint.approve')
  const reviews = mayReview || (leads && (counts?.review ?? 0) > 0)
  const approvals: View = { search: { view: 'all', state: 'approval' }, label: t('views.approval'), count: undefined }
  const here = useSearchHere()
  const views: View[] = (['mine', 'team', 'unassigned', ...(reviews ? (['review'] as const) : []), 'all'] as const).map(
    (view) => ({ search: { view }, label: t(`views.${view}`), count: counts?.[view] }),
  )
  const due = (name: 'overdue' | 'soon'): View => ({
    search: { view: 'all', due: name },
    label: t(`views.${name}`),
    count: counts?.[name],
    late: name === 'overdue' && (counts?.overdue ?? 0) > 0,
  })
  const waiting: View[] = (
    [
      ['customer', counts?.waitingCustomer],
      ['internal', counts?.waitingInternal],
      ['third_party', counts?.waitingThirdParty],
    ] as const
  ).map(([waitingFor, count]) => ({
    search: { view: 'all', waitingFor },
    label: t(`views.waiting-${waitingFor.replace('_', '-')}`),
    count,
  }))
  return (
    <>
      <ul>
        {[
          ...views,
          ...(leads ? [approvals] : []),
          due('overdue'),
          due('soon'),
          ...waiting.filter((w) => w.count !== 0),
        ].map((v) => (
          <ViewLink key={JSON.stringify(v.search)} view={v} here={here} />
        ))}
        <li>
          <Link to="/search" className="nav-view">
            {t('nav.search')} <Key of="search" />
          </Link>
        </li>
      </ul>
      <SavedViews search={here} />
    </>
  )
}

function ViewLink({ view: { search, label, count, late }, here }: { view: View; here: SavedFilter | undefined }) {
  const { i18n } = useTranslation()
  const on = here !== undefined && sameSearch(here, search)
  return (
    <li>
      <Link
        to="/complaints"
        search={search}
        className={`nav-view${on ? ' here' : ''}`}
        activeProps={{ className: '' }}
        aria-current={on ? 'page' : undefined}
      >
        {label} <b className={late ? 'late' : ''}>{count?.toLocaleString(i18n.language)}</b>
      </Link>
    </li>
  )
}

/** The other rooms, for whoever may enter them. */
export function useRooms() {
  const rooms = [
    ['/customers', 'nav.customers', useMay('customer.read')],
    ['/figures', 'nav.figures', useMay('figures.read')],
    ['/outbox', 'nav.outbox', useMay('outbox.read')],
    ['/parked', 'nav.parked', useMay('parked.read')],
    ['/settings/staff', 'nav.staff', useMay('absence.manage')],
    ['/settings/teams', 'nav.teams', useMay('staff.manage')],
    ['/settings/roles', 'nav.roles', useMay('settings.write')],
    ['/settings/routing', 'nav.routing', useMay('settings.read')],
    ['/settings/mailboxes', 'nav.mailboxes', useMay('settings.read')],
    ['/settings/mail-templates', 'nav.mail-templates', useMay('settings.read')],
    ['/settings/types', 'nav.types', useMay('settings.read')],
    ['/settings/products', 'nav.products', useMay('settings.read')],
    ['/settings/places', 'nav.places', useMay('settings.read')],
    ['/settings/calendars', 'nav.calendars', useMay('settings.read')],
    ['/settings/promises', 'nav.promises', useMay('settings.read')],
    ['/settings/keys', 'nav.keys', [useMay('key.manage'), useMay('key.confirm')].includes(true)],
    ['/settings/import', 'nav.import', useMay('settings.write')],
    ['/settings/access', 'nav.access', useMay('access.read')],
    ['/settings/health', 'nav.health', useMay('health.read')],
  ] as const
  return rooms.filter(([, , may]) => may)
}

/** The rooms; what is set once stands folded for whoever has a list of complaints above it. */
function Rooms() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const reads = useMay('complaint.read')
  const mine = useRooms()
  const work = mine.filter(([to]) => !to.startsWith('/settings'))
  const settings = mine.filter(([to]) => to.startsWith('/settings'))
  return (
    <>
      {work.length > 0 && <h2>{t('nav.work')}</h2>}
      <Alarm />
      <RoomLinks rooms={work} />
      {settings.length > 0 && (
        <details open={!reads || pathname.includes('/settings/')}>
          <summary>{t('nav.settings')}</summary>
          <RoomLinks rooms={settings} />
        </details>
      )}
    </>
  )
}

const alarmMs = 60_000
/** What has stopped now; what has to be done some day stands on the page itself. */
const stops: ReadonlySet<string> = new Set([
  'database',
  'worker',
  'queue',
  'outbox',
  'fetching',
  'overdue',
  'verify',
  'disk',
])

/** What does not work, for whoever looks after it, wherever they are: a mailbox that cannot be fetched loses days otherwise. */
function Alarm() {
  const { t, i18n } = useTranslation()
  const may = useMay('health.read')
  const health = useQuery({ ...read(readHealth, {}), enabled: may, staleTime: alarmMs, refetchInterval: alarmMs })
  const bad = health.data?.checks.filter((c) => c.state === 'bad' && stops.has(c.name)).length ?? 0
  if (bad === 0) return null
  return (
    <ul>
      <li>
        <Link to="/settings/health" className="nav-view">
          {t('nav.alarm')} <b className="late">{bad.toLocaleString(i18n.language)}</b>
        </Link>
      </li>
    </ul>
  )
}

function RoomLinks({ rooms }: { rooms: ReturnType<typeof useRooms> }) {
  const { t } = useTranslation()
  return (
    <ul>
      {rooms.map(([to, label]) => (
        <li key={to}>
          <Link to={to} className="nav-view">
            {t(label)}
          </Link>
        </li>
      ))}
    </ul>
  )
}

function Foot({ open }: Pick<Props, 'open'>) {
  const { t } = useTranslation()
  const me = useMe()
  const leave = useSignOut()
  return (
    <div className="nav-foot">
      <Bell open={() => open('notices')} />
      <button type="button" className="plain nav-view" aria-haspopup="dialog" onClick={() => open('palette')}>
        {t('palette.button')} <kbd aria-hidden="true">Ctrl K</kbd>
      </button>
      <button type="button" className="plain nav-view" aria-haspopup="dialog" onClick={() => open('my-desk')}>
        {t('my-desk.title')}
      </button>
      <Link to="/account" className="nav-view">
        {me.name}
      </Link>
      <button type="button" className="plain nav-view" onClick={startTour}>
        {t('tour.again')}
      </button>
      <button type="button" className="plain nav-view" onClick={leave}>
        {t('nav.sign-out')}
      </button>
    </div>
  )
}
