import type { Bench } from './bench.ts'
import { ask, load } from './load.ts'
import { printTimes } from './report.ts'

/** Opening complaints, open and closed ones, each once: cold pages are part of it. */
export const open: Bench = async ({ world, program, pids }) => {
  for (const who of ['handler', 'lead'] as const) {
    const headers = await program.signIn(world[who])
    const ids: string[] = []
    for (const query of ['open=true&sort=next', 'open=false&sort=received']) {
      let cursor = ''
      for (let page = 0; page < 3; page += 1) {
        const reply = await ask(program.base, { path: `/api/v1/complaints?${query}&limit=50${cursor}`, headers })
        const { items, next } = JSON.parse(reply.text) as { items: { id: string }[]; next: string | null }
        ids.push(...items.map((i) => i.id))
        if (!next) break
        cursor = `&cursor=${encodeURIComponent(next)}`
      }
    }
    const make = (i: number) => ({ path: `/api/v1/complaints/${ids[i % ids.length]}`, headers })
    for (const round of ['first time', 'again'])
      printTimes(
        'open',
        world.label,
        `${who}: a complaint, ${round}`,
        await load(program.base, { clients: 2, count: ids.length, seconds: 15, make, pids }),
        25,
      )
  }
}
