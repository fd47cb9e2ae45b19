import type { Bench } from './bench.ts'
import { ask, load } from './load.ts'
import { print, printTimes } from './report.ts'
import { terms } from './words.ts'

type Page = { items: { complaint: { id: string } }[]; next: string | null }

/** Words of four frequencies in Chinese and English, newest fifty and ranked; and whether all there is was found. */
export const search: Bench = async ({ world, program, pids }) => {
  for (const who of ['lead', 'handler'] as const) {
    const headers = await program.signIn(world[who])
    for (const order of ['newest', 'ranked'] as const) {
      for (const { word, share } of terms) {
        const make = () => ({ path: `/api/v1/search?q=${encodeURIComponent(word)}&order=${order}&limit=50`, headers })
        const cold = await ask(program.base, make())
        const measured = await load(program.base, { clients: 1, count: 60, seconds: 6, make, pids })
        const note = `first time ${Math.round(cold.ms)} ms, ${(JSON.parse(cold.text) as Page).items?.length} rows`
        printTimes(
          'search',
          world.label,
          `${who}: ${word}, ${share * 100} % of messages, ${order}`,
          measured,
          order === 'newest' ? 100 : 300,
          note,
        )
      }
    }
  }
  const headers = await program.signIn(world.lead)
  for (const [i, { word, share }] of terms.entries()) {
    if (share > 0.001) continue
    const seen = new Set<string>()
    for (let cursor = ''; ; ) {
      const reply = await ask(program.base, {
        path: `/api/v1/search?q=${encodeURIComponent(word)}&limit=50${cursor}`,
        headers,
      })
      const page = JSON.parse(reply.text) as Page
      for (const { complaint } of page.items) seen.add(complaint.id)
      if (!page.next) break
      cursor = `&cursor=${encodeURIComponent(page.next)}`
    }
    const laid = world.found[i] ?? 0
    print({
      bench: 'search',
      size: world.label,
      what: `${word}: all found`,
      unit: 'complaints',
      value: seen.size,
      n: laid,
      goal: '≥ 97 % of messages laid',
      ok: seen.size >= laid * 0.97,
      note: `${laid} messages hold it; a lead does not see the 1 % restricted ones of other teams, and one complaint may hold it twice`,
    })
  }
}
