import type { Program } from './program.ts'
import type { World } from './world.ts'

/** What a bench is given: a laid world, the program running on it, and the database server's process. */
export type Stage = {
  readonly world: World
  readonly program: Program
  readonly pids: { readonly program: number; readonly database: number }
}
export type Bench = (stage: Stage) => Promise<void>
