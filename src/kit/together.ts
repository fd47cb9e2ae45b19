import { isUnavailable } from './db/database.ts'

type Options<A> = {
  /** So many at once at the most. */
  readonly most: number
  /** What each weighs, and how much may go at once: one that weighs more goes alone. */
  readonly weight?: (one: A) => number
  readonly mostWeight?: number
}

/**
 * Does for many at once what is asked for one at a time: what comes while one round is under way goes together in the next. A
 * round that fails is done again one by one, so that each has its own answer; where the database is away, all have that one.
 */
export function together<A, B>(
  doAll: (all: readonly A[]) => Promise<readonly B[]>,
  { most, weight = () => 0, mostWeight = 0 }: Options<A>,
): (one: A) => Promise<B> {
  type Asked = { readonly one: A; readonly done: (b: B) => void; readonly failed: (error: unknown) => void }
  const waiting: Asked[] = []
  let busy = false

  const nextRound = (): Asked[] => {
    const round = waiting.splice(0, 1)
    let weighs = round.reduce((sum, a) => sum + weight(a.one), 0)
    for (let next = waiting[0]; next && round.length < most; next = waiting[0]) {
      weighs += weight(next.one)
      if (weighs > mostWeight && weighs > 0) break
      round.push(next)
      waiting.shift()
    }
    return round
  }
  const perform = async (round: readonly Asked[]): Promise<void> => {
    try {
      const answers = await doAll(round.map((a) => a.one))
      for (const [i, asked] of round.entries()) asked.done(answers[i] as B)
    } catch (error) {
      if (round.length === 1 || isUnavailable(error)) for (const asked of round) asked.failed(error)
      else for (const asked of round) await perform([asked])
    }
  }
  const run = async (): Promise<void> => {
    busy = true
    // What is asked in this turn of the program goes in one round.
    await Promise.resolve()
    while (waiting.length > 0) await perform(nextRound())
    busy = false
  }
  return (one) =>
    new Promise((done, failed) => {
      waiting.push({ one, done, failed })
      if (!busy) void run()
    })
}
