import { promises as dns } from 'node:dns'
import type { Resolver } from './read/context.ts'

const keptMs = 5 * 60_000
const mostKept = 5_000
/** So often unanswered in a row, a question is not asked again for a while. */
const mostSilent = 2
const silenceMs = 30_000
/** So many domains silent in a row, without any answer between them: our own name servers may be away. */
const mostSilentDomains = 8

type Answer = { readonly records?: unknown; readonly code?: string }

/**
 * Asks name servers, remembers for five minutes, and does not wait again for what stayed silent. What a mail names is its
 * sender's choice, so silence counts for the silent question alone; all questions are spared only when many domains are silent
 * and the root, which no sender has a hand in, is so too.
 */
export function openResolver(now: () => number = Date.now, ask: Resolver = askDns()): Resolver {
  const kept = new Map<string, { at: number; answer: Promise<Answer> }>()
  const silent = new Map<string, { times: number; at: number }>()
  const silentDomains = new Set<string>()
  let quietUntil = 0
  let looking = false

  const look = async () => {
    if (looking) return
    looking = true
    const answered = await ask('.', 'NS').then(
      () => true,
      (error: unknown) => !isSilence(codeOf(error)),
    )
    looking = false
    silentDomains.clear()
    if (!answered) quietUntil = now() + silenceMs
  }
  const asked = async (domain: string, type: string): Promise<Answer> => {
    const key = `${type} ${domain}`
    try {
      const records = await ask(domain, type)
      silent.delete(key)
      silentDomains.clear()
      return { records }
    } catch (error) {
      const code = codeOf(error)
      if (!isSilence(code)) silentDomains.clear()
      else {
        if (silent.size >= mostKept) silent.clear()
        silent.set(key, { times: (silent.get(key)?.times ?? 0) + 1, at: now() })
        silentDomains.add(domainOf(domain))
        if (silentDomains.size >= mostSilentDomains) void look()
      }
      if (!isAnswer(code)) kept.delete(key)
      return { code }
    }
  }
  const spared = (key: string) => {
    const before = silent.get(key)
    if (before && now() - before.at >= silenceMs) silent.delete(key)
    return now() < quietUntil || (silent.get(key)?.times ?? 0) >= mostSilent
  }
  return async (domain, type) => {
    const key = `${type} ${domain}`
    const before = kept.get(key)
    const fresh = before && now() - before.at < keptMs
    if (!fresh && spared(key)) throw coded('ETIMEOUT')
    const entry = fresh ? before : { at: now(), answer: asked(domain, type) }
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

/** There is no such record. */
const isAnswer = (code: string) => code === 'ENOTFOUND' || code === 'ENODATA'
/** Nobody said anything: a name server that says it failed is there. */
const isSilence = (code: string) =>
  !isAnswer(code) && !['ESERVFAIL', 'EREFUSED', 'EFORMERR', 'ENOTIMP', 'EBADRESP', 'EBADNAME'].includes(code)

/** Near enough to who holds a name: its last two labels. */
const domainOf = (name: string) => name.toLowerCase().split('.').slice(-2).join('.')

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'EUNKNOWN')

const coded = (code: string) => Object.assign(new Error(code), { code })
