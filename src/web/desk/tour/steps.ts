/** One stop of the tour: where it is, what it points at, and whom it is for. */
export type Stop = {
  readonly name: 'inbox' | 'open' | 'points' | 'telephone' | 'figures' | 'proof'
  /** Where to go first; `first`: the first complaint of the list. */
  readonly at: '/complaints' | 'first' | '/call' | '/figures'
  /** The first of these that is on the page. */
  readonly target: string
  readonly permission: string
}

const all: readonly Stop[] = [
  { name: 'inbox', at: '/complaints', target: '.rows [data-row], .rows li, .rows', permission: 'complaint.read' },
  { name: 'open', at: 'first', target: '.complaint .next', permission: 'complaint.read' },
  { name: 'points', at: 'first', target: '.complaint .points', permission: 'complaint.handle' },
  { name: 'telephone', at: '/call', target: '.call-form input', permission: 'complaint.create' },
  { name: 'figures', at: '/figures', target: '.figures-table thead, .figures h1', permission: 'figures.read' },
  { name: 'proof', at: 'first', target: '.complaint .head', permission: 'complaint.read' },
]

/** The stops for somebody with these permissions, in order: at most six. */
export const stopsFor = (permissions: readonly string[]): readonly Stop[] =>
  all.filter(({ permission }) => permissions.includes(permission))
