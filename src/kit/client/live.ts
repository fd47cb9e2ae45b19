/**
 * The live stream in the browser: one EventSource for all tabs (the tab that holds a Web Lock), its events spread by
 * BroadcastChannel. Every tab remembers the last cursor, so whichever tab takes over goes on where the last one stood.
 */
export type LiveEvent = { readonly name: string; readonly data: unknown; readonly cursor: string | null }
export type LiveState = 'connecting' | 'open' | 'lost'

export type LiveOptions = {
  readonly address: string
  /** Tabs of one person share a stream; another person's tabs do not. */
  readonly channel: string
  readonly names: readonly string[]
  readonly onEvent: (event: LiveEvent) => void
  readonly onState: (state: LiveState) => void
}

type Told =
  | { readonly event: LiveEvent }
  | { readonly state: LiveState }
  /** A tab that came later asks how things stand; the one with the stream answers. */
  | { readonly hello: true }
  | { readonly welcome: { readonly state: LiveState; readonly cursor: string | null } }

const RETRY_MS = [1_000, 2_000, 5_000, 10_000, 30_000] as const

/** The wait before the next try, in ms. `chance` (0 to 1) spreads a whole office over half to one and a half of it. */
export function retryMs(failures: number, chance: number): number {
  return (RETRY_MS[failures] ?? 30_000) * (0.5 + chance)
}

/** Follows the stream until the returned function is called. */
export function follow(options: LiveOptions): () => void {
  const stop = new AbortController()
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(options.channel)
  let cursor: string | null = null
  let leading: LiveState | undefined
  const post = (told: Told) => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel is of one origin by itself
    if (!stop.signal.aborted) channel?.postMessage(told)
  }
  const hear = (told: Told) => {
    if ('hello' in told) return leading && post({ welcome: { state: leading, cursor } })
    if ('welcome' in told) {
      cursor ??= told.welcome.cursor
      return options.onState(told.welcome.state)
    }
    if ('state' in told) return options.onState(told.state)
    if (told.event.cursor) cursor = told.event.cursor
    options.onEvent(told.event)
  }
  const tell = (told: Told) => {
    if ('state' in told) leading = told.state
    hear(told)
    post(told)
  }
  channel?.addEventListener('message', (message) => hear(message.data as Told))
  post({ hello: true })
  const lead = () => connect(options, () => cursor, tell, stop.signal)
  const locks = typeof navigator === 'undefined' ? undefined : navigator.locks
  // Web Locks need https or localhost; elsewhere every tab keeps a stream of its own, silently.
  if (locks && channel) void locks.request(options.channel, { signal: stop.signal }, lead).catch(() => undefined)
  else void connect(options, () => cursor, hear, stop.signal)
  return () => {
    stop.abort()
    channel?.close()
  }
}

/** Keeps one EventSource alive, with the last cursor, until aborted. */
async function connect(
  options: LiveOptions,
  cursor: () => string | null,
  tell: (told: Told) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    tell({ state: 'connecting' })
    const opened = await listen(options, cursor(), tell, signal)
    if (signal.aborted) return
    failures = opened ? 0 : failures + 1
    tell({ state: 'lost' })
    await pause(retryMs(failures, Math.random()), signal)
  }
}

/** One connection; resolves when it ends, with whether it had ever opened. */
function listen(
  options: LiveOptions,
  cursor: string | null,
  tell: (told: Told) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const address = cursor ? `${options.address}?cursor=${encodeURIComponent(cursor)}` : options.address
  const source = new EventSource(address)
  let opened = false
  return new Promise((resolve) => {
    const end = () => {
      source.close()
      resolve(opened)
    }
    signal.addEventListener('abort', end, { once: true })
    source.addEventListener('open', () => {
      opened = true
      tell({ state: 'open' })
    })
    // The browser's own reconnecting would repeat the first cursor in the address: ours carries the last one.
    source.addEventListener('error', end)
    for (const name of options.names) {
      source.addEventListener(name, (event) => {
        const message = event as MessageEvent<string>
        tell({ event: { name, data: parse(message.data), cursor: message.lastEventId || null } })
      })
    }
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
