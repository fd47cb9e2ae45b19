import { readFileSync, statSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { type Config, ConfigError } from '../kit/config.ts'

/** A certificate with its chain and its key, PEM. */
export type Certificate = { readonly cert: Buffer; readonly key: Buffer }

type Files = Pick<Config['mail'], 'cert' | 'key'>

/**
 * The certificate the settings name; undefined where they name none. One without its key, a file that cannot be read and a pair that
 * does not belong together are told by a `ConfigError` that names the variable.
 */
export function readCertificate({ cert, key }: Files): Certificate | undefined {
  if (!cert && !key) return undefined
  if (!cert || !key) throw new ConfigError('REDRESS_MAIL_TLS_CERT and REDRESS_MAIL_TLS_KEY must be given together')
  const pair = { cert: bytesOf('REDRESS_MAIL_TLS_CERT', cert), key: bytesOf('REDRESS_MAIL_TLS_KEY', key) }
  try {
    createSecureContext(pair)
  } catch {
    throw new ConfigError('REDRESS_MAIL_TLS_CERT must be a PEM certificate that REDRESS_MAIL_TLS_KEY belongs to')
  }
  return pair
}

function bytesOf(variable: string, file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException
    throw new ConfigError(`${variable} must be a file that can be read (${code})`)
  }
}

const usualMs = 60_000

/**
 * Tells when the files were written anew, as renewing does each few weeks: connections from then on get the new certificate. While they
 * do not fit (one is written, the other not yet) the old one stays.
 */
export function followCertificate(
  files: Files,
  tell: (found: Certificate | Error) => void,
  everyMs = usualMs,
): { stop(): void } {
  let known = stampOf(files)
  const timer = setInterval(() => {
    const now = stampOf(files)
    if (now === known) return
    try {
      const found = readCertificate(files)
      known = now
      if (found) tell(found)
    } catch (error) {
      tell(error as Error)
    }
  }, everyMs)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

/** When the files were written last; what is not there now has no time. */
const stampOf = ({ cert, key }: Files) =>
  [cert, key].map((file) => (file ? statSync(file, { throwIfNoEntry: false })?.mtimeMs : undefined)).join()
