import { connect, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, createSecureContext, TLSSocket } from 'node:tls'
import { one } from '../../../kit/testing/certificates.ts'

export type TlsFront = { readonly port: number; close(): Promise<void> }

/** TLS before a server that speaks none: from the start, or after STARTTLS. Its certificate is of an authority nobody knows. */
export async function openTlsFront(target: number, how: 'tls' | 'starttls'): Promise<TlsFront> {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  }
  /** `silent`: the greeting of the server was said before TLS. */
  const pass = (near: Socket, silent: boolean) => {
    const far = connect(target, '127.0.0.1')
    keep(far)
    let greeted = !silent
    far.on('data', (bytes) => {
      const rest = greeted ? bytes : bytes.subarray(bytes.indexOf('\r\n') + 2)
      greeted = true
      if (rest.length > 0) near.write(rest)
    })
    near.on('data', (bytes) => far.write(bytes))
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  }
  const before = (socket: Socket) => {
    keep(socket)
    socket.write('* OK ready\r\n')
    const hear = (bytes: Buffer) => {
      for (const line of bytes.toString('latin1').split('\r\n').filter(Boolean)) {
        const [tag = '', command = ''] = line.split(' ')
        if (/^CAPABILITY$/i.test(command)) socket.write(`* CAPABILITY IMAP4rev1 STARTTLS\r\n${tag} OK done\r\n`)
        else if (/^STARTTLS$/i.test(command)) {
          socket.off('data', hear)
          socket.write(`${tag} OK go on\r\n`)
          const secured = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(one) })
          keep(secured)
          pass(secured, true)
        } else socket.write(`${tag} BAD first TLS\r\n`)
      }
    }
    socket.on('data', hear)
  }
  const server: Server =
    how === 'starttls'
      ? createServer(before)
      : createTlsServer(one, (socket) => {
          keep(socket)
          pass(socket, false)
        })
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((closed) => server.close(() => closed()))
    },
  }
}
