import type { ComplaintRow } from '../contract.ts'

type Page = { readonly items: ComplaintRow[]; readonly next: string | null }

/** Pages on each side of what is in sight that stay whole; a list of few pages is never emptied. */
const near = 8
const few = 24
/** So many are emptied at a time: each time is a list made anew. */
const together = 8

/** Those emptied here, so that nobody looks through their rows again. */
const emptied = new WeakSet<object>()

const blank: Omit<ComplaintRow, 'id'> = {
  number: '',
  version: 0,
  title: '',
  snippet: '',
  state: '',
  open: true,
  channel: '',
  mode: 'named',
  restricted: false,
  severity: null,
  assessed: true,
  typeCode: null,
  customerName: null,
  owner: null,
  teamId: '',
  placeId: null,
  productId: null,
  receivedAt: '1970-01-01T00:00:00Z',
  nextClock: null,
  nextDueAt: null,
  overdue: false,
  waitingFor: null,
  handover: null,
  updatedAt: '1970-01-01T00:00:00Z',
}

/** A row of which only the place and the id are kept. */
export function isThin(row: ComplaintRow): boolean {
  return row.number === ''
}

/** The page a row is on. */
export function pageOfRow(pages: readonly Page[], row: number): number {
  let before = 0
  const found = pages.findIndex((p) => (before += p.items.length) > row)
  return found === -1 ? Math.max(0, pages.length - 1) : found
}

/** The pages with those far from here emptied to ids; undefined when nothing is to do. */
export function farPages<P extends Page>(pages: readonly P[], from: number, to: number): P[] | undefined {
  if (pages.length <= few) return undefined
  const far = (p: P, n: number) => (n < from - near || n > to + near) && !emptied.has(p)
  if (pages.filter(far).length < together) return undefined
  return pages.map((p, n) => (far(p, n) ? emptyPage(p) : p))
}

/**
 * The pages with one filled again. Rows that are shown elsewhere by now are not shown twice; those that left keep their
 * place by what took it.
 */
export function filledPage<P extends Page>(pages: readonly P[], n: number, fresh: readonly ComplaintRow[]): P[] {
  const elsewhere = new Set(pages.flatMap((p, i) => (i === n ? [] : p.items.map((r) => r.id))))
  return pages.map((p, i) => (i === n ? { ...p, items: fresh.filter((r) => !elsewhere.has(r.id)) } : p))
}

function emptyPage<P extends Page>(page: P): P {
  const thin = { ...page, items: page.items.map(({ id }) => ({ ...blank, id })) }
  emptied.add(thin)
  return thin
}
