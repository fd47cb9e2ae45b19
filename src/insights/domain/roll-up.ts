/** How many complaints: each of them at most once in each number. */
export type Numbers = {
  readonly received: number
  readonly answered: number
  readonly closed: number
  readonly open: number
  readonly overdue: number
}
export const measures = ['received', 'answered', 'closed', 'open', 'overdue'] as const
export type Measure = (typeof measures)[number]

/** What came in, what ended and what is left: opening + received + reopened − closed = open. */
export type Balance = {
  readonly opening: number
  readonly received: number
  readonly reopened: number
  readonly closed: number
  readonly open: number
}

export const nothing: Numbers = { received: 0, answered: 0, closed: 0, open: 0, overdue: 0 }

export function plus(a: Numbers, b: Numbers): Numbers {
  return {
    received: a.received + b.received,
    answered: a.answered + b.answered,
    closed: a.closed + b.closed,
    open: a.open + b.open,
    overdue: a.overdue + b.overdue,
  }
}

/** Zero when the numbers agree; anything else is a defect of ours, and is shown. */
export function difference({ opening, received, reopened, closed, open }: Balance): number {
  return opening + received + reopened - closed - open
}

export type Counted = { readonly key: string | null; readonly now: Numbers; readonly before: Numbers | null }
export type Row = Counted & { readonly parent: string | null; readonly depth: number }

/**
 * Rows of a tree, each with what stands under it: a parent's number is that of its list, which holds its children's too.
 * `parents` names the parent of each key. Rows that lack a value come last; a circle among parents is cut.
 */
export function rollUp(counted: readonly Counted[], parents: ReadonlyMap<string, string | null>): Row[] {
  const sums = new Map<string, Counted>()
  const none: Row[] = []
  for (const one of counted) {
    if (one.key === null) {
      none.push({ ...one, parent: null, depth: 0 })
      continue
    }
    for (const key of lineage(one.key, parents)) sums.set(key, added(sums.get(key), { ...one, key }))
  }
  const rows = [...sums.values()].map((one): Row => {
    const [, ...above] = lineage(one.key ?? '', parents)
    return { ...one, parent: above[0] ?? null, depth: above.length }
  })
  return [...rows, ...none]
}

/** A key and those above it, the nearest first; a circle is cut. */
export function lineage(key: string, parents: ReadonlyMap<string, string | null>): string[] {
  const path: string[] = []
  for (let at: string | null = key; at !== null && !path.includes(at); at = parents.get(at) ?? null) path.push(at)
  return path
}

function added(before: Counted | undefined, one: Counted): Counted {
  if (!before) return one
  const both = before.before && one.before ? plus(before.before, one.before) : (before.before ?? one.before)
  return { key: one.key, now: plus(before.now, one.now), before: both }
}

type Placed = { readonly key: string | null; readonly parent: string | null }

/**
 * Rows as they are read: the heaviest first, children under their parents, "no value" last. Without a weight the order given
 * stays: people are never ranked by raw counts.
 */
export function treeOrder<R extends Placed>(rows: readonly R[], weight: ((row: R) => number) | null): R[] {
  const under = new Map<string | null, R[]>()
  for (const row of rows) under.set(row.parent, [...(under.get(row.parent) ?? []), row])
  const sorted = (all: readonly R[]) => {
    const named = all.filter((r) => r.key !== null)
    return weight ? named.sort((a, b) => weight(b) - weight(a)) : named
  }
  const walk = (parent: string | null): R[] => sorted(under.get(parent) ?? []).flatMap((row) => [row, ...walk(row.key)])
  return [...walk(null), ...rows.filter((r) => r.key === null)]
}

/** The same by a measure of the rows; by name for people. */
export function inOrder<R extends Row>(rows: readonly R[], measure: Measure, byName = false): R[] {
  return treeOrder(rows, byName ? null : (r) => r.now[measure])
}

/** People stand by name and severities by weight; all else by how many. */
export function keepsOrder(by: string): boolean {
  return by === 'owner' || by === 'severity'
}
