import type { Buffer } from 'node:buffer'
import type { Authenticity, AuthResult } from '../domain/mail.ts'
import { hasHeader, type Header } from '../domain/headers.ts'
import type { Envelope, ReadContext, Resolver } from './context.ts'

const nobodyAsked: Authenticity = { spf: 'unknown', dkim: 'unknown', dmarc: 'unknown' }
const standardMs = 2_000

/**
 * What can be shown of where a mail comes from: first what our own MX wrote (`trustedAuthServ`), then our own look at its
 * signatures and the sender's records. Name servers have `resolverMs` in all; what they did not answer is `unknown`.
 */
export async function authenticityOf(
  raw: Buffer,
  headers: readonly Header[],
  context: ReadContext,
): Promise<Authenticity> {
  const heard = toldByMx(headers, context.trustedAuthServ ?? [])
  // That nothing is signed needs no name server.
  const unsigned = heard.dkim === 'unknown' && !hasHeader(headers, 'dkim-signature')
  const told: Authenticity = unsigned ? { ...heard, dkim: 'none' } : heard
  if (!context.resolver || !Object.values(told).includes('unknown')) return told
  const seen = await look(raw, context.resolver, context.resolverMs ?? standardMs, context.envelope ?? {}, context.now)
  const best = (method: keyof Authenticity) => (told[method] === 'unknown' ? seen[method] : told[method])
  return { spf: best('spf'), dkim: best('dkim'), dmarc: best('dmarc') }
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
 * with the mail.
 */
export function toldByMx(headers: readonly Header[], trusted: readonly string[]): Authenticity {
  const ids = new Set(trusted.map((id) => id.toLowerCase()))
  const top = headers.find((h) => h.key === 'authentication-results')
  const [server = '', ...methods] = withoutComments(top?.value ?? '').split(';')
  if (!ids.has(server.trim().split(/\s/u)[0]?.toLowerCase() ?? '')) return nobodyAsked
  const results = methods.flatMap((m) => {
    const found = /^\s*(spf|dkim|dmarc)\s*(?:\/\s*\d+\s*)?=\s*([a-z]+)/iu.exec(m)
    return found ? [{ method: found[1]?.toLowerCase(), result: resultOf(found[2]) }] : []
  })
  const of = (method: string): AuthResult => {
    const all = results.filter((r) => r.method === method).map((r) => r.result)
    return all.includes('pass') ? 'pass' : (all[0] ?? 'unknown')
  }
  return { spf: of('spf'), dkim: of('dkim'), dmarc: of('dmarc') }
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

async function look(
  raw: Buffer,
  resolver: Resolver,
  ms: number,
  { clientIp, helo, mailFrom }: Envelope,
  now: number | undefined,
): Promise<Authenticity> {
  const { dkimVerify, spf, dmarc } = await mailauth()
  const ask = bounded(resolver, ms)
  const spfSeen = clientIp
    ? spf({ ip: clientIp, helo: helo ?? clientIp, sender: mailFrom ?? '', mta: 'localhost', resolver: ask })
    : null
  const [keys, sent] = await Promise.allSettled([
    dkimVerify(raw, {
      resolver: ask,
      sender: mailFrom ?? '',
      ...(now === undefined ? {} : { curTime: new Date(now) }),
    }),
    spfSeen,
  ])
  const spfResult = sent.status === 'fulfilled' && sent.value ? sent.value : null
  if (keys.status === 'rejected') return { ...nobodyAsked, spf: resultOf(spfResult?.status.result) }
  const signatures = keys.value.results ?? []
  const passed = signatures.filter((s) => s.status.result === 'pass')
  const authenticity = {
    spf: resultOf(spfResult?.status.result),
    dkim:
      passed.length > 0
        ? ('pass' as const)
        : signatures.length === 0
          ? ('none' as const)
          : broken(resultOf(signatures[0]?.status.result)),
  }
  const policy = await dmarc({
    headerFrom: keys.value.headerFrom,
    spfDomains: spfResult?.status.result === 'pass' ? [spfResult.domain] : [],
    dkimDomains: passed.map((s) => ({
      id: s.id ?? '',
      domain: s.signingDomain,
      aligned: s.status.aligned === true,
      underSized: s.status.underSized === true,
    })),
    resolver: ask,
  }).catch(() => false as const)
  const result = policy === false ? 'none' : resultOf(policy.status.result)
  // What could not be looked at may have been what it needs.
  const half = result === 'fail' && (authenticity.spf === 'unknown' || authenticity.dkim === 'unknown')
  return { ...authenticity, dmarc: half ? 'unknown' : result }
}

/** A signature over other words is "neutral" to the library, and broken to whoever reads. */
const broken = (result: AuthResult): AuthResult => (result === 'neutral' ? 'fail' : result)

type MailAuth = typeof import('mailauth')
let loaded: Promise<MailAuth> | undefined
/** A hundred files, needed only where somebody may be asked. */
const mailauth = () => (loaded ??= import('mailauth').then((m) => m.default ?? m))

/** All questions of one mail end together. */
function bounded(resolver: Resolver, ms: number): (domain: string, type: string) => Promise<string[][] | string[]> {
  const until = performance.now() + ms
  return async (domain, type) => {
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
}
