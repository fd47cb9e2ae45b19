import { hostname } from 'node:os'
import type { z } from 'zod'
import type { Config } from '../kit/config.ts'
import type { mailWays } from './contract.ts'

/** Where this installation takes mail in, and which server takes mail from it: what whoever connects a mailbox must tell others. */
export function waysOf({ mailListen, mail, smtpUrl }: Config): z.infer<typeof mailWays.reply> {
  // Nothing said: what `all` listens on.
  const listening = mailListen ?? [{ protocol: 'smtp' as const, host: '127.0.0.1', port: 2525 }]
  const out = smtpUrl ? URL.parse(smtpUrl) : null
  return {
    name: mail.name ?? hostname(),
    listening: listening.map(({ protocol, host, port }) => ({ protocol, host, port, here: isHere(host) })),
    out: out
      ? { server: `${out.hostname}:${out.port || (out.protocol === 'smtps:' ? 465 : 587)}`, host: out.hostname }
      : null,
  }
}

const isHere = (host: string) => host === 'localhost' || host === '::1' || host.startsWith('127.')
