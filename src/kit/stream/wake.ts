import pg from 'pg'

export type WakeListener = (org: string | undefined) => void

export type Wakes = {
  /** After COMMIT: something of this organisation is new. Many calls become at most ten NOTIFY a second. */
  wake(org: string): void
  /**
   * Told the organisation, by any process; `undefined` means "any may have changed" (every two seconds, and after the
   * connection was lost), so that a wake-up that got lost delays but never hides. Gives the way to stop.
   */
  on(listener: WakeListener): () => void
  /**
   * Says something short (at most 7,000 bytes) to every process, this one included, once and at once: for what nobody misses
   * when it gets lost. Without a connection only this process hears it.
   */
  say(text: string): void
  onSaid(listener: (text: string) => void): () => void
  close(): Promise<void>
}

export type WakeOptions = {
  readonly url: string
  readonly notifyEveryMs?: number
  readonly pollMs?: number
  /** How often the connection is asked whether it still lives; half of it is how long its answer may take. */
  readonly proveMs?: number
  readonly onError?: (error: Error) => void
}

const channel = 'redress_wake'
const sayings = 'redress_said'
/** A payload holds 8,000 bytes: more organisations than this are "any". */
const mostNamed = 200

/** Wake-ups between processes over one connection of its own, which comes back by itself. */
export function openWakes({ url, notifyEveryMs = 100, pollMs = 2_000, proveMs = 10_000, onError }: WakeOptions): Wakes {
  const listeners = new Set<WakeListener>()
  const hearers = new Set<(text: string) => void>()
  const waiting = new Set<string>()
  let client: pg.Client | undefined
  let closed = false
  let timer: NodeJS.Timeout | undefined

  const tell = (org: string | undefined) => {
    for (const listener of listeners) listener(org)
  }
  const connection = keepConnected(url, proveMs, {
    onConnected: (fresh) => {
      client = fresh
      tell(undefined)
    },
    onLost: () => {
      client = undefined
    },
    onNotice: (on, payload) => {
      if (on === sayings) for (const hear of hearers) hear(payload)
      else if (payload === '*') tell(undefined)
      else for (const org of payload.split(',')) tell(org)
    },
    ...(onError ? { onError } : {}),
  })
  const flush = () => {
    timer = undefined
    if (waiting.size === 0) return
    const payload = waiting.size > mostNamed ? '*' : [...waiting].join(',')
    const orgs = [...waiting]
    waiting.clear()
    timer = setTimeout(flush, notifyEveryMs)
    if (client) client.query('select pg_notify($1, $2)', [channel, payload]).catch(() => undefined)
    else for (const org of orgs) tell(org)
  }
  const poll = setInterval(() => tell(undefined), pollMs)
  return {
    wake(org) {
      if (closed) return
      waiting.add(org)
      // Off the caller's stack: what was committed together goes out together.
      timer ??= setTimeout(flush, 0)
    },
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    say(text) {
      if (closed) return
      if (client) client.query('select pg_notify($1, $2)', [sayings, text]).catch(() => undefined)
      else for (const hear of hearers) hear(text)
    },
    onSaid(listener) {
      hearers.add(listener)
      return () => hearers.delete(listener)
    },
    async close() {
      closed = true
      clearInterval(poll)
      clearTimeout(timer)
      listeners.clear()
      hearers.clear()
      await connection.close()
    },
  }
}

type Handlers = {
  onConnected(client: pg.Client): void
  onLost(): void
  onNotice(channel: string, payload: string): void
  onError?(error: Error): void
}

/** A line that went dead without a word is noticed by asking: nothing but silence would come of it for hours. */
function keepConnected(url: string, proveMs: number, handlers: Handlers): { close(): Promise<void> } {
  let current: pg.Client | undefined
  let closed = false
  let proved: pg.Client | undefined
  let pause = 100
  let retry: NodeJS.Timeout | undefined

  const again = (client: pg.Client) => {
    if (client !== current) return
    current = undefined
    handlers.onLost()
    client.end().catch(() => undefined)
    if (closed) return
    retry = setTimeout(connect, pause)
    pause = Math.min(pause * 2, 5_000)
  }
  const connect = () => {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'redress-wake',
      connectionTimeoutMillis: 5_000,
      query_timeout: proveMs / 2,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      options: '-c role=redress_app',
    })
    current = client
    client.on('error', (error) => {
      handlers.onError?.(error)
      again(client)
    })
    client.on('end', () => again(client))
    client.on('notification', (notice) => handlers.onNotice(notice.channel, notice.payload ?? '*'))
    client
      .connect()
      .then(() => client.query(`listen ${channel}; listen ${sayings}`))
      .then(() => {
        if (client !== current) return
        pause = 100
        proved = client
        handlers.onConnected(client)
      })
      .catch((error: Error) => {
        handlers.onError?.(error)
        again(client)
      })
  }
  const prove = setInterval(() => {
    const asked = proved
    if (!asked || asked !== current) return
    asked.query('select 1').catch((error: Error) => {
      if (asked === current) handlers.onError?.(error)
      again(asked)
    })
  }, proveMs)
  connect()
  return {
    async close() {
      closed = true
      clearInterval(prove)
      clearTimeout(retry)
      const client = current
      current = undefined
      await client?.end().catch(() => undefined)
    },
  }
}
