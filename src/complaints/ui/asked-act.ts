import { useEffect, useRef, useSyncExternalStore } from 'react'
import { onDropDrafts } from '../../web/ui/drafts.ts'
import type { ComplaintPage } from '../contract.ts'
import { goneEvent } from './gone-event.ts'
import type { CommandName } from './use-command.ts'

/** An action chosen away from the complaint (in the palette); its page takes it up as soon as it is there. */
type Asked = { readonly id: string; readonly name: CommandName }

let asked: Asked | null = null
let focused: string | null = null
const watchers = new Set<() => void>()

export function askAct(id: string, name: CommandName): void {
  asked = { id, name }
  for (const watcher of watchers) watcher()
}

/** Begins what was asked for of this complaint. */
export function useAskedAct(page: ComplaintPage, act: (name: CommandName) => void): void {
  const { id } = page.complaint
  const mine = useSyncExternalStore(watch, () => (asked?.id === id ? asked : null))
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    if (!mine) return
    asked = null
    latest.current(mine.name)
  }, [mine])
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

/** The row of the list that has the focus of the keys. */
export function noteFocused(id: string | null): void {
  focused = id
}
export const focusedComplaint = (): string | null => focused

export type Recent = { readonly id: string; readonly number: string; readonly title: string }
const mostRecent = 8
let recent: readonly Recent[] = []

/** Complaints opened here, the newest first; kept as long as the page, and for nobody else. */
export const recentComplaints = (): readonly Recent[] => recent

export function noteRecent({ complaint: { id, number, title } }: Pick<ComplaintPage, 'complaint'>): void {
  recent = [{ id, number, title }, ...recent.filter((r) => r.id !== id)].slice(0, mostRecent)
}

// No longer to be seen by this person.
addEventListener(goneEvent, (e) => {
  if (e instanceof CustomEvent) recent = recent.filter((r) => r.id !== e.detail)
})
onDropDrafts((person) => {
  if (person === undefined) recent = []
})
