/** A reader of the live stream, as a browser is one: it goes on from its last cursor when the connection ends. */
export type Live = {
  /** The ids of complaints told of, in order, as often as told. */
  readonly told: readonly string[]
  readonly connections: () => number
  /** Whether it knows a place to go on from. */
  readonly placed: () => boolean
  /** How often it was told to load everything anew. */
  readonly reloads: () => number
  close(): void
}

export function followLive(base: string, cookie: string): Live {
  const told: string[] = []
  const stop = new AbortController()
  let cursor = ''
  let connections = 0
  let reloads = 0
  const take = (event: string) => {
    const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(event)?.[1] ?? ''
    if (field('id')) cursor = field('id')
    if (field('event') === 'reload') reloads += 1
    if (field('event') === 'change') told.push((JSON.parse(field('data')) as { complaintId: string }).complaintId)
  }
  const once = async () => {
    const address = `${base}/api/v1/stream${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''}`
    const reply = await fetch(address, { headers: { cookie }, signal: stop.signal })
    if (!reply.ok || !reply.body) return
    connections += 1
    let rest = ''
    const text = new TextDecoder()
    for await (const bytes of reply.body) {
      const events = (rest + text.decode(bytes, { stream: true })).split('\n\n')
      rest = events.pop() ?? ''
      for (const event of events) take(event)
    }
  }
  const follow = async () => {
    while (!stop.signal.aborted) {
      await once().catch(() => undefined)
      await new Promise((r) => setTimeout(r, 200))
    }
  }
  void follow()
  return {
    told,
    connections: () => connections,
    placed: () => cursor !== '',
    reloads: () => reloads,
    close: () => stop.abort(),
  }
}
