import { connect, createServer, type Socket } from 'node:net'

export type Cutter = {
  readonly port: number
  /** The next connection that hears a line with `command` is reset after so many more bytes of the server. */
  cutAfter(command: string, bytes: number): Promise<void>
  close(): Promise<void>
}

/** A line to a server on the loopback that can be cut in the middle of an answer. */
export async function openCutter(target: number): Promise<Cutter> {
  const sockets = new Set<Socket>()
  let plan: { command: string; bytes: number; happened: () => void } | undefined
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    let left = Number.POSITIVE_INFINITY
    const over = () => {
      near.resetAndDestroy()
      far.destroy()
    }
    near.on('data', (bytes) => {
      if (plan && bytes.toString('latin1').includes(plan.command)) left = Math.min(left, plan.bytes)
      far.write(bytes)
    })
    far.on('data', (bytes) => {
      left -= bytes.length
      if (left > 0) return void near.write(bytes)
      near.write(bytes.subarray(0, Math.max(0, bytes.length + left)), over)
      plan?.happened()
      plan = undefined
      left = Number.POSITIVE_INFINITY
    })
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cutAfter: (command, bytes) =>
      new Promise((happened) => {
        plan = { command, bytes, happened }
      }),
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((closed) => server.close(() => closed()))
    },
  }
}
