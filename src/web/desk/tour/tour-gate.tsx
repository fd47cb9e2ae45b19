import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useCallback, useEffect, useState } from 'react'
import { ASKED } from './start-tour.ts'
import { useMe } from '../../ui/session.ts'

const Tour = lazy(() => import('./tour.tsx'))
/** Shown once to everybody who looks at the demo, and to whoever asks for it. */
export function TourGate() {
  const me = useMe()
  const client = useQueryClient()
  const [on, setOn] = useState(
    me.organisation.demo && !me.preferences.toured && !localStorage.getItem('redress.toured'),
  )
  useEffect(() => {
    const begin = () => setOn(true)
    window.addEventListener(ASKED, begin)
    return () => window.removeEventListener(ASKED, begin)
  }, [])
  const end = useCallback(() => {
    setOn(false)
    void import('./remember.ts').then(({ remember }) => remember(client))
  }, [client])
  return on ? (
    <Suspense>
      <Tour end={end} />
    </Suspense>
  ) : null
}
