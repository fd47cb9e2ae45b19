import { useCallback, useEffect, useRef, useState } from 'react'
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
  const wanted = rows.findIndex((r) => r.id === (id ?? openId))
  // A row that left: its neighbour that took its place.
  const lastAt = useRef(0)
  const at = wanted === -1 ? Math.min(id === undefined ? 0 : lastAt.current, rows.length - 1) : wanted
  useEffect(() => {
    if (wanted !== -1) lastAt.current = wanted
  }, [wanted])

  const keep = useCallback(() => {
    const top = box.current?.scrollTop ?? 0
    sessionStorage.setItem(keyOf(list), JSON.stringify({ id: latest.current.id, top }))
  }, [list, box])
  const latest = useRef({ id, rows, more })
  latest.current = { id, rows, more }

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
    const row = rows[Math.max(0, Math.min(next, rows.length - 1))]
    if (!row) return false
    set(row.id)
    scrollTo(rows.indexOf(row))
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
