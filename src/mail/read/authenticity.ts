import type { Buffer } from 'node:buffer'
import { domainToASCII } from 'node:url'
import type { Authenticity, AuthResult } from '../domain/mail.ts'
import { hasHeader, type Header } from '../domain/headers.ts'
import { plainAuthor } from './author.ts'
import type { ReadContext, Resolver } from './context.ts'
import { peopleIn } from './people.ts'
import { withFewSignatures } from './signatures.ts'

const nobodyAsked: Authenticity = { spf: 'unknown', dkim: 'unknown', dmarc: 'unknown' }
const standardMs = 2_000

type Method = 'spf' | 'dkim' | 'dmarc'

/**
 * What can be shown of where a mail comes from: first what our own MX wrote (`trustedAuthServ`), then our own look at its
 * signatures and the sender's records. Name servers have `resolverMs` in all; what they did not answer is `unknown`.
 * What is proven is an address. So the bytes as they came, what we read in them and whoever judged them must all find the same
 * single sender; where they do not, DMARC fails whoever vouches for it (RFC 7489, 6.6.1), and `author` says so.
 */
export async function authenticityOf(
  raw: Buffer,
  headers: readonly Header[],
  context: ReadContext,
): Promise<Authenticity> {
  const { judged, ...heard } = toldByMx(headers, context.trustedAuthServ ?? [])
  // That nothing is signed needs no name server.
  const unsigned = heard.dkim === 'unknown' && !hasHeader(headers, 'dkim-signature')
  const dkim = unsigned ? 'none' : heard.dkim
  // A pass that does not say of whom is none.
  const dmarc = heard.dmarc === 'pass' && judged === undefined ? 'unknown' : heard.dmarc
  const told: Authenticity = { spf: heard.spf, dkim, dmarc }
  const author = plainAuthor(raw)
  const [read, ...others] = peopleIn(headers, 'from')
  if (author === undefined || others.length > 0 || read?.address.toLowerCase() !== author) return unclear(told)
  if (judged !== undefined && !isWithin(author.slice(author.indexOf('@') + 1), judged)) return unclear(told)
  if (!context.resolver || !Object.values(told).includes('unknown')) return told
  const seen = await look(raw, author, context.resolver, context)
  const best = (method: Method) => (told[method] === 'unknown' ? seen[method] : told[method])
  const found = { spf: best('spf'), dkim: best('dkim'), dmarc: best('dmarc') }
  return seen.torn ? unclear(found) : found
}

const unclear = ({ spf, dkim }: Authenticity): Authenticity => ({ spf, dkim, dmarc: 'fail', author: 'unclear' })

/** A server may say the organisation's domain in place of the sender's. */
function isWithin(domain: string, judged: string): boolean {
  const [own, theirs] = [domain, judged].map((name) => domainToASCII(name.replace(/\.$/u, '')))
  if (!own || !theirs) return false
  return own === theirs || (theirs.includes('.') && own.endsWith(`.${theirs}`))
}

