import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { addressOf } from '../../kit/client/address.ts'
import { useMe } from '../../web/ui/session.ts'
import { bePresent, type Present } from '../contract.ts'

// Who is at the complaints in view, by the live stream; what it told is shown until it tells otherwise.

let known: ReadonlyMap<string, readonly Present[]> = new Map()
const watchers = new Set<() => void>()
const nobody: readonly Present[] = []

export function applyPresence(data: unknown): void {
  const said = data as { complaintId?: string; who?: readonly Present[] } | null
  if (said?.complaintId && Array.isArray(said.who)) put(said.complaintId, said.who)
}

function put(id: string, who: readonly Present[]): void {
  known = new Map(known).set(id, who)
  for (const watcher of watchers) watcher()
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

const signEveryMs = 6_000
/** Who typed within so long still types. */
const restMs = 5_000

/** Says that one is here, while the window is looked at; gives who else is, and how one says that one types: nothing is drawn for that. */
export function usePresence(id: string): [readonly Present[], () => void] {
  const me = useMe()
  const doing = useRef<'reading' | 'typing'>('reading')
  const resting = useRef<ReturnType<typeof setTimeout>>(undefined)
  const onTyping = useCallback(() => {
    clearTimeout(resting.current)
    resting.current = setTimeout(() => (doing.current = 'reading'), restMs)
    if (doing.current === 'typing') return
    doing.current = 'typing'
    void say(id, 'typing')
  }, [id])
  useEffect(() => {
    const sign = () => document.visibilityState === 'visible' && void say(id, doing.current)
    const leave = () => void say(id, 'gone')
    sign()
    const timer = setInterval(sign, signEveryMs)
    addEventListener('pagehide', leave)
    return () => {
      clearInterval(timer)
      clearTimeout(resting.current)
      doing.current = 'reading'
      removeEventListener('pagehide', leave)
      leave()
      put(id, nobody)
    }
  }, [id])
  const all = useSyncExternalStore(watch, () => known.get(id) ?? nobody)
  const others = useMemo(() => all.filter((p) => p.id !== me.id), [all, me.id])
  return [others, onTyping]
}

/** No answer is no matter: it is said again in some seconds. No idempotency key, so nothing is stored of it. */
async function say(id: string, doing: 'reading' | 'typing' | 'gone'): Promise<void> {
  try {
    const reply = await fetch(addressOf(bePresent.path, { id }, {}), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      credentials: 'same-origin',
      body: JSON.stringify({ doing }),
      keepalive: doing === 'gone',
    })
    if (!reply.ok || doing === 'gone') return
    const { others } = (await reply.json()) as { others: Present[] }
    if (
      JSON.stringify(others) !==
      JSON.stringify((known.get(id) ?? nobody).filter((p) => others.some((o) => o.id === p.id)))
    )
      put(id, others)
  } catch {
    // Told again at the next sign.
  }
}
