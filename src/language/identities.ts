import { cleanText } from '../kit/pure/text.ts'
import { fold } from './fold.ts'

export type Mail = {
  /** The key under which the person is found; the domain in its ASCII (IDN) form. */
  readonly mail: string
  readonly local: string
  readonly domain: string
}

const forbiddenInDomain = /[\s/\\?#:@%[\]<>"'(),;]/
const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/
const invisible = /[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g

/**
 * A mail address in normal form (NFKC, lower case, IDN domain as punycode; `mailto:` and `<…>` taken off), or null
 * when it is none. The local part is otherwise left alone: dots and +tags mean different boxes at some hosts.
 */
export function normaliseMail(raw: string): Mail | null {
  if (raw.length > 1000) return null
  const text = cleanText(raw).text.normalize('NFKC').replace(invisible, '').trim().toLowerCase()
  const bare = (/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text).replace(/^mailto:/, '').trim()
  const at = bare.lastIndexOf('@')
  const local = bare.slice(0, at)
  if (at < 1 || at > 64 || /[\s@<>()[\],;:\\"]/.test(local) || /^\.|\.$|\.\./.test(local)) return null
  const domain = asciiDomain(bare.slice(at + 1))
  if (domain === null || at + 1 + domain.length > 254) return null
  return { mail: `${local}@${domain}`, local, domain }
}

function asciiDomain(written: string): string | null {
  const bare = written.replaceAll('。', '.').replace(/\.$/, '')
  if (bare === '' || forbiddenInDomain.test(bare)) return null
  const url = URL.parse(`http://${bare}/`)
  if (url === null) return null
  const labels = url.hostname.split('.')
  if (labels.length < 2 || !labels.every((part) => label.test(part)) || /^[0-9]+$/.test(labels.at(-1) ?? ''))
    return null
  return url.hostname
}

/**
 * An order, policy or ticket number in normal form: letters and digits only, capitals, full width made half width
 * (`ｔｗ－00 12` → `TW0012`). Null when it holds no digit or more than 64 characters.
 */
export function normaliseOrderNumber(raw: string): string | null {
  const kept = fold(raw.slice(0, 500))
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase()
  return /\p{N}/u.test(kept) && kept.length <= 64 ? kept : null
}
