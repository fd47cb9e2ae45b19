import type { Program } from './program.ts'
import type { World } from './world.ts'

/** What a bench is given: a laid world, the program running on it, and whose processor time is counted. */
export type Stage = {
  readonly world: World
  readonly program: Program
  readonly pids: { readonly program: number; readonly database: number }
  /** Ends program and database. */
  halt(): Promise<void>
  /** Goes on with a program that was started (and started its database). */
  resume(program: Program): Promise<void>
}
export type Bench = (stage: Stage) => Promise<void>
