import { connect, createServer, type Socket } from 'node:net'

/** A line to a mail server where signing in can be revoked: whoever is in is put out, and nobody is let in again. */
export type Doorkeeper = { readonly port: number; revoked: boolean; revoke(): void; close(): Promise<void> }

export async function openDoorkeeper(target: number): Promise<Doorkeeper> {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  }
  const refuse = (socket: Socket) => {
    socket.write('* OK ready\r\n')
    socket.on('data', (bytes) => {
      for (const line of bytes.toString('latin1').split('\r\n').filter(Boolean)) {
        const [tag = '', command = ''] = line.split(' ')
        if (/^CAPABILITY$/i.test(command)) socket.write(`* CAPABILITY IMAP4rev1\r\n${tag} OK done\r\n`)
        else if (/^LOGOUT$/i.test(command)) socket.end(`* BYE\r\n${tag} OK\r\n`)
        else socket.write(`${tag} NO [AUTHENTICATIONFAILED] access was revoked\r\n`)
      }
    })
  }
  const server = createServer((near) => {
    keep(near)
    if (door.revoked) return refuse(near)
    const far = connect(target, '127.0.0.1')
    keep(far)
    near.pipe(far).pipe(near)
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const address = server.address()
  const door: Doorkeeper = {
    port: typeof address === 'object' && address ? address.port : 0,
    revoked: false,
    revoke() {
      door.revoked = true
      for (const socket of sockets) socket.destroy()
    },
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((closed) => server.close(() => closed()))
    },
  }
  return door
}
