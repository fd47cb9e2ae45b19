import { addressParser } from 'postal-mime'
import type { MailAddress } from '../domain/mail.ts'
import type { Header } from '../domain/headers.ts'
import { cleanText } from '../../kit/pure/text.ts'

/** Everybody a header names, groups unwrapped; an entry without an address keeps its name. Repeated headers count together. */
export function peopleIn(headers: readonly Header[], key: string): MailAddress[] {
  return headers
    .filter((h) => h.key === key && h.value !== '')
    .flatMap((h) => addressParser(h.value, { flatten: true }))
    .map((entry) => ({ name: nameOf(entry.name), address: oneLine(entry.address ?? '') }))
    .filter((person) => person.name !== '' || person.address !== '')
}

const turning = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu

/** A name on one line, that turns no text around and hides nothing. Markup in it stays: it is text to whoever shows it. */
export function nameOf(written: string): string {
  return oneLine(written.replace(turning, ''))
}

export function oneLine(written: string): string {
  return cleanText(written).text.replace(/\s+/gu, ' ').trim()
}
