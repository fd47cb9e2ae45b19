import { idsIn } from './headers.ts'
import type { Bounce } from './mail.ts'

export type DeliveryReport = Bounce & { readonly kind: 'failed' | 'delayed' | 'other' }

/**
 * Reads the text of a message/delivery-status part (RFC 3464), with the headers of the enclosed mail. Permanent is only what
 * says so of the address: a full mailbox (5.2.2) may be empty tomorrow. Null where nothing of a recipient is said.
 */
export function deliveryReport(status: string, enclosedHeaders: string): DeliveryReport | null {
  const groups = status
    .slice(0, 200_000)
    .replace(/\r\n?/gu, '\n')
    .replace(/\n[ \t]+/gu, ' ')
    .split(/\n\s*\n/u)
    .map(fieldsOf)
  const recipients = groups.filter((g) => g.has('final-recipient') || g.has('original-recipient'))
  if (recipients.length === 0) return null
  const actions = recipients.map((g) => (g.get('action') ?? 'failed').toLowerCase())
  const kind = actions.some((a) => a.startsWith('fail'))
    ? 'failed'
    : actions.some((a) => a.startsWith('delay'))
      ? 'delayed'
      : 'other'
  const told = recipients.filter((_, i) => kind === 'other' || (actions[i] ?? '').startsWith(kind.slice(0, 4)))
  const code = told.map((g) => statusOf(g.get('status') ?? g.get('diagnostic-code') ?? '')).find((s) => s !== '') ?? ''
  return {
    kind,
    delayed: kind === 'delayed',
    permanent: kind === 'failed' && !code.startsWith('4.') && code !== '5.2.2',
    recipients: [...new Set(told.map((g) => addressOf(g.get('original-recipient') ?? g.get('final-recipient') ?? '')))],
    status: code,
    originalIds: originalIds(enclosedHeaders),
  }
}

/** The Message-IDs an enclosed mail goes by: its own, and what it answered. */
export function originalIds(enclosed: string): string[] {
  const head = enclosed
    .slice(0, 100_000)
    .replace(/\r\n?/gu, '\n')
    .replace(/\n[ \t]+/gu, ' ')
  const line = (name: string) => new RegExp(`^[> ]*${name}:(.*)$`, 'imu').exec(head)?.[1] ?? ''
  return [...new Set(['message-id', 'in-reply-to', 'references'].flatMap((name) => idsIn(line(name))))]
}

/** What an old mail server's words of failure say, where there is no report. */
export function bounceInWords(text: string, failedHeader: string): Bounce {
  const start = text.slice(0, 5_000)
  const code = statusOf(start)
  const named =
    failedHeader !== ''
      ? failedHeader.split(/[\s,;]+/u)
      : [...start.matchAll(/<?(?<![\w.+-])([\w.+-]+@[\w-]+\.[\w.-]*\w)>?/gu)].slice(0, 1).map((m) => m[1] ?? '')
  const soft =
    code === ''
      ? /delayed|will (?:retry|keep trying)|not yet been|temporar|mailbox (?:is )?full|over quota/iu.test(start)
      : code.startsWith('4.') || code === '5.2.2'
  return {
    delayed:
      /\bdelayed\b|will (?:retry|keep trying)|not yet been delivered|尚未(?:送達|送达|投遞|投递)|延遲|延迟/iu.test(
        start,
      ),
    permanent: !soft,
    recipients: [...new Set(named.filter((a) => a !== ''))],
    status: code,
    originalIds: originalIds(text),
  }
}

function fieldsOf(group: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const line of group.split('\n')) {
    const at = line.indexOf(':')
    if (at > 0) fields.set(line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim())
  }
  return fields
}

const statusOf = (text: string) => /(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])/u.exec(text)?.[1] ?? ''
const addressOf = (field: string) => field.slice(field.indexOf(';') + 1).replace(/[<>\s]/gu, '')
