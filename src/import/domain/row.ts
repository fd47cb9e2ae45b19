import { channels } from '../../channels/domain/index.ts'
import { fold } from '../../kit/pure/text-fold.ts'
import { cleanText, truncateGraphemes } from '../../kit/pure/text.ts'
import { type DateReader, dateReader, swapped } from './dates.ts'
import {
  columnsOf,
  dateRulesOf,
  type DateTarget,
  dateTargets,
  type Mapping,
  type Target,
  type ValueTarget,
} from './mapping.ts'
import { severityNamed, stateOf } from './state-words.ts'
import type { Cell, Problem, RawRow, Told, ToldMessage } from './told.ts'

/** Something rows may name: its id, and every name it has. */
export type Named = { readonly id: string; readonly names: readonly string[] }
/** What there is to name. */
export type Lists = {
  readonly [L in 'types' | 'outcomes' | 'products' | 'places' | 'teams' | 'staff']: readonly Named[]
}
/** What reading has met so far, for the report. */
export type Tally = {
  /** Values of a target that mean nothing here, and how often. */
  readonly unknown: Map<ValueTarget, Map<string, number>>
  /** Dates whose day and month could be meant the other way round, by column. */
  readonly swappable: Map<string, number>
  /** Columns in which a date shows that day and month stand as the format says, and those in which one shows the contrary. */
  readonly proven: Set<string>
  readonly contrary: Set<string>
}
export type RowReader = {
  readonly tally: Tally
  read(row: RawRow, messages?: readonly ToldMessage[]): { told?: Told; problems: Problem[] }
}

const longestText = 1_000_000
const longestLine = 500
const dayMs = 86_400_000
const shownChars = 120
const differentValues = 500

const lookup = (list: readonly Named[]): Map<string, string> =>
  new Map(list.toReversed().flatMap(({ id, names }) => [...names, id].map((name) => [key(name), id] as const)))
const key = (text: string) => fold(text.normalize('NFKC')).trim().toLowerCase()

