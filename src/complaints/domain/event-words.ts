// Events in the words of the desk, whoever shows them: a screen, or a file that is printed.

type Person = { readonly id: string; readonly name: string }
type Event = {
  readonly type: string
  readonly facts: Readonly<Record<string, unknown>>
  readonly actor: { readonly kind: string; readonly name: string }
}

/** A sentence of the desk by its key, the first of several that is there. */
export type Say = (key: string | string[], values?: Record<string, unknown>) => string

/** The names of coded things in the reader's language. */
export type NamesSaid = {
  readonly code: (list: string, value: string | null | undefined) => string
  readonly clockOf: (clock: { readonly kind: string; readonly milestone?: string | null }) => string
} & Readonly<Record<'state' | 'clock' | 'severity' | 'channel', (value: string) => string>> &
  Readonly<Record<'team' | 'place' | 'product' | 'staff', (id: string) => string>>

/** What a complaint says of the ids its events hold. */
export type EventPage = {
  readonly complaint: {
    readonly receivedAt: string
    readonly loggedAt: string
    readonly channel: string
    readonly owner: Person | null
  }
  readonly points: readonly { readonly id: string; readonly no: number; readonly text: string }[]
  readonly links: readonly { readonly id: string; readonly number: string }[]
} & Readonly<Record<'helpers' | 'subjects' | 'access', readonly Person[]>>

/** Facts for programs only. */
const silent =
  /hash|ids?$|^v$|version|points|findings|point$|^no$|^words$|^minor$|^message$|^by$|^proof$|^brought$|^backdating$|^due$/i
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const isoInstant = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/

export type EventWordsGiven = {
  readonly t: Say
  readonly names: NamesSaid
  /** An instant as the reader's zone has it. */
  readonly at: (instant: number) => string
  readonly page: EventPage
}

/** Events in the reader's words: a sentence by type, with codes and ids turned into names. */
export function eventWords({ t, names, at, page }: EventWordsGiven) {
  const value = (name: string, raw: unknown): string => {
    if (raw === null || raw === undefined || raw === '') return ''
    if (Array.isArray(raw))
      return raw
        .map((x) => value(name, x))
        .filter(Boolean)
        .join(t('common.comma'))
    if (typeof raw === 'object') return ''
    if (typeof raw === 'boolean') return t(raw ? 'common.yes' : 'common.no')
    if (/at$/i.test(name) && typeof raw === 'number') return at(raw)
    const text = String(raw)
    if (isoInstant.test(text)) return at(Date.parse(text))
    if (/staff|owner|reviewer|helper/i.test(name)) return names.staff(text) || personOf(page, text)
    if (/team/i.test(name)) return names.team(text) || known(text)
    if (/product/i.test(name)) return names.product(text) || known(text)
    if (/place/i.test(name)) return names.place(text) || known(text)
    if (uuid.test(text)) return known(text)
    if (/severity/i.test(name)) return names.severity(text)
    if (/channel|^told$/i.test(name)) return names.channel(text)
    if (name === 'lifted') return t(`lifted.${text}`, { defaultValue: names.code('risk_flag', text) })
    if (/flag/i.test(name)) return names.code('risk_flag', text)
    if (/outcome/i.test(name)) return names.code('outcome', text)
    if (/remedy/i.test(name)) return names.code('remedy', text)
    if (/reasonCode|closure/i.test(name)) return names.code('closure_reason', text)
    if (/type/i.test(name)) return names.code('issue', text)
    if (name === 'kind') return t([`clocks.${text}`, `choices.${text}`], { defaultValue: text })
    if (/clock|milestone/i.test(name)) return names.clock(text)
    if (/state|^from$|^to$/i.test(name)) return names.state(text)
    return t(`fact-values.${name}.${text}`, {
      defaultValue: t([`rules.${text}`, `choices.${text}`], { defaultValue: text }),
    })
  }

  /** An id as something a person knows: a name, the number of another complaint, or nothing. */
  const known = (id: string): string => {
    if (!uuid.test(id)) return id
    return names.staff(id) || personOf(page, id) || (page.links.find((l) => l.id === id)?.number ?? '')
  }

  const sentence = (item: Event): string => {
    const named = Object.fromEntries(Object.entries(item.facts).map(([k, v]) => [k, value(k, v)]))
    const who = item.actor.name || t(`actors.${item.actor.kind}`, { defaultValue: item.actor.kind })
    const point = pointOf(item)
    const said = t([`events.${item.type}-${turnOf(item)}`, `events.${item.type}`, 'events.other'], {
      ...named,
      ...(point ? { no: point.no, point: point.text } : {}),
      who,
      type: item.type,
      via: item.type === 'received' ? names.channel(page.complaint.channel) : '',
      clock:
        typeof item.facts.kind === 'string' ? names.clockOf(item.facts as { kind: string; milestone?: string }) : '',
    })
    return item.type === 'received' ? said + bothTimes() : said
  }

  /** The point an event is about, as it stands now. */
  const pointOf = ({ facts }: Event) => {
    const id = (facts.point as { id?: string } | undefined)?.id ?? facts.pointId
    if (id === undefined) return undefined
    const found = page.points.find((p) => p.id === id)
    return { no: found?.no ?? facts.no ?? '', text: found?.text ?? '' }
  }

  /** Received and written down, side by side, when these are two moments. */
  const bothTimes = (): string => {
    const { receivedAt, loggedAt } = page.complaint
    const [received, logged] = [Date.parse(receivedAt), Date.parse(loggedAt)]
    if (logged - received < 60_000) return ''
    return t('events.received-times', { received: at(received), logged: at(logged) })
  }

  /** Why it happened: the rule, its fields and values, one line each. */
  const facts = (item: Event): [string, string][] => [
    ...flat(judged(item.facts))
      .filter(([name, raw]) => !silent.test(name) && !(name === 'milestone' && raw === null))
      .map(([name, raw]): [string, string] => [t(`facts.${name}`, { defaultValue: name }), value(name, raw)])
      .filter(([, words]) => words !== ''),
    ...dueOf(item).map((c): [string, string] => [names.clockOf(c), c.dueAt === null ? '' : at(c.dueAt)]),
  ]

  return { sentence, facts, value }
}

