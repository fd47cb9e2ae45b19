import { isIP } from 'node:net'
import { ImapFlow } from 'imapflow'
import type { ImapSettings } from './contract.ts'
import { reachable } from './reachable.ts'

export type Server = Pick<ImapSettings, 'host' | 'port' | 'security' | 'user'> & { readonly password: string }

/** No command is waited for longer. */
const silentMs = 60_000

/**
 * Connects and signs in; every wait in it has an end. `largest` (bytes) is the most one mail may bring: a server that sends more
 * than it announced is hung up on.
 */
export async function openSession(at: Server, largest: number, signal?: AbortSignal): Promise<ImapFlow> {
  const address = await reachable(at.host, at.security)
  signal?.throwIfAborted()
  const client = new ImapFlow({
    host: address,
    port: at.port,
    ...(isIP(at.host) ? {} : { servername: at.host }),
    secure: at.security === 'tls',
    ...(at.security === 'tls' ? {} : { doSTARTTLS: at.security === 'starttls' }),
    auth: { user: at.user, pass: at.password },
    clientInfo: { name: 'Redress' },
    logger: false,
    disableAutoIdle: true,
    disableCompression: true,
    disableBinary: true,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: silentMs,
    maxIdleTime: 240_000,
    maxLineLength: 16 * 2 ** 20,
    maxLiteralSize: largest + 2 ** 20,
    maxResponseSize: largest + 20 * 2 ** 20,
  })
  // What breaks is told by the command under way, or by the end of the connection.
  client.on('error', () => undefined)
  const quit = () => client.close()
  signal?.addEventListener('abort', quit, { once: true })
  try {
    await client.connect()
    return client
  } catch (error) {
    client.close()
    hush(error, at)
    throw error
  } finally {
    signal?.removeEventListener('abort', quit)
  }
}

/** Some servers repeat the whole line they did not understand, and with it the password: nobody is shown that. */
function hush(error: unknown, { user, password }: Server): void {
  if (typeof error !== 'object' || error === null) return
  const sealed = [`\0${user}\0${password}`, `${user}\0${user}\0${password}`, password]
  const secrets = [
    password,
    password.replaceAll(/["\\]/g, '\\$&'),
    ...sealed.map((s) => Buffer.from(s).toString('base64')),
  ]
  for (const [key, value] of Object.entries(error))
    if (typeof value === 'string')
      Object.assign(error, { [key]: secrets.reduce((text, secret) => text.replaceAll(secret, '…'), value) })
}

/** Says goodbye without waiting for an answer. */
export function closeSession(client: ImapFlow): void {
  const timer = setTimeout(() => client.close(), 1_000)
  client
    .logout()
    .catch(() => undefined)
    .finally(() => {
      clearTimeout(timer)
      client.close()
    })
}
