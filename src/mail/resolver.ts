import { promises as dns } from 'node:dns'
import type { Resolver } from './read/context.ts'

const keptMs = 5 * 60_000
const mostKept = 5_000
/** So many questions in a row without any answer: the name servers are away, and mails do not wait for them. */
const mostSilent = 4
const silenceMs = 30_000

type Answer = { readonly records?: unknown; readonly code?: string }

/** Asks name servers, remembers for five minutes, and stops asking for a while when nobody answers. */
export function openResolver(now: () => number = Date.now, ask: Resolver = askDns()): Resolver {
  const kept = new Map<string, { at: number; answer: Promise<Answer> }>()
  let silent = 0
  let quietUntil = 0
  const asked = async (domain: string, type: string): Promise<Answer> => {
    try {
      const records = await ask(domain, type)
      silent = 0
      return { records }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'EUNKNOWN'
      const answered = code === 'ENOTFOUND' || code === 'ENODATA'
      silent = answered ? 0 : silent + 1
      if (silent >= mostSilent) quietUntil = now() + silenceMs
      if (!answered) kept.delete(`${type} ${domain}`)
      return { code }
    }
  }
  return async (domain, type) => {
    const key = `${type} ${domain}`
    const before = kept.get(key)
    if (!before && now() < quietUntil) throw coded('ETIMEOUT')
    const entry = before && now() - before.at < keptMs ? before : { at: now(), answer: asked(domain, type) }
    if (kept.size >= mostKept) kept.clear()
    kept.set(key, entry)
    const { records, code } = await entry.answer
    if (code) throw coded(code)
    return records
  }
}

function askDns(): Resolver {
  const resolver = new dns.Resolver({ timeout: 1_000, tries: 1 })
  return (domain, type) => resolver.resolve(domain, type)
}

const coded = (code: string) => Object.assign(new Error(code), { code })
