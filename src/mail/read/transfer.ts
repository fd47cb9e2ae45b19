import { Buffer } from 'node:buffer'

/** The bytes of a body as its transfer encoding means them; broken base64 and quoted-printable give what can be had. */
export function decodeTransfer(body: Buffer, encoding: string): Buffer {
  if (/base64/u.test(encoding)) return decodeBase64(body.toString('latin1'))
  return /quoted-printable/u.test(encoding) ? decodeQuotedPrintable(body) : body
}

/** Some programs end every line with padding: each run of digits is decoded by itself. */
function decodeBase64(text: string): Buffer {
  const digits = text.replace(/[^A-Za-z0-9+/=]+/gu, '')
  const padding = digits.indexOf('=')
  if (padding < 0 || padding >= digits.length - 2) return Buffer.from(digits, 'base64')
  return Buffer.concat(digits.split(/=+/u).map((unit) => Buffer.from(unit, 'base64')))
}

const hex = (byte: number | undefined) => {
  if (byte === undefined) return -1
  if (byte >= 48 && byte <= 57) return byte - 48
  const letter = byte | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}

/** `=XX` to bytes, soft line breaks out; `spaces`: underscores are spaces, as in encoded words. */
export function decodeQuotedPrintable(body: Buffer, spaces = false): Buffer {
  const out = Buffer.allocUnsafe(body.length)
  let n = 0
  for (let i = 0; i < body.length; i += 1) {
    const byte = body[i] ?? 0
    if (byte === 61) {
      const high = hex(body[i + 1])
      const low = hex(body[i + 2])
      if (high >= 0 && low >= 0) {
        out[n++] = high * 16 + low
        i += 2
        continue
      }
      if (body[i + 1] === 10 || (body[i + 1] === 13 && body[i + 2] === 10)) {
        i += body[i + 1] === 10 ? 1 : 2
        continue
      }
    }
    out[n++] = spaces && byte === 95 ? 32 : byte
  }
  return out.subarray(0, n)
}
