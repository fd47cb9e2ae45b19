import type { Bench } from './bench.ts'
import { memoryOf } from './program.ts'
import { print } from './report.ts'

/** Memory after whatever ran before: server and worker, and the database beside it. */
export const memory: Bench = async ({ world, pids }) => {
  const program = memoryOf(pids.program)
  const database = memoryOf(pids.database)
  print({
    bench: 'memory',
    size: world.label,
    what: 'server and worker in one process',
    unit: 'MB',
    value: program.rssMb,
    n: 1,
    goal: '≤ 350',
    ok: program.rssMb <= 350,
    note: `database beside it: ${database.pssMb} MB (shared pages counted once)`,
  })
}
