import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { fold } from './fold.ts'

export type Phone = {
  /** E.164, e.g. `+886912345678`. */
  readonly e164: string
  /** ISO 3166 code, or null for numbers that belong to no one country. */
  readonly country: string | null
  /** As it is written in its country, e.g. `0912 345 678`. */
  readonly national: string
  readonly extension: string | null
}

export type PhoneRegion = Extract<CountryCode, 'TW' | 'CN' | 'HK' | 'GB' | 'MO' | 'SG' | 'US'>

/** Where a number without a country code is looked up, in this order; the first in which it is valid wins. */
export const defaultRegions: readonly PhoneRegion[] = ['TW', 'CN', 'HK', 'GB']

const extension = /(?:ext\.?|分机|转|内线|#|x)\s*([0-9]{1,6})\s*$/
const longest = 60

/** A telephone number in any usual writing (full width, 分機, dashes), or null when it is valid nowhere asked. */
export function normalisePhone(raw: string, regions: readonly PhoneRegion[] = defaultRegions): Phone | null {
  const folded = fold(raw.slice(0, longest)).trim()
  const suffix = extension.exec(folded)
  const text = suffix ? folded.slice(0, suffix.index) : folded
  const asked = /^\s*\(?(\+|00)/.test(text) ? regions.slice(0, 1) : regions
  for (const region of asked) {
    const found = parsePhoneNumberFromString(text.replace(/^\s*00/, '+'), region)
    if (!found?.isValid()) continue
    return {
      e164: found.number,
      country: found.country ?? null,
      national: found.formatNational(),
      extension: suffix?.[1] ?? null,
    }
  }
  return null
}

/** The last 3, 4 … 9 digits, as rows under a btree index: people give the end of a number. */
export function phoneSuffixes(phone: string): string[] {
  const digits = fold(phone).replace(/[^0-9]/g, '')
  const suffixes: string[] = []
  for (let length = 3; length <= 9 && length <= digits.length; length += 1) suffixes.push(digits.slice(-length))
  return suffixes
}
