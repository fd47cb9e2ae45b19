import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** A mail as the mail server behind us got it. */
export type Got = {
  /** MAIL FROM; '' for nobody. */
  readonly from: string
  readonly to: readonly string[]
  readonly raw: string
  /** A header, unfolded; '' where it is not there. */
  header(name: string): string
}

/** A real mail server on a port of its own that keeps what it gets; `hooks` says otherwise. */
export async function startPeer(hooks: Partial<SMTPServerOptions> = {}) {
  const got: Got[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 200,
    onData: (stream, session, done) => {
      const pieces: Buffer[] = []
      stream.on('data', (piece: Buffer) => pieces.push(piece))
      stream.on('end', () => {
        const raw = Buffer.concat(pieces).toString('utf8')
        const { mailFrom, rcptTo } = session.envelope
        got.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map((r) => r.address),
          raw,
          header: headerIn(raw),
        })
        done()
      })
    },
    ...hooks,
  })
  server.on('error', () => undefined)
  const port = await new Promise<number>((ready) => {
    const listening = server.listen(0, '127.0.0.1', () => ready((listening.address() as AddressInfo).port))
  })
  return {
    got,
    port,
    url: `smtp://127.0.0.1:${port}/?from=care@harbour.example`,
    stop: () => new Promise<void>((closed) => server.close(() => closed())),
  }
}
export type Peer = Awaited<ReturnType<typeof startPeer>>

function headerIn(raw: string): (name: string) => string {
  const head = (raw.split(/\r?\n\r?\n/)[0] ?? '').replaceAll(/\r?\n[ \t]+/g, ' ')
  return (name) => new RegExp(`^${name}: *(.*)$`, 'im').exec(head)?.[1]?.trim() ?? ''
}
