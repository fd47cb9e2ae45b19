import type { Bench, Stage } from './bench.ts'
import { bundles } from './bundles.ts'
import { counts } from './counts.ts'
import { figures } from './figures.ts'
import { importing } from './import.ts'
import { inbox } from './inbox.ts'
import { intake } from './intake.ts'
import { mailBacklog } from './mail-backlog.ts'
import { mailIn } from './mail-in.ts'
import { mailRead } from './mail-read.ts'
import { memory } from './memory.ts'
import { open } from './open.ts'
import { type Program, startProgram } from './program.ts'
import { search } from './search.ts'
import { start } from './start.ts'
import { verify } from './verify.ts'
import { ui } from './ui.ts'
import { openWorld, type World } from './world.ts'

// npm run bench [names…] [--size 100k|1m] [--fresh]: JSON lines on standard output, what is going on on standard error.
const benches: Record<string, Bench> = {
  inbox,
  open,
  search,
  counts,
  figures,
  intake,
  memory,
  start,
  verify,
  bundles,
  'mail-read': mailRead,
  'mail-in': mailIn,
  'mail-backlog': () => mailBacklog(10_000),
  import: () => importing(20_000),
  ui,
}
const sizes: Record<string, number> = { '5k': 5_000, '10k': 10_000, '20k': 20_000, '100k': 100_000, '1m': 1_000_000 }

const args = process.argv.slice(2)
const sizeAt = args.indexOf('--size')
const size = sizes[sizeAt < 0 ? '100k' : (args[sizeAt + 1] ?? '').toLowerCase()]
const asked = args.filter((a, i) => !a.startsWith('--') && (sizeAt < 0 || i !== sizeAt + 1))
// The desk in a browser takes minutes of its own: npm run bench:ui.
const names = asked.length > 0 ? asked : Object.keys(benches).filter((n) => n !== 'ui')
if (!size || asked.some((n) => !benches[n])) {
  process.stderr.write(
    `use: npm run bench -- [${Object.keys(benches).join(' | ')}] [--size ${Object.keys(sizes).join('|')}] [--fresh]\n`,
  )
  process.exit(2)
}
// Some need neither the world nor the program that runs on it.
if (names.join() === 'bundles') await bundles()
else if (names.join() === 'mail-read') await mailRead()
else if (names.join() === 'mail-in') await mailIn()
else if (names.join() === 'mail-backlog') await mailBacklog(size)
else if (names.join() === 'import') await importing(size)
else await runOn(await openWorld(size, { fresh: args.includes('--fresh') }))

async function runOn(laid: World): Promise<void> {
  let world = laid
  process.stderr.write(`world ${world.label}: ${JSON.stringify(world.facts)}\n`)
  let program: Program | undefined = await startProgram(world)
  const stage = (running: Program): Stage => ({
    world,
    program: running,
    pids: { program: running.pid, database: world.databasePid },
    async halt() {
      await program?.stop()
      await world.stop()
      program = undefined
    },
    async resume(started) {
      program = started
      world = await openWorld(world.size, { fresh: false })
    },
  })
  try {
    for (const name of names) if (program) await benches[name]?.(stage(program))
  } finally {
    await program?.stop()
    await world.stop()
  }
}