/** Reads rows by a mapping: what each tells in our words, or what is wrong with it. Dates after `now` and a day are wrong. */
export function rowReader(mapping: Mapping, lists: Lists, given: { zone: string; now: number }): RowReader {
  const zone = mapping.defaults?.zone ?? given.zone
  const tally: Tally = { unknown: new Map(), swappable: new Map(), proven: new Set(), contrary: new Set() }
  const find: Partial<Record<ValueTarget, Map<string, string>>> = {
    type: lookup(lists.types),
    outcome: lookup(lists.outcomes),
    product: lookup(lists.products),
    place: lookup(lists.places),
    team: lookup(lists.teams),
    owner: lookup(lists.staff),
    channel: lookup(channels.map(({ kind, labels }) => ({ id: kind, names: Object.values(labels) }))),
  }
  const meant = new Map(
    Object.entries(mapping.values ?? {}).map(([target, values]) => [target, new Map(Object.entries(values ?? {}))]),
  )
  const rules = dateRulesOf(mapping)
  const readers = new Map<DateTarget, DateReader>(
    dateTargets.map((t) => [t, dateReader(rules[t] ?? { format: 'iso', zone })]),
  )
  const otherWay = new Map<DateTarget, DateReader>(
    dateTargets.flatMap((t) => {
      const format = swapped(rules[t]?.format ?? 'iso')
      return format ? [[t, dateReader({ format, zone: rules[t]?.zone ?? zone })]] : []
    }),
  )
  const columns = new Map<Target, readonly string[]>(
    (Object.keys(mapping.columns) as Target[]).map((t) => [t, columnsOf(mapping, t)]),
  )
  const fixed = {
    type: mapping.defaults?.type ? (find.type?.get(key(mapping.defaults.type)) ?? null) : null,
    team: mapping.defaults?.team ? (find.team?.get(key(mapping.defaults.team)) ?? null) : null,
    place: mapping.defaults?.place ? (find.place?.get(key(mapping.defaults.place)) ?? null) : null,
    channel: find.channel?.get(key(mapping.defaults?.channel ?? '')) ?? 'api',
  }

  const noteUnknown = (target: ValueTarget, value: string) => {
    const counts = tally.unknown.get(target) ?? new Map<string, number>()
    tally.unknown.set(target, counts)
    if (counts.has(value) || counts.size < differentValues) counts.set(value, (counts.get(value) ?? 0) + 1)
  }

  const read: RowReader['read'] = ({ no, cells }, messages = []) => {
    const problems: Problem[] = []
    const cell = (target: Target): Cell => cells.get(columns.get(target)?.[0] ?? '') ?? null
    const words = (target: Target): string =>
      (columns.get(target) ?? [])
        .map((name) => textOf(cells.get(name) ?? null))
        .filter(Boolean)
        .join(target === 'name' ? ' ' : target === 'title' ? ' · ' : '\n\n')
    const line = (target: Target) => truncateGraphemes(words(target).replaceAll(/\s+/g, ' '), longestLine)
    const wrong = (target: Target, code: Problem['code']) => {
      const column = columns.get(target)?.[0] ?? target
      problems.push({ column, value: textOf(cells.get(column) ?? null).slice(0, shownChars), code })
      return null
    }
    const instant = (target: DateTarget): number | null => {
      const value = cell(target)
      if (value === null || value === '' || (typeof value === 'string' && value.trim() === '')) return null
      const found = readers.get(target)?.(value)
      const column = columns.get(target)?.[0] ?? target
      if (!found) {
        if (otherWay.get(target)?.(value)) tally.contrary.add(column)
        return wrong(target, 'date-unreadable')
      }
      if (found.proves) tally.proven.add(column)
      if (found.at > given.now + dayMs) return wrong(target, 'date-in-future')
      if (found.at < 0) return wrong(target, 'date-too-old')
      if (found.swappable) tally.swappable.set(column, (tally.swappable.get(column) ?? 0) + 1)
      return Math.min(found.at, given.now)
    }
    /** What a value means: as the mapping says, else by any name of the list; undefined for none at all. */
    const code = <T extends string>(
      target: ValueTarget,
      otherwise: (word: string) => T | null | undefined,
    ): T | null | undefined => {
      const value = line(target)
      if (value === '') return undefined
      const said = meant.get(target)
      if (said?.has(value)) {
        const means = said.get(value) ?? null
        return means === null ? null : otherwise(means)
      }
      return otherwise(value)
    }
    const listed = (target: ValueTarget): string | null => {
      const found = code(target, (word) => find[target]?.get(key(word)) ?? undefined)
      const value = line(target)
      if (found === undefined && value !== '') noteUnknown(target, value)
      return found ?? null
    }

    const receivedAt = instant('received')
    if (receivedAt === null && !problems.some((p) => p.column === columns.get('received')?.[0]))
      wrong('received', 'received-missing')
    const answeredAt = instant('answered')
    let closedAt = instant('closed')
    const state = stateFrom(code('state', stateOf), line('state'), closedAt, mapping.defaults?.state)
    if (state === undefined) {
      noteUnknown('state', line('state'))
      wrong('state', 'value-unknown')
    }
    if (state !== undefined && state !== 'open' && closedAt === null) {
      closedAt = answeredAt
      if (closedAt === null && problems.length === 0) wrong('closed', 'closed-date-missing')
    }
    const severity = code('severity', severityNamed)
    if (severity === undefined && line('severity') !== '') noteUnknown('severity', line('severity'))
    const sourceId = line('id')
    if (columns.has('id') && sourceId === '') wrong('id', 'id-missing')
    const text = words('text')
    const answer = words('answer')
    if (text.length > longestText) wrong('text', 'text-too-long')
    if (answer.length > longestText) wrong('answer', 'text-too-long')
    const person = { name: line('name'), mail: line('mail'), phone: line('phone') }
    const ownerId = listed('owner')
    if (problems.length > 0 || receivedAt === null || state === undefined) return { problems }
    return {
      problems,
      told: {
        no,
        sourceId,
        receivedAt,
        answeredAt,
        closedAt: state === 'open' ? null : closedAt,
        state,
        title: line('title'),
        text,
        answer,
        typeCode: listed('type') ?? fixed.type,
        productId: listed('product'),
        placeId: listed('place') ?? fixed.place,
        channel: listed('channel') ?? fixed.channel,
        severity: severity ?? null,
        outcomeCode: listed('outcome'),
        orderNo: line('order_no') || null,
        teamId: listed('team') ?? fixed.team,
        ownerId,
        ownerName: line('owner'),
        person: person.name || person.mail || person.phone ? person : null,
        messages,
        files: [],
        kept: [],
      },
    }
  }
  return { tally, read }
}

/** Where nothing says its state, what has an end has ended. */
function stateFrom(
  said: Told['state'] | null | undefined,
  word: string,
  closedAt: number | null,
  standard: 'open' | 'closed' | undefined,
): Told['state'] | undefined {
  if (said) return said
  if (word !== '' && said === undefined) return undefined
  return closedAt !== null ? 'closed' : (standard ?? 'open')
}

function textOf(cell: Cell): string {
  if (cell === null) return ''
  return cleanText(cell instanceof Date ? cell.toISOString() : cell).text.trim()
}
