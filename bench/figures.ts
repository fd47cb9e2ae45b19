import type { Bench } from './bench.ts'
import { load } from './load.ts'
import { printTimes } from './report.ts'

const asked = [
  ['year by type', 'by=type&period=year&compare=none', 500],
  ['year by type, compared', 'by=type&period=year', null],
  ['month by team, compared', 'by=team&period=month', null],
  ['week by place, compared', 'by=place&period=week', null],
] as const

/** Figures of a period, counted anew every time. */
export const figures: Bench = async ({ world, program, pids }) => {
  for (const who of ['handler', 'lead'] as const) {
    const headers = await program.signIn(world[who])
    for (const [what, query, goal] of asked) {
      const make = () => ({ path: `/api/v1/figures?${query}`, headers })
      await load(program.base, { clients: 1, count: 2, seconds: 30, make })
      const measured = await load(program.base, { clients: 1, count: 20, seconds: 20, make, pids })
      printTimes('figures', world.label, `${who}: ${what}`, measured, goal)
    }
  }
}
