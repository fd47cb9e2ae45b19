import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { flushSync } from 'react-dom'

type Given = {
  readonly count: number
  /** Of each row, in CSS pixels. */
  readonly rowHeight: number
  /** Rows drawn on each side of those in sight. */
  readonly beyond: number
}

export type RowsInSight = {
  /** Indexes of the rows to draw, in order. */
  readonly shown: readonly number[]
  /** Of all rows together, in CSS pixels. */
  readonly height: number
  readonly scrollTo: (top: number) => void
  /** Scrolls only as far as it takes to see a row whole. */
  readonly reveal: (index: number) => void
}

/**
 * Which rows of a long list are in sight of the box that scrolls it. All rows are of one height, so nothing is kept for each:
 * the hundred-thousandth costs what the first did, and no key makes the page be laid out to ask where things are.
 */
export function useRowsInSight(
  box: React.RefObject<HTMLElement | null>,
  { count, rowHeight, beyond }: Given,
): RowsInSight {
  const seen = useRef({ top: 0, height: 0 })
  const [{ from, rows }, setSight] = useState({ from: 0, rows: 0 })
  const look = useCallback(() => {
    const { top, height } = seen.current
    const next = { from: Math.floor(top / rowHeight), rows: Math.ceil(height / rowHeight) + 1 }
    setSight((now) => (now.from === next.from && now.rows === next.rows ? now : next))
  }, [rowHeight])
  useLayoutEffect(() => {
    const el = box.current
    if (!el) return
    seen.current = { top: el.scrollTop, height: el.clientHeight }
    look()
    const watch = new ResizeObserver(() => {
      seen.current.height = el.clientHeight
      look()
    })
    watch.observe(el)
    return () => watch.disconnect()
  }, [box, look])
  useEffect(() => {
    const el = box.current
    const onScroll = () => {
      seen.current.top = el?.scrollTop ?? 0
      // Drawn before this frame is painted, or it would show an empty place.
      flushSync(look)
    }
    el?.addEventListener('scroll', onScroll, { passive: true })
    return () => el?.removeEventListener('scroll', onScroll)
  }, [box, look])
  const scrollTo = useCallback(
    (top: number) => {
      if (!box.current) return
      box.current.scrollTop = top
      seen.current.top = top
    },
    [box],
  )
  const reveal = useCallback(
    (index: number) => {
      const { top, height } = seen.current
      if (index * rowHeight < top) scrollTo(index * rowHeight)
      else if ((index + 1) * rowHeight > top + height) scrollTo((index + 1) * rowHeight - height)
    },
    [rowHeight, scrollTo],
  )
  const first = Math.max(0, Math.min(from, count - rows) - beyond)
  const last = Math.min(count, from + rows + beyond)
  const shown = useMemo(() => Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i), [first, last])
  return { shown, height: count * rowHeight, scrollTo, reveal }
}
