/** Signs with the key of one purpose (HMAC-SHA256); the caller holds the key. */
export type Sign = (text: string) => Uint8Array

/** What a token names: a complaint by its number, within its organisation. */
export type Named = { readonly org: string; readonly number: string }

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
/** 130 bits of the signature: base32 that survives any change of case. */
const macLength = 26
const tokenShape = /^(\d{4})(\d{1,15})([0-9a-hjkmnp-tv-z]{26})$/
const numberShape = /^R-(\d{4})-(\d{6,15})$/

/**
 * What stands behind the `+` of a reply address: the complaint's number and a signature over organisation and number. Undefined
 * for a number that is none of ours (imported under another one).
 */
export function makeToken(sign: Sign, { org, number }: Named): string | undefined {
  const [, year, rest] = numberShape.exec(number) ?? []
  return year && rest ? `${year}${rest}${mac(sign, `${org}\n${number}`)}` : undefined
}

/** The number a token of this organisation names; undefined for anything that was not signed so, one bit off included. */
export function readToken(sign: Sign, org: string, token: string): string | undefined {
  const [, year, rest, given] = tokenShape.exec(token.toLowerCase()) ?? []
  if (!year || !rest || !given) return undefined
  const number = `R-${year}-${rest}`
  return sameText(mac(sign, `${org}\n${number}`), given) ? number : undefined
}

/** `complaints@a.example` → `complaints+<token>@a.example`; the plain address where the local part would pass 64 characters. */
export function replyAddress(mailbox: string, token: string | undefined): string {
  const at = mailbox.lastIndexOf('@')
  const local = `${mailbox.slice(0, at)}+${token}`
  return token === undefined || local.length > 64 ? mailbox : `${local}${mailbox.slice(at)}`
}

/** The address without what stands behind its `+`, lower-cased, and that. */
export function splitAddress(address: string): { readonly mailbox: string; readonly tag: string } {
  const plain = address.trim().toLowerCase()
  const at = plain.lastIndexOf('@')
  const plus = plain.indexOf('+')
  if (plus < 1 || plus > at) return { mailbox: plain, tag: '' }
  return { mailbox: `${plain.slice(0, plus)}${plain.slice(at)}`, tag: plain.slice(plus + 1, at) }
}

/**
 * A Message-ID of ours, without angle brackets: `<what>.<token>@host`. `what` makes it one mail's (an outbox id): the same one
 * whenever that mail is sent again. Signed with another key than reply addresses.
 */
export function makeMessageId(sign: Sign, named: Named & { readonly what: string }, host: string): string {
  const [, year, rest] = numberShape.exec(named.number) ?? []
  const head = named.what.replaceAll('-', '').toLowerCase()
  const number = year && rest ? `${year}${rest}` : ''
  return number === ''
    ? `${head}@${host}`
    : `${head}.${number}${mac(sign, `${named.org}\n${named.number}\n${head}`)}@${host}`
}

/** What a Message-ID of ours names; undefined for anybody else's. */
export function readMessageId(
  sign: Sign,
  org: string,
  id: string,
): { readonly number: string; readonly what: string } | undefined {
  const [, what = '', token = ''] = /^([0-9a-z]{1,64})\.([0-9a-z]{31,60})@/.exec(id.toLowerCase()) ?? []
  const [, year, rest, given] = tokenShape.exec(token) ?? []
  if (!year || !rest || !given) return undefined
  const number = `R-${year}-${rest}`
  return sameText(mac(sign, `${org}\n${number}\n${what}`), given) ? { number, what } : undefined
}

function mac(sign: Sign, text: string): string {
  let bits = 0
  let held = 0
  let out = ''
  for (const byte of sign(text)) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      out += alphabet.charAt((held >> bits) & 31)
      held &= (1 << bits) - 1
    }
    if (out.length >= macLength) break
  }
  return out.slice(0, macLength)
}

/** Equality whose time tells nothing of where two texts of one length differ. */
function sameText(a: string, b: string): boolean {
  let differs = a.length ^ b.length
  for (let i = 0; i < a.length; i++) differs |= a.charCodeAt(i) ^ b.charCodeAt(i)
  return differs === 0
}
