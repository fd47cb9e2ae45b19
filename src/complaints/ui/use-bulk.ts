import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { call } from '../../kit/client/call.ts'
import { problemOf } from '../../kit/client/problem-error.ts'
import { randomUuid } from '../../kit/client/uuid.ts'
import { useMe } from '../../web/ui/session.ts'
import { type BulkAction, bulk, type ComplaintRow } from '../contract.ts'
import { applyChange } from './live-cache.ts'

export type Refused = {
  readonly row: Pick<ComplaintRow, 'id' | 'number' | 'title'>
  readonly code: string
  readonly facts?: Readonly<Record<string, unknown>>
}
/** What one gesture of a person does: one or two commands to one or many complaints, taken back together. */
export type Run = {
  readonly label: string
  readonly total: number
  readonly done: number
  readonly refused: readonly Refused[]
  readonly state: 'running' | 'over' | 'undoing' | 'undone'
  readonly error: unknown
  /** Until when it can be taken back, epoch ms; null when not. */
  readonly undoUntil: number | null
}
type Target = Pick<ComplaintRow, 'id' | 'number' | 'title' | 'version'>
export type Step = { readonly action: BulkAction; readonly label: string }
type Item = { readonly complaintId: string; readonly version: number }

const undoMs = 10_000
/** Small enough that progress is seen, and that stopping stops soon. */
const perCall = 25

export type Bulk = {
  readonly run: Run | null
  readonly busy: ReadonlySet<string>
  /** `more`: one more step of the gesture before. */
  start(step: Step, rows: readonly Target[], more?: boolean): void
  undo(): void
  stop(): void
  dismiss(): void
}

/** Runs commands over many complaints, call after call; shows what they are now as soon as it is committed. */
export function useBulk(): Bulk {
  const client = useQueryClient()
  const me = useMe()
  const [run, setRun] = useState<Run | null>(null)
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set())
  const queue = useRef<Promise<void>>(Promise.resolve())
  const gesture = useRef<Item[][]>([])
  const gestureNo = useRef(0)
  const versions = useRef(new Map<string, number>())
  const stopped = useRef(false)

  const send = async (
    action: BulkAction,
    items: readonly Item[],
    told: (done: number, refused: Refused[]) => void,
    rows: ReadonlyMap<string, Target>,
  ) => {
    const all: Item[] = []
    for (let at = 0; at < items.length && !stopped.current; at += perCall) {
      const part = items.slice(at, at + perCall)
      const now = part.map((i) => ({ ...i, version: versions.current.get(i.complaintId) ?? i.version }))
      const reply = await call(bulk, { body: { action, items: now } }, { idempotencyKey: randomUuid() })
      for (const { complaintId, version, row } of reply.done) {
        versions.current.set(complaintId, version)
        all.push({ complaintId, version })
        if (row) applyChange(client, me, { complaintId, version, type: 'bulk', row })
      }
      const refused = reply.refused.map(({ complaintId, code, facts }) => ({
        row: rows.get(complaintId) ?? { id: complaintId, number: '', title: '' },
        code,
        ...(facts ? { facts } : {}),
      }))
      told(reply.done.length, refused)
    }
    return all
  }

  const enqueue = (work: () => Promise<void>) => {
    queue.current = queue.current.then(work).catch((error: unknown) => {
      setBusy(new Set())
      setRun((r) => r && { ...r, state: 'over', error: problemOf(error) })
    })
  }

  const start: Bulk['start'] = (step, rows, more = false) => {
    const no = more ? gestureNo.current : ++gestureNo.current
    if (!more) gesture.current = []
    const mine = gesture.current
    stopped.current = false
    const fresh = { label: step.label, total: rows.length, done: 0, refused: [], error: null, undoUntil: null }
    setRun((r) =>
      more && r ? { ...r, label: `${r.label} · ${step.label}`, state: 'running' } : { ...fresh, state: 'running' },
    )
    setBusy((b) => new Set([...b, ...rows.map((r) => r.id)]))
    const byId = new Map(rows.map((r) => [r.id, r]))
    for (const r of rows) {
      const known = versions.current.get(r.id)
      if (known !== undefined && known < r.version) versions.current.set(r.id, r.version)
    }
    enqueue(async () => {
      const items = rows.map((r) => ({ complaintId: r.id, version: r.version }))
      const seen = (n: number, refused: Refused[]) => {
        if (gestureNo.current !== no) return
        setRun((r) => r && { ...r, done: more ? r.done : r.done + n, refused: [...r.refused, ...refused] })
      }
      const done = await send(step.action, items, seen, byId)
      mine.push(done)
      setBusy((b) => new Set([...b].filter((id) => !byId.has(id))))
      if (gestureNo.current !== no) return
      const undoable = step.action.name !== 'note' && mine.some((d) => d.length > 0)
      setRun((r) => r && { ...r, state: 'over', undoUntil: undoable ? Date.now() + undoMs : null })
    })
  }

  const undo = () => {
    if (!run?.undoUntil || run.state !== 'over') return
    const steps = gesture.current.toReversed()
    const no = ++gestureNo.current
    gesture.current = []
    stopped.current = false
    const total = Math.max(...steps.map((s) => s.length))
    setRun({ ...run, state: 'undoing', total, done: 0, refused: [], undoUntil: null, error: null })
    enqueue(async () => {
      for (const [n, items] of steps.entries()) {
        const told = (done: number, refused: Refused[]) => {
          if (gestureNo.current === no)
            setRun((r) => r && { ...r, done: n === 0 ? r.done + done : r.done, refused: [...r.refused, ...refused] })
        }
        await send({ name: 'undo' }, items, told, new Map())
      }
      if (gestureNo.current === no) setRun((r) => r && { ...r, state: 'undone' })
    })
  }

  useOver(run, () => setRun((r) => r && { ...r, undoUntil: null }))
  return { run, busy, start, undo, stop: () => void (stopped.current = true), dismiss: () => setRun(null) }
}

/** The time to take it back passes by itself. */
function useOver(run: Run | null, over: () => void): void {
  const latest = useRef(over)
  latest.current = over
  const until = run?.undoUntil ?? null
  useEffect(() => {
    if (until === null) return
    const timer = setTimeout(() => latest.current(), Math.max(0, until - Date.now()))
    return () => clearTimeout(timer)
  }, [until])
}
