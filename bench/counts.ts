import type { Bench } from './bench.ts'
import { load } from './load.ts'
import { printTimes } from './report.ts'

/** The numbers beside the views: kept answers, and counted anew after something changed. */
export const counts: Bench = async ({ world, program, pids }) => {
  for (const who of ['handler', 'lead'] as const) {
    const headers = await program.signIn(world[who])
    const make = () => ({ path: '/api/v1/complaints/counts', headers })
    printTimes(
      'counts',
      world.label,
      `${who}: first count`,
      await load(program.base, { clients: 1, count: 1, seconds: 5, make, pids }),
      null,
    )
    printTimes(
      'counts',
      world.label,
      `${who}: kept`,
      await load(program.base, { clients: 2, count: 300, seconds: 5, make, pids }),
      25,
    )
  }
}
