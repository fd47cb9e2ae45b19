import { connect, createServer, type Server, type Socket } from 'node:net'

/** `open`: passes on; `silent`: stays connected, both ways swallowed; `cut`: every connection is torn, new ones too. */
export type Line = 'open' | 'silent' | 'cut'

export type Proxy = {
  /** The database's url by way of the proxy. */
  readonly url: string
  /** A connection that was silent stays so: it is half-open for ever, only new ones pass after healing. */
  set(line: Line): void
  /** Every piece of bytes waits so long, each way. */
  delay(ms: number): void
  /**
   * The connection that carries `marker` and then COMMIT never hears again: the server commits, nobody learns it. Resolves
   * once that has happened; each call is for one connection.
   */
  loseCommitAfter(marker: string): Promise<void>
  close(): Promise<void>
}

type Pair = { readonly near: Socket; readonly far: Socket; silent: boolean; marked: boolean; deaf: boolean }
type State = { line: Line; delayMs: number; loss: { marker: string; happened: () => void } | undefined }

/** A TCP proxy on the loopback before the PostgreSQL of `url`, for tests of what a network does to us. */
export async function openProxy(url: string): Promise<Proxy> {
  const target = new URL(url)
  const state: State = { line: 'open', delayMs: 0, loss: undefined }
  const pairs = new Set<Pair>()
  const server = createServer((near) => {
    if (state.line === 'cut') return void near.destroy()
    join(near, connect(Number(target.port || 5432), target.hostname), state, pairs)
  })
  const port = await listen(server)
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String(port)
  // A Unix socket named in the query would win over the port.
  through.search = ''
  const tear = () => {
    for (const pair of pairs) pair.near.destroy()
  }
  return {
    url: through.href,
    set(line) {
      state.line = line
      if (line === 'silent') for (const pair of pairs) pair.silent = true
      if (line === 'cut') tear()
    },
    delay: (ms) => {
      state.delayMs = ms
    },
    loseCommitAfter: (marker) =>
      new Promise((happened) => {
        state.loss = { marker, happened }
      }),
    close: () => {
      tear()
      return new Promise((closed) => server.close(() => closed()))
    },
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((ready) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      ready(typeof address === 'object' && address ? address.port : 0)
    })
  })
}

function join(near: Socket, far: Socket, state: State, pairs: Set<Pair>): void {
  const pair: Pair = { near, far, silent: state.line === 'silent', marked: false, deaf: false }
  pairs.add(pair)
  near.on('data', (bytes) => {
    if (pair.silent) return
    watchForCommit(pair, bytes, state)
    later(state.delayMs, () => far.write(bytes))
  })
  far.on('data', (bytes) => {
    if (pair.silent || pair.deaf) return
    later(state.delayMs, () => near.write(bytes))
  })
  const over = () => {
    pairs.delete(pair)
    near.destroy()
    // The other side of a silent line hears nothing of its end either, until the proxy itself ends.
    if (!pair.silent || state.line === 'cut') far.destroy()
  }
  for (const socket of [near, far]) {
    socket.on('error', () => undefined)
    socket.on('close', over)
  }
}

function watchForCommit(pair: Pair, bytes: Buffer, state: State): void {
  if (!state.loss) return
  if (bytes.includes(state.loss.marker)) pair.marked = true
  if (!pair.marked || !/commit/i.test(bytes.toString('latin1'))) return
  pair.deaf = true
  state.loss.happened()
  state.loss = undefined
}

function later(ms: number, work: () => void): void {
  if (ms === 0) work()
  else setTimeout(work, ms)
}
