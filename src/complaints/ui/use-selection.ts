import { useCallback, useState } from 'react'
import type { ComplaintRow } from '../contract.ts'

export const mostSelected = 1_000

export type Selection = {
  readonly ids: ReadonlySet<string>
  readonly toggle: (id: string) => void
  /** From the last one chosen to this one. */
  readonly range: (id: string) => void
  readonly all: (rows: readonly ComplaintRow[]) => void
  readonly clear: () => void
}

/** What is selected in a list, at most a thousand. Another list starts with nothing. */
export function useSelection(rows: readonly ComplaintRow[], list: string): Selection {
  const [state, setState] = useState<{ list: string; ids: ReadonlySet<string>; anchor: string | undefined }>({
    list,
    ids: new Set(),
    anchor: undefined,
  })
  const { ids, anchor } = state.list === list ? state : { ids: new Set<string>(), anchor: undefined }
  const set = (next: Iterable<string>, from: string | undefined) =>
    setState({ list, ids: new Set([...next].slice(0, mostSelected)), anchor: from })
  const toggle = (id: string) => {
    const next = new Set(ids)
    if (!next.delete(id)) next.add(id)
    set(next, id)
  }
  const range = (id: string) => {
    const at = rows.findIndex((r) => r.id === id)
    const from = anchor === undefined ? at : rows.findIndex((r) => r.id === anchor)
    const [a, b] = from < at ? [from, at] : [at, from]
    set([...ids, ...rows.slice(Math.max(0, a), b + 1).map((r) => r.id)], id)
  }
  const all = (some: readonly ComplaintRow[]) =>
    set(
      some.map((r) => r.id),
      anchor,
    )
  const clear = useCallback(() => setState((s) => (s.ids.size === 0 ? s : { ...s, ids: new Set() })), [])
  return { ids, toggle, range, all, clear }
}
