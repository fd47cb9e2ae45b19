import type { Wakes } from '../kit/stream/wake.ts'
import { type Present, presenceMs } from './contract.ts'

type Sign = Present & { readonly until: number }
type Said = { readonly org: string; readonly complaint: string; readonly sign: Sign }
type Listener = (org: string, complaint: string, who: readonly Present[]) => void

/** Who is at which complaint, as far as this process has heard: nothing of it is stored anywhere. */
export type PresenceBook = {
  /** A sign of life, told to all processes; `until` 0 takes it away. */
  note(org: string, complaint: string, who: Present, doing: 'here' | 'gone', now: number): void
  of(org: string, complaint: string, now: number): Present[]
  /** Told when somebody came, went, or began or stopped typing. */
  onChange(listener: Listener): () => void
  close(): void
}

const sweepMs = 3_000

export function openPresence(wakes: Pick<Wakes, 'say' | 'onSaid'>, now: () => number): PresenceBook {
  const places = new Map<string, Map<string, Sign>>()
  const listeners = new Set<Listener>()
  const placeOf = (org: string, complaint: string) => `${org} ${complaint}`
  const shown = (signs: Map<string, Sign> | undefined, at: number): Present[] =>
    [...(signs?.values() ?? [])].filter((s) => s.until > at).map(({ id, name, typing }) => ({ id, name, typing }))
  const tell = (place: string, at: number) => {
    const [org = '', complaint = ''] = place.split(' ')
    const who = shown(places.get(place), at)
    for (const listener of listeners) listener(org, complaint, who)
  }
  const hear = ({ org, complaint, sign }: Said) => {
    const place = placeOf(org, complaint)
    const signs = places.get(place) ?? new Map<string, Sign>()
    const before = signs.get(sign.id)
    const at = now()
    const was = before && before.until > at ? before.typing : undefined
    const is = sign.until > at ? sign.typing : undefined
    if (is === undefined) signs.delete(sign.id)
    else signs.set(sign.id, sign)
    if (signs.size > 0) places.set(place, signs)
    else places.delete(place)
    if (was !== is) tell(place, at)
  }
  const stopHearing = wakes.onSaid((text) => {
    const said = read(text)
    if (said) hear(said)
  })
  const sweep = setInterval(() => {
    const at = now()
    for (const [place, signs] of places) {
      const over = [...signs.values()].filter((s) => s.until <= at)
      for (const { id } of over) signs.delete(id)
      if (over.length > 0) tell(place, at)
      if (signs.size === 0) places.delete(place)
    }
  }, sweepMs).unref()
  return {
    note(org, complaint, who, doing, at) {
      const said: Said = { org, complaint, sign: { ...who, until: doing === 'gone' ? 0 : at + presenceMs } }
      // Heard here at once: the answer to whoever asks next must not wait for the round through the database.
      hear(said)
      wakes.say(JSON.stringify({ presence: said }))
    },
    of: (org, complaint, at) => shown(places.get(placeOf(org, complaint)), at),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      clearInterval(sweep)
      stopHearing()
      listeners.clear()
    },
  }
}

function read(text: string): Said | undefined {
  try {
    return (JSON.parse(text) as { presence?: Said }).presence
  } catch {
    return undefined
  }
}