type Due = { readonly kind: string; readonly milestone: string | null; readonly dueAt: number | null }

/** What nobody has judged is not shown as if somebody had: of an assumption only that it is one. */
function judged(facts: Event['facts']): Readonly<Record<string, unknown>> {
  const why = facts.severityWhy as { assumed?: boolean; lifted?: unknown } | undefined
  return why?.assumed ? { ...facts, severityWhy: { assumed: true, lifted: why.lifted } } : facts
}

/** The dates an assessment changed. */
function dueOf({ facts }: Event): Due[] {
  return Array.isArray(facts.due) ? (facts.due as Due[]).filter((c) => typeof c?.dueAt === 'number') : []
}

/** Sentences that differ by what happened: taken over oneself, given to a person, given back to the queue. */
function turnOf({ type, facts, actor }: Event): string {
  const { rule } = (facts.assignedWhy ?? {}) as { rule?: string }
  if (type === 'assigned' && rule !== 'taken') return facts.ownerId ? 'to' : 'queue'
  if (type === 'followed_up' && facts.stance === 'unreachable') return 'unreachable'
  if (type === 'mail_noted' && facts.mailClass === 'bounce') return 'bounce'
  // Whoever complained wrote nothing down: it came by itself.
  if (type === 'received' && actor.kind === 'complainant' && facts.cause === undefined) return 'told'
  // It was opened again by something else than a person's wish: a merge.
  return rule ?? (typeof facts.cause === 'string' ? facts.cause : '')
}

/** One level of nesting opened: the reasons inside `severityWhy` and `assignedWhy`. */
function flat(facts: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(facts).flatMap(([name, raw]): [string, unknown][] =>
    raw !== null && typeof raw === 'object' && !Array.isArray(raw) ? Object.entries(raw) : [[name, raw]],
  )
}

function personOf(page: EventPage, id: string): string {
  const { owner } = page.complaint
  return (
    [...page.helpers, ...page.subjects, ...page.access, ...(owner ? [owner] : [])].find((p) => p.id === id)?.name ?? ''
  )
}