/** Whether all these are one address. */
function isOneAuthor(addresses: readonly string[]): boolean {
  // Parsers differ in what they decode beyond ASCII, which is no other author.
  const plain = (address: string) => address.toLowerCase().replaceAll(/[^!#-~]/gu, '')
  return new Set(addresses.map(plain)).size === 1
}

const words: Record<string, AuthResult> = {
  pass: 'pass',
  fail: 'fail',
  hardfail: 'fail',
  softfail: 'softfail',
  neutral: 'neutral',
  none: 'none',
  permerror: 'fail',
  policy: 'neutral',
}
const resultOf = (word: string | undefined): AuthResult => words[(word ?? '').toLowerCase()] ?? 'unknown'

/**
 * Authentication-Results (RFC 8601) of an MX that is believed: the topmost only, because everything below could have come
 * with the mail. `judged`: the domain it looked at as the sender's.
 */
export function toldByMx(
  headers: readonly Header[],
  trusted: readonly string[],
): Authenticity & { readonly judged?: string } {
  const ids = new Set(trusted.map((id) => id.toLowerCase()))
  const top = headers.find((h) => h.key === 'authentication-results')
  const [server = '', ...methods] = withoutComments(top?.value ?? '').split(';')
  if (!ids.has(server.trim().split(/\s/u)[0]?.toLowerCase() ?? '')) return nobodyAsked
  const results = methods.flatMap((m) => {
    const found = /^\s*(spf|dkim|dmarc)\s*(?:\/\s*\d+\s*)?=\s*([a-z]+)/iu.exec(m)
    const from = /\sheader\.from\s*=\s*(?:[^\s@;]*@)?([^\s@;]+)/iu.exec(m)?.[1]?.toLowerCase()
    return found ? [{ method: found[1]?.toLowerCase(), result: resultOf(found[2]), from }] : []
  })
  const of = (method: string): AuthResult => {
    const all = results.filter((r) => r.method === method).map((r) => r.result)
    return all.includes('pass') ? 'pass' : (all[0] ?? 'unknown')
  }
  const judged = results.find((r) => r.method === 'dmarc' && r.from !== undefined)?.from
  return { spf: of('spf'), dkim: of('dkim'), dmarc: of('dmarc'), ...(judged === undefined ? {} : { judged }) }
}

/** Comments may nest, and quoted strings may look like results. */
function withoutComments(value: string): string {
  let out = ''
  let depth = 0
  let quoted = false
  for (const character of value.slice(0, 20_000).replaceAll(/\\./gu, '')) {
    if (character === '"' && depth === 0) quoted = !quoted
    else if (quoted) continue
    else if (character === '(') depth += 1
    else if (character === ')') depth = Math.max(0, depth - 1)
    else if (depth === 0) out += character
  }
  return out
}

/** What our own look says; `torn`: the library reads another author in it than we do. */
async function look(
  raw: Buffer,
  author: string,
  resolver: Resolver,
  { envelope = {}, resolverMs = standardMs, now }: ReadContext,
): Promise<Authenticity & { readonly torn: boolean }> {
  const { dkimVerify, spf, dmarc } = await mailauth()
  const ask = bounded(resolver, resolverMs)
  const policyFor = async (spfDomains: string[], dkimDomains: string[]) => {
    const policy = await dmarc({
      headerFrom: author,
      spfDomains,
      dkimDomains: dkimDomains.map((domain) => ({ id: '', domain, aligned: false, underSized: false })),
      resolver: ask,
    }).catch(() => false as const)
    return policy === false ? 'unknown' : resultOf(policy.status.result)
  }
  const { clientIp, helo, mailFrom } = envelope
  const [keys, sent] = await Promise.allSettled([
    dkimVerify(withFewSignatures(raw, author), {
      resolver: ask,
      sender: mailFrom ?? '',
      ...(now === undefined ? {} : { curTime: new Date(now) }),
    }),
    clientIp
      ? spf({ ip: clientIp, helo: helo ?? clientIp, sender: mailFrom ?? '', mta: 'localhost', resolver: ask })
      : null,
    // Asked at once: name servers of other domains in the mail, which a stranger may have answer late, hold it up by nothing.
    policyFor([], []),
  ])
  const servers = sent.status === 'fulfilled' && sent.value ? sent.value : null
  const spfSeen = resultOf(servers?.status.result)
  const signatures = keys.status === 'fulfilled' ? (keys.value.results ?? []) : []
  const domainsOf = (...results: AuthResult[]) =>
    signatures.flatMap((s) => {
      // One over the first bytes only vouches for no words behind them.
      const said = s.status.underSized ? 'neutral' : resultOf(s.status.result)
      return results.includes(said) ? [s.signingDomain] : []
    })
  const serverDomain = servers?.domain ?? (mailFrom ?? helo ?? author).split('@').at(-1) ?? ''
  const proven = spfSeen === 'pass' ? [serverDomain] : []
  const result = await policyFor(proven, domainsOf('pass'))
  // What nobody could look at counts for it where it might have been what it needs: not another domain's.
  const hoped = spfSeen === 'unknown' ? [serverDomain] : proven
  const half = result === 'fail' && (await policyFor(hoped, domainsOf('pass', 'unknown'))) === 'pass'
  return {
    spf: spfSeen,
    dkim: keys.status === 'rejected' ? 'unknown' : dkimOf(signatures.map((s) => resultOf(s.status.result))),
    dmarc: half ? 'unknown' : result,
    torn: keys.status === 'fulfilled' && !isOneAuthor([author, ...(keys.value.headerFrom ?? [])]),
  }
}

function dkimOf(results: readonly AuthResult[]): AuthResult {
  if (results.includes('pass')) return 'pass'
  const [first] = results
  return first === undefined ? 'none' : broken(first)
}

/** A signature over other words is "neutral" to the library, and broken to whoever reads. */
const broken = (result: AuthResult): AuthResult => (result === 'neutral' ? 'fail' : result)

type MailAuth = typeof import('mailauth')
let loaded: Promise<MailAuth> | undefined
/** A hundred files, needed only where somebody may be asked. */
const mailauth = () => (loaded ??= import('mailauth').then((m) => m.default ?? m))

/** All questions of one mail end together, and each is asked once. */
function bounded(resolver: Resolver, ms: number): (domain: string, type: string) => Promise<string[][] | string[]> {
  const until = performance.now() + ms
  const asked = new Map<string, Promise<string[][] | string[]>>()
  const inTime = async (domain: string, type: string) => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(Object.assign(new Error('too late'), { code: 'ETIMEOUT' })),
        Math.max(0, until - performance.now()),
      )
    })
    try {
      return (await Promise.race([resolver(domain, type), late])) as string[][] | string[]
    } finally {
      clearTimeout(timer)
    }
  }
  return (domain, type) => {
    const key = `${type} ${domain}`
    const answer = asked.get(key) ?? inTime(domain, type)
    asked.set(key, answer)
    return answer
  }
}
