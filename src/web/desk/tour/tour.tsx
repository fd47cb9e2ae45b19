import { Button, CloseButton } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../ui/session.ts'
import { isComposing } from '../../ui/keys.ts'
import { beside, type Box } from './place.ts'
import { type Stop, stopsFor } from './steps.ts'
import './tour.css'

/** Up to six stops at real things; everything beneath stays usable, and Esc ends it. */
export default function Tour({ end }: { end: () => void }) {
  const { t } = useTranslation()
  const stops = stopsFor(useMe().permissions)
  const [no, setNo] = useState(0)
  const stop = stops[no]
  useEffect(() => {
    if (stops.length === 0) end()
  }, [stops.length, end])
  useEscape(end)
  if (!stop) return null
  const last = no === stops.length - 1
  return (
    <Card key={stop.name} stop={stop} label={t('tour.label', { no: no + 1, of: stops.length })} end={end}>
      {no > 0 && (
        <Button variant="default" size="compact-sm" onClick={() => setNo(no - 1)}>
          {t('tour.back')}
        </Button>
      )}
      <Button size="compact-sm" data-autofocus onClick={() => (last ? end() : setNo(no + 1))}>
        {t(last ? 'tour.done' : 'tour.next')}
      </Button>
    </Card>
  )
}

function useEscape(end: () => void): void {
  useEffect(() => {
    const pressed = (e: KeyboardEvent) => {
      if (e.key === 'Escape' && !isComposing(e)) end()
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  }, [end])
}

type CardProps = { stop: Stop; label: string; end: () => void; children: React.ReactNode }

function Card({ stop, label, end, children }: CardProps) {
  const { t } = useTranslation()
  const title = useId()
  const words = useId()
  const card = useRef<HTMLDivElement>(null)
  const before = useRef(document.activeElement)
  const target = useTarget(stop)
  const [at, setAt] = useState<{ left: number; top: number }>()
  useEffect(() => {
    const box = card.current
    if (!target || !box) return
    setAt(
      beside(target, { width: box.offsetWidth, height: box.offsetHeight }, { width: innerWidth, height: innerHeight }),
    )
  }, [target])
  const there = target !== undefined
  useEffect(() => {
    // Again once it is there: a page that has just opened takes the focus for itself.
    const focus = () => card.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus({ preventScroll: true })
    const again = setTimeout(focus, there ? 120 : 0)
    return () => clearTimeout(again)
  }, [there])
  useEffect(() => {
    const from = before.current
    // Back to where one was, unless the page has gone on.
    return () => {
      if (from instanceof HTMLElement && from.isConnected) from.focus({ preventScroll: true })
    }
  }, [])
  return (
    <>
      {target && (
        <div
          className="tour-ring"
          aria-hidden="true"
          style={{ left: target.left - 4, top: target.top - 4, width: target.width + 8, height: target.height + 8 }}
        />
      )}
      <div
        ref={card}
        className="tour-card"
        role="dialog"
        aria-labelledby={title}
        aria-describedby={words}
        style={at ?? { left: 12, top: 12, opacity: 0 }}
      >
        <div className="row-flex">
          <small className="quiet grow">{label}</small>
          <CloseButton size="sm" aria-label={t('tour.skip')} onClick={end} />
        </div>
        <b id={title}>{t(`tour.${stop.name}.title`)}</b>
        <p id={words}>{t(`tour.${stop.name}.text`)}</p>
        <div className="row-flex">
          <button type="button" className="plain link small" onClick={end}>
            {t('tour.skip')}
          </button>
          <span className="grow" />
          {children}
        </div>
      </div>
    </>
  )
}

/** Goes where the stop is, waits for what it points at, and keeps its place as the page moves. */
function useTarget(stop: Stop): Box | undefined {
  const go = useGo()
  const [box, setBox] = useState<Box>()
  useEffect(() => {
    let found: Element | null = null
    let frame = 0
    go(stop)
    const look = () => {
      const now = onPage(stop)
      if (now && now !== found) now.scrollIntoView({ block: innerWidth < 800 ? 'start' : 'nearest' })
      found = now
      const next = found && visible(found)
      setBox((was) => (next && was && same(was, next) ? was : (next ?? was)))
      frame = setTimeout(look, found ? 250 : 80) as unknown as number
    }
    look()
    return () => clearTimeout(frame)
  }, [stop, go])
  return box
}

function onPage({ at, target }: Stop): Element | null {
  const { pathname } = location
  const here = at === 'first' ? /\/complaints\/./.test(pathname) : pathname.endsWith(at)
  if (!here) return null
  for (const selector of target.split(', ')) {
    const one = [...document.querySelectorAll(selector)].find((e) => e.getBoundingClientRect().width > 0)
    if (one) return one
  }
  return null
}

/** The part of it that is on the screen, and not more than a third of it. */
function visible(element: Element): Box {
  const { left, top, right, bottom } = element.getBoundingClientRect()
  const from = { left: Math.max(6, left), top: Math.max(6, top) }
  const width = Math.min(innerWidth - 6, right) - from.left
  return { ...from, width, height: Math.min(innerHeight / 3, Math.min(innerHeight - 6, bottom) - from.top) }
}

const same = (a: Box, b: Box) => a.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height

function useGo(): (stop: Stop) => void {
  const navigate = useNavigate()
  return useCallback(
    ({ at }: Stop) => {
      if (at !== 'first') {
        if (!location.pathname.endsWith(at))
          void navigate({ to: at, search: at === '/complaints' ? { view: 'all' } : {} })
        return
      }
      if (/\/complaints\/./.test(location.pathname)) return
      void navigate({ to: '/complaints', search: { view: 'all' } }).then(() => openFirst(40))
    },
    [navigate],
  )
}

/** Opens the first complaint of the list once there is one. */
function openFirst(tries: number): void {
  const link = document.querySelector<HTMLAnchorElement>('.rows a[href*="/complaints/"]')
  if (link) link.click()
  else if (tries > 0) setTimeout(() => openFirst(tries - 1), 100)
}
