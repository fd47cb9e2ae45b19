import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link, Navigate, Outlet, useRouter } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemOf } from '../../kit/client/problem-error.ts'
import { useReadByLooking } from '../../notices/ui/index.ts'
import { getMe, type Me } from '../../people/contract.ts'
import { useAppliedPreferences } from '../../preferences/ui/index.ts'
import { dropDrafts } from '../ui/drafts.ts'
import { labelOf, setTermSet, storedLocale, switchLocale } from '../ui/i18n.ts'
import { SessionContext, useMay } from '../ui/session.ts'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { read } from '../ui/use-call.ts'
import { Nav } from './nav.tsx'
import { Toasts } from '../ui/toast.tsx'
import { TourGate } from './tour/tour-gate.tsx'
import { Status } from './status.tsx'
import { TopBar } from './top-bar.tsx'
import { TypedAhead } from './typed-ahead.tsx'
import { useShortcuts } from './use-shortcuts.ts'
import { useLive } from './use-live.ts'

/** Only a narrow screen opens it. */
const NavDrawer = lazy(() => import('./nav-drawer.tsx'))

type OverProps = { close: () => void; open: (what: keyof typeof Over) => void }

/** What lies over the desk for a moment; loaded when it is first asked for. */
const Over: Record<'palette' | 'notices' | 'help' | 'my-desk', React.ComponentType<OverProps>> = {
  palette: lazy(() => import('./palette/palette.tsx')),
  notices: lazy(() => import('../../notices/ui/notice-panel.tsx')),
  help: lazy(() => import('../../preferences/ui/key-help.tsx')),
  'my-desk': lazy(() => import('../../preferences/ui/my-desk.tsx')),
}

/** Everything behind the sign-in: navigation, the live stream, and the screen. */
export function Shell() {
  const me = useQuery({ ...read(getMe, {}), staleTime: Number.POSITIVE_INFINITY })
  const signedOut = !me.data && me.error !== null && problemOf(me.error).status === 401
  useSignInWhen(signedOut)
  if (me.data) return <Signed me={me.data} />
  if (!me.error || signedOut) return <Loading />
  return <Failed error={me.error} retry={() => void me.refetch()} />
}

/** Leads to the sign-in page, once, remembering the way back. */
function useSignInWhen(signedOut: boolean): void {
  const router = useRouter()
  useEffect(() => {
    if (!signedOut) return
    const { href } = router.state.location
    void router.navigate({ to: '/sign-in', search: href === '/' ? {} : { next: href }, replace: true })
  }, [signedOut, router])
}

function Signed({ me }: { me: Me }) {
  // Draws again in another language: the organisation's name is one of the words.
  useTranslation()
  useAppliedPreferences(me)
  useEffect(() => {
    // Whoever was here before may not have signed out.
    dropDrafts(me)
    setTermSet(me.organisation.termSet)
    if (!storedLocale()) void switchLocale(me.locale)
  }, [me])
  return (
    <SessionContext value={me}>
      <Frame organisation={labelOf(me.organisation.name)} />
    </SessionContext>
  )
}

function Frame({ organisation }: { organisation: string }) {
  const { t } = useTranslation()
  const [open, menu] = useDisclosure(false)
  const live = useLive()
  const [over, setOver] = useState<keyof typeof Over | null>(null)
  const close = useCallback(() => setOver(null), [])
  useShortcuts(setOver)
  useReadByLooking()
  const Opened = over && Over[over]
  return (
    <div className="app">
      <a className="skip" href="#main">
        {t('nav.skip')}
      </a>
      <TopBar organisation={organisation} menu={menu.open} open={setOver} />
      <div className="side">
        <Nav organisation={organisation} open={setOver} />
      </div>
      {open && (
        <Suspense>
          <NavDrawer organisation={organisation} close={menu.close} open={setOver} />
        </Suspense>
      )}
      <div id="main" className="screen" tabIndex={-1}>
        <Outlet />
      </div>
      <TourGate />
      {Opened && (
        <Suspense fallback={over === 'palette' && <TypedAhead />}>
          <Opened key={over} close={close} open={setOver} />
        </Suspense>
      )}
      <Toasts />
      <Status live={live} />
    </div>
  )
}

/** Where one begins: at one's own work, or, for those who read no complaint, at what they manage. */
export function Start() {
  const reads = useMay('complaint.read')
  const manages = useMay('staff.manage')
  if (reads) return <Navigate to="/complaints" search={{ view: 'mine' }} replace />
  return <Navigate to={manages ? '/settings/staff' : '/account'} replace />
}

export function NotFound() {
  const { t } = useTranslation()
  return (
    <Empty title={t('common.no-such-page')}>
      <Link className="link" to="/">
        {t('common.to-start')}
      </Link>
    </Empty>
  )
}
