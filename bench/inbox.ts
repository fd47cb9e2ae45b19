import type { Bench } from './bench.ts'
import { load } from './load.ts'
import { printTimes } from './report.ts'

/** The inbox: fifty rows by nearest clock, as a handler who sees one team and a lead who sees all. */
export const inbox: Bench = async ({ world, program, pids }) => {
  for (const who of ['handler', 'lead'] as const) {
    const headers = await program.signIn(world[who])
    const views = {
      'open by nearest clock': '?open=true&sort=next&limit=50',
      mine: '?open=true&sort=next&limit=50&view=mine',
      overdue: '?open=true&sort=next&limit=50&due=overdue',
      'unassigned of severity high': '?open=true&sort=next&limit=50&view=unassigned&severity=high',
      'all by received': '?sort=received&limit=50',
      'closed of one type': '?open=false&sort=received&limit=50&type=support_experience',
    }
    for (const [view, query] of Object.entries(views)) {
      const make = () => ({ path: `/api/v1/complaints${query}`, headers })
      await load(program.base, { clients: 1, count: 20, seconds: 5, make })
      printTimes(
        'inbox',
        world.label,
        `${who}: ${view}`,
        await load(program.base, { clients: 2, count: 300, seconds: 10, make, pids }),
        25,
      )
    }
  }
}
