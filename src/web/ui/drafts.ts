import type { Me } from '../../people/contract.ts'

/** How long unsent words are kept, in ms: a reply begun in the morning is there after the shift, not next week. */
export const draftMs = 24 * 3_600_000
const PREFIX = 'redress.draft.'

export type Person = { readonly id: string; readonly organisation: Pick<Me['organisation'], 'id'> }

/** What was last sent and is not known to have arrived; outlives a crash of the page, so that sending again is no second effect. */
export type Intent = { readonly text: string; readonly key: string; readonly version?: number }

/** Unsent words of one person, by name (a complaint and kind). */
export type Drafts = {
  /** '' where there are none, or they are older than a day. */
  read(name: string): string
  keep(name: string, text: string): void
  readIntent(name: string): Intent | undefined
  keepIntent(name: string, intent: Intent | undefined): void
}

/** Words that must not lie on the disk of a shared computer: they live as long as the page. */
const inPage = new Map<string, string>()

/**
 * Drafts of this person, in this browser; where `secret` (anything about a restricted complaint) in the memory of the page
 * only. Nobody else who signs in here is shown them, see `dropDrafts`.
 */
export function draftsOf(person: Person, secret: boolean): Drafts {
  const own = ownPrefix(person)
  const read = (name: string) => inPage.get(own + name) ?? fresh(own + name)
  const keep = (name: string, text: string) => {
    const key = own + name
    if (secret && text !== '') inPage.set(key, text)
    else inPage.delete(key)
    store(key, secret || text === '' ? undefined : JSON.stringify({ at: Date.now(), text }))
  }
  return {
    read,
    keep,
    readIntent: (name) => intentOf(read(`intent.${name}`)),
    keepIntent: (name, intent) => keep(`intent.${name}`, intent ? JSON.stringify(intent) : ''),
  }
}

const dropping = new Set<(person?: Person) => void>()

/** What else keeps unsent words of a person hears when somebody signs out, or another takes the seat. */
export function onDropDrafts(drop: (person?: Person) => void): void {
  dropping.add(drop)
}

/** Drops all drafts but this person's of the last day; without a person, all. */
export function dropDrafts(person?: Person): void {
  const mine = (key: string) => person !== undefined && key.startsWith(ownPrefix(person))
  for (const key of inPage.keys()) if (!mine(key)) inPage.delete(key)
  for (const drop of dropping) drop(person)
  try {
    for (const key of Object.keys(localStorage))
      if (key.startsWith(PREFIX) && !(mine(key) && fresh(key) !== '')) localStorage.removeItem(key)
  } catch {
    // Nothing was kept, then.
  }
}

function ownPrefix({ id, organisation }: Person): string {
  return `${PREFIX}${organisation.id}.${id}.`
}

function fresh(key: string): string {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as { at?: unknown; text?: unknown } | null
    const young = typeof kept?.at === 'number' && Math.abs(Date.now() - kept.at) < draftMs
    return young && typeof kept.text === 'string' ? kept.text : ''
  } catch {
    return ''
  }
}

function store(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // Storage full or forbidden: the words stay in the page.
  }
}

function intentOf(text: string): Intent | undefined {
  try {
    const kept = JSON.parse(text || 'null') as Partial<Intent> | null
    return typeof kept?.text === 'string' && typeof kept.key === 'string' ? (kept as Intent) : undefined
  } catch {
    return undefined
  }
}
