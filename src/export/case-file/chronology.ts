import { eventWords } from '../../complaints/domain/index.ts'
import { harmless, parseMarkup, plainMarkup } from '../../kit/pure/markup.ts'
import { wallTime } from '../domain/instant.ts'
import type { Block } from './document.ts'
import type { Event, Message, Read } from './read.ts'

type Entry = Extract<Block, { kind: 'entry' }>

/** What was said and done, oldest first. */
export function chronology(read: Read): Block[] {
  const { t } = read.words
  const at = (instant: number) => wallTime(instant, read.zone)
  const inWords = eventWords({ t, names: read.names, at, page: read.page })
  const entries = read.items.map((item) =>
    item.kind === 'message' ? messageEntry(read, item) : eventEntry(read, item, inWords),
  )
  return [
    { kind: 'heading', text: t('case-file.chronology') },
    ...(read.leftOut ? [{ kind: 'text' as const, text: t('case-file.left-out'), quiet: true }] : []),
    ...entries,
  ]
}

function eventEntry(read: Read, item: Event, inWords: ReturnType<typeof eventWords>): Entry {
  const { t } = read.words
  const actor = { kind: item.actor.kind, name: nameOf(read, item) }
  const event = { type: item.type, facts: item.facts ?? {}, actor }
  const facts = inWords.facts(event).map(([name, value]) => t('case-file.fact', { name, value: harmless(value) }))
  return {
    kind: 'entry',
    tone: 'event',
    at: wallTime(Date.parse(item.at), read.zone),
    head: harmless(inWords.sentence(event)),
    text: '',
    small: facts,
  }
}

/** Outside, the house acts as one. */
function nameOf({ variant, organisation }: Read, { actor }: Event): string {
  return variant === 'outside' && actor.kind === 'staff' ? organisation : actor.name
}

function messageEntry(read: Read, item: Message): Entry {
  const { page, names, words } = read
  const { t } = words
  const toAuthority = item.direction === 'out' && item.visibility === 'internal' && !item.call
  const inside = item.direction === 'note' || (item.visibility === 'internal' && !toAuthority)
  const tone = inside ? 'note' : item.direction === 'in' ? 'in' : 'out'
  const author = harmless(item.authorName) || t(tone === 'in' ? 'complaint.complainant' : 'timeline.system')
  const way = toAuthority
    ? t('timeline.to-authority', {
        body: harmless(page.complaint.authority?.body ?? ''),
        channel: names.channel(item.channel),
      })
    : inside
      ? t('timeline.internal')
      : t(
          item.direction === 'out' && item.channel === 'portal'
            ? 'timeline.dir-out'
            : item.direction === 'out'
              ? 'timeline.dir-told'
              : 'timeline.dir-in',
          { channel: names.channel(item.channel) },
        )
  // What strangers wrote means nothing but its words; what we wrote is marked up.
  const body = item.direction === 'in' ? item.body : plainMarkup(parseMarkup(item.body))
  return {
    kind: 'entry',
    tone,
    at: wallTime(Date.parse(item.at), read.zone),
    head: [author, way, sentOf(read, item)].filter(Boolean).join(t('common.dot')),
    text: harmless(body),
    small: [...filesOf(read, item.id), ...translationsOf(read, item.id)],
  }
}

/** Whether what we wrote has left. */
function sentOf({ words: { t }, zone }: Read, { outbox }: Message): string {
  if (!outbox) return ''
  if (outbox.sentAt) return t('case-file.sent', { at: wallTime(Date.parse(outbox.sentAt), zone) })
  return t(`case-file.outbox-${outbox.state}`, { defaultValue: outbox.state })
}

function filesOf({ page, words: { t } }: Read, messageId: string): string[] {
  return page.attachments
    .filter((a) => a.messageId === messageId)
    .map((a) => t('case-file.with-file', { name: harmless(a.name) }))
}

function translationsOf({ page, words: { t } }: Read, messageId: string): string[] {
  return page.translations
    .filter((x) => x.messageId === messageId)
    .map((x) => `${t('timeline.translated', { language: t(`locales.${x.locale}`), name: x.by })}\n${harmless(x.text)}`)
}
