import type { Bench } from './bench.ts'
import { inbox } from './inbox.ts'
import { intake } from './intake.ts'
import { open } from './open.ts'
import { startProgram } from './program.ts'
import { openWorld } from './world.ts'

// npm run bench [names…] [--size 100k|1m] [--fresh]: JSON lines on standard output, what is going on on standard error.
const benches: Record<string, Bench> = { inbox, open, intake }
const sizes: Record<string, number> = { '20k': 20_000, '100k': 100_000, '1m': 1_000_000 }

const args = process.argv.slice(2)
const sizeAt = args.indexOf('--size')
const size = sizes[sizeAt < 0 ? '100k' : (args[sizeAt + 1] ?? '').toLowerCase()]
const names = args.filter((a, i) => !a.startsWith('--') && (sizeAt < 0 || i !== sizeAt + 1))
const unknown = names.filter((n) => !benches[n])
if (!size || unknown.length > 0) {
  process.stderr.write(
    `use: npm run bench -- [${Object.keys(benches).join(' | ')}] [--size ${Object.keys(sizes).join('|')}] [--fresh]\n`,
  )
  process.exit(2)
}
const world = await openWorld(size, { fresh: args.includes('--fresh') })
process.stderr.write(`world ${world.label}: ${JSON.stringify(world.facts)}\n`)
const program = await startProgram(world)
const pids = { program: program.pid, database: world.databasePid }
try {
  for (const name of names.length > 0 ? names : Object.keys(benches)) await benches[name]?.({ world, program, pids })
} finally {
  await program.stop()
  await world.stop()
}
