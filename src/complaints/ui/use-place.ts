import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { ComplaintRow } from '../contract.ts'

type Given = {
  readonly list: string
  readonly rows: readonly ComplaintRow[]
  readonly openId: string | undefined
  readonly box: React.RefObject<HTMLElement | null>
  readonly scrollTo: (index: number) => void
  readonly more: (() => Promise<unknown>) | undefined
}
type Kept = { readonly id: string | undefined; readonly top: number }

/** So many rows are loaded again to find the place somebody was at before the page was refreshed. */
const mostAgain = 1_000

const keyOf = (list: string) => `redress.place.${list}`
function readKept(list: string): Kept | undefined {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(list)) ?? 'null')
    if (typeof kept === 'object' && kept !== null && 'top' in kept) return kept as Kept
  } catch {
    // What cannot be read is no place.
  }
  return undefined
}

/** Which row has the focus of the keys, apart from which is open; kept over a refresh and over coming back. */
export function usePlace({ list, rows, openId, box, scrollTo, more }: Given) {
  const [state, setState] = useState<{ list: string; id: string | undefined }>(() => ({
    list,
    id: readKept(list)?.id,
  }))
  const id = state.list === list ? state.id : readKept(list)?.id
  const wantedId = id ?? openId
  const wanted = useMemo(() => rows.findIndex((r) => r.id === wantedId), [rows, wantedId])
  // A row that left: its neighbour that took its place.
  const lastAt = useRef(0)
  const at = wanted === -1 ? Math.min(id === undefined ? 0 : lastAt.current, rows.length - 1) : wanted
  useEffect(() => {
    if (wanted !== -1) lastAt.current = wanted
  }, [wanted])

  const latest = useRef({ id, rows, more })
  latest.current = { id, rows, more }
  const keep = useKept(list, () => ({ id: latest.current.id, top: box.current?.scrollTop ?? 0 }))

  const set = (next: string) => {
    if (next === id && state.list === list) return
    latest.current.id = next
    setState({ list, id: next })
    keep()
  }
  const focusRow = useCallback(
    (wantedId: string | undefined) => {
      if (wantedId === undefined) return
      // The row may come into the page only with the next frames.
      let tries = 0
      const look = () => {
        const link = box.current?.querySelector<HTMLElement>(`[data-row="${wantedId}"]`)
        if (link) link.focus({ preventScroll: true })
        else if (tries++ < 10) requestAnimationFrame(look)
      }
      look()
    },
    [box],
  )
  const move = (step: number, from?: string): boolean => {
    const start = from === undefined ? at : rows.findIndex((r) => r.id === from)
    // The first key of all goes to the first row.
    const next = id === undefined && openId === undefined && from === undefined ? 0 : start + step
    const to = Math.max(0, Math.min(next, rows.length - 1))
    const row = rows[to]
    if (!row) return false
    set(row.id)
    scrollTo(to)
    focusRow(row.id)
    return true
  }
  const loadUpTo = async (most: number): Promise<readonly ComplaintRow[]> => {
    while (latest.current.more && latest.current.rows.length < most) {
      const before = latest.current.rows.length
      await latest.current.more()
      await new Promise((drawn) => setTimeout(drawn))
      if (latest.current.rows.length === before) break
    }
    return latest.current.rows.slice(0, most)
  }
  const back = useRef<string>(undefined)
  useEffect(() => {
    if (rows.length === 0 || back.current === list) return
    back.current = list
    const kept = readKept(list)
    if (!kept || kept.top === 0) return
    const there = () => box.current?.scrollTo({ top: kept.top })
    const found = latest.current.rows.some((r) => r.id === kept.id)
    if (found || kept.id === undefined) requestAnimationFrame(there)
    else void loadUpTo(mostAgain).then(() => requestAnimationFrame(there))
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once a list, with what is there then
  }, [list, rows.length])

  return { at, set, move, keep, focus: () => focusRow(rows[at]?.id), loadUpTo }
}

/** Notes the place at once and writes it down when the moving rests, or the page is left: not with every frame. */
function useKept(list: string, placeNow: () => Kept): () => void {
  const noted = useRef<{ key: string; place: Kept; timer: ReturnType<typeof setTimeout> }>(undefined)
  const write = useCallback(() => {
    if (!noted.current) return
    const { key, place, timer } = noted.current
    noted.current = undefined
    clearTimeout(timer)
    sessionStorage.setItem(key, JSON.stringify(place))
  }, [])
  useEffect(() => {
    addEventListener('pagehide', write)
    return () => {
      removeEventListener('pagehide', write)
      write()
    }
  }, [write])
  const latest = useRef(placeNow)
  latest.current = placeNow
  return useCallback(() => {
    const key = keyOf(list)
    if (noted.current && noted.current.key !== key) write()
    const place = latest.current()
    if (noted.current) noted.current.place = place
    else noted.current = { key, place, timer: setTimeout(write, 200) }
  }, [list, write])
}
