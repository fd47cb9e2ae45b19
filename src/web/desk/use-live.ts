import { useQueryClient } from '@tanstack/react-query'
import i18next from 'i18next'
import { useEffect, useRef, useState } from 'react'
import { applyChange, applyCounts, applyGone, applyReload, type Change } from '../../complaints/ui/live-cache.ts'
import { follow, type LiveEvent, type LiveState } from '../../kit/client/live.ts'
import { applyNotice } from '../../notices/ui/index.ts'
import { applyPresence } from '../../presence/ui/index.ts'
import { useMe } from '../ui/session.ts'

const names = ['change', 'gone', 'notice', 'reload', 'counts', 'closed', 'presence']

/** Follows the live stream for as long as somebody is signed in, and writes what it says into the caches. */
export function useLive(): LiveState {
  const client = useQueryClient()
  const me = useMe()
  const [state, setState] = useState<LiveState>('connecting')
  // Preferences change while the stream goes on.
  const latest = useRef(me)
  latest.current = me
  const reads = me.permissions.includes('complaint.read')
  useEffect(() => {
    if (!reads) return
    const onEvent = ({ name, data }: LiveEvent) => {
      if (name === 'change') applyChange(client, latest.current, data as Change)
      else if (name === 'gone') applyGone(client, data as { complaintId: string })
      else if (name === 'counts') applyCounts(client, data)
      else if (name === 'notice') void applyNotice({ client, me: latest.current, t: i18next.t, now: Date.now() }, data)
      else if (name === 'presence') applyPresence(data)
      else applyReload(client)
    }
    const stop = follow({
      address: '/api/v1/stream',
      channel: `redress-stream-${me.id}`,
      names,
      onEvent,
      onState: setState,
    })
    return stop
  }, [client, me.id, reads])
  return useSettled(reads ? state : 'open')
}

/** A short break is no news: "lost" is told only after it has lasted four seconds. */
function useSettled(state: LiveState): LiveState {
  const [settled, setSettled] = useState<LiveState>(state)
  const open = state === 'open'
  useEffect(() => {
    const timer = setTimeout(() => setSettled(open ? 'open' : 'lost'), open ? 0 : 4_000)
    return () => clearTimeout(timer)
  }, [open])
  return settled
}
