import { fold } from '../../kit/pure/text-fold.ts'
import { guessDates } from './dates.ts'
import { headerWords } from './header-words.ts'
import { dateTargets, type DateTarget, type Mapping, type Target, targets } from './mapping.ts'
import type { Cell } from './told.ts'

/** The columns of a file in their order, each with its first cells. */
export type Sample = readonly { readonly name: string; readonly cells: readonly Cell[] }[]
export type Warning = {
  readonly code: 'dates-swappable' | 'dates-unread' | 'ids-repeat'
  readonly column: string
  readonly count: number
  readonly of: number
}
export type Guess = { readonly mapping: Mapping; readonly warnings: readonly Warning[] }

const plain = (name: string) =>
  fold(name.normalize('NFKC'))
    .toLowerCase()
    .replaceAll(/[\s_\-./:：()（）*#"']+/g, ' ')
    .trim()

/** What a header and its cells are most likely meant as; each target once, and nothing that is only possible. */
export function guessMapping(sample: Sample, zone: string): Guess {
  const claims = targets
    .flatMap((target) => sample.map((column) => ({ target, column, trust: trustOf(target, column) })))
    .filter((c) => c.trust > 0)
  claims.sort((a, b) => b.trust - a.trust)
  const columns: Partial<Record<Target, string>> = {}
  const taken = new Set<string>()
  for (const { target, column } of claims) {
    if (columns[target] !== undefined || taken.has(column.name)) continue
    columns[target] = column.name
    taken.add(column.name)
  }
  const dates: Partial<Record<DateTarget, { format: string; zone: string }>> = {}
  const warnings: Warning[] = []
  for (const target of dateTargets) {
    const column = sample.find((c) => c.name === columns[target])
    if (!column) continue
    const guess = guessDates(column.cells, zone)
    if (!guess) continue
    dates[target] = { format: guess.format, zone }
    if (guess.swappable > 0)
      warnings.push({ code: 'dates-swappable', column: column.name, count: guess.swappable, of: guess.of })
    if (guess.fits < guess.of)
      warnings.push({ code: 'dates-unread', column: column.name, count: guess.of - guess.fits, of: guess.of })
  }
  const id = sample.find((c) => c.name === columns.id)
  const repeated = id ? id.cells.length - new Set(id.cells.map(String)).size : 0
  if (id && repeated > 0) warnings.push({ code: 'ids-repeat', column: id.name, count: repeated, of: id.cells.length })
  return { mapping: { columns, ...(Object.keys(dates).length > 0 ? { dates } : {}) }, warnings }
}

/** By its name: the earlier in the list the surer. By its cells: a date is no type, and a mail is one whatever it is called. */
function trustOf(target: Target, { name, cells }: Sample[number]): number {
  const said = plain(name)
  const words = headerWords[target].map(plain)
  const exact = words.indexOf(said)
  const within =
    exact >= 0
      ? -1
      : words.findIndex(
          (w) => w.length > 1 && (/\p{Script=Han}/u.test(w) ? said.includes(w) : ` ${said} `.includes(` ${w} `)),
        )
  const byName = exact >= 0 ? 100 - exact : within >= 0 ? 40 - Math.min(within, 30) : 0
  const filled = cells.filter((c) => c !== null && c !== '')
  if (target === 'mail') return share(filled, /^[^@\s]+@[^@\s]+\.[^@\s]+$/) > 0.8 ? byName + 90 : byName
  if (target === 'phone') return byName > 0 && share(filled, /^[+()\d\s-]{6,24}$/) > 0.5 ? byName + 20 : byName
  if (byName === 0 || filled.length === 0) return byName
  const isDate = guessDates(filled.slice(0, 50)) !== undefined
  if ((dateTargets as readonly Target[]).includes(target)) return isDate ? byName + 50 : 0
  if (isDate && !['id', 'order_no'].includes(target)) return 0
  if (target === 'id') return new Set(filled.map(String)).size < filled.length * 0.9 ? byName / 4 : byName
  return byName
}

const share = (cells: readonly Cell[], pattern: RegExp) =>
  cells.length === 0 ? 0 : cells.filter((c) => pattern.test(String(c).trim())).length / cells.length
