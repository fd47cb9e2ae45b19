import { holdTurns } from '../routing/index.ts'
import type { Contact } from './duplicates.ts'
import { isLike, type Made, type To, writeMade } from './made.ts'
import type { Shared } from './references.ts'

/** How complaints may be found to be of one person, or of one matter. */
export type Marks = {
  readonly contacts: readonly Contact[]
  readonly bands: readonly number[]
  /** Customers who are known by one of these contacts. */
  readonly persons?: readonly string[]
}

/** Customers by the mail addresses they are known by, in normal form. */
export type Persons = ReadonlyMap<string, readonly string[]>

/** What is known of many before they begin. */
export type Beforehand = {
  readonly persons: Persons
  /** The teams they may go to; null: any. */
  readonly teams: readonly string[] | null
}

/**
 * Many complaints recorded in one transaction: begun together, so that what they ask goes out at once, and written by one
 * statement at the end. It is as if they were recorded one after the other: one that may be the same person's as an earlier
 * one, or like it in words, begins when that one is written.
 */
export type Among = {
  readonly references: Shared
  /** Waits until nothing unwritten is like it, and holds its place. */
  begin(to: To, marks: Marks): Promise<Place>
  add(made: Made): void
  /** Writes what is decided and not written yet. */
  write(to: To): Promise<void>
}

export type Place = {
  /** Where the next owner is chosen by what is written: waits until those before it that do so are written. The first one waits for all whose turn it may be. */
  turn(): Promise<void>
  /** It is decided, or failed: others may go on. */
  end(): void
}

type Begun = { readonly marks: Marks; readonly decided: Promise<void> }

export function openAmong({ persons, teams }: Beforehand): Among {
  let begun: Begun[] = []
  const made: Made[] = []
  let last: Promise<void> = Promise.resolve()
  let writing: Promise<void> = Promise.resolve()
  let held = false
  const write = (to: To) => {
    writing = writing.then(() => writeMade(to, made.splice(0)))
    return writing
  }
  return {
    references: new Map(),
    async begin(to, given) {
      const marks = {
        ...given,
        persons: given.contacts.flatMap((c) => (c.kind === 'mail' && persons.get(c.norm)) || []),
      }
      for (;;) {
        const like = begun.filter((one) => isLike(one.marks, marks))
        if (like.length === 0) break
        await Promise.all(like.map((one) => one.decided))
        await write(to)
        begun = begun.filter((one) => !like.includes(one))
      }
      let decide: () => void = () => undefined
      begun.push({ marks, decided: new Promise((done) => (decide = done)) })
      const decided = begun.at(-1)?.decided ?? Promise.resolve()
      return {
        async turn() {
          const before = last
          last = before.then(() => decided)
          await before
          if (!held) holdTurns(to.tx, to.actor.org.id, teams)
          held = true
          await write(to)
        },
        end: () => decide(),
      }
    },
    add: (one) => void made.push(one),
    write,
  }
}
