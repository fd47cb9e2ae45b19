import { connect, createServer, type Socket } from 'node:net'

/** Stands before an IMAP server, and answers each question for a mail's words with far more than anybody holds. */
export async function openBabbler(port: number): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const behind = connect(port, '127.0.0.1')
    for (const socket of [client, behind]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        behind.destroy()
      })
    }
    behind.pipe(client)
    client.on('data', (bytes) => {
      const [, uid] = /UID FETCH (\d+)[^]*BODY\.PEEK\[\]/i.exec(bytes.toString('latin1')) ?? []
      if (uid === undefined) return void behind.write(bytes)
      const words = Buffer.from(`* 1 FETCH (UID ${uid} BODY[] {900000}\r\n${'x'.repeat(900_000)})\r\n`)
      let left = 60
      const babble = () => {
        while (client.writable && left-- > 0 && client.write(words));
        client.once('drain', babble)
      }
      babble()
    })
  })
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
