import type { Bench } from './bench.ts'
import { ask, quantiles } from './load.ts'
import { print } from './report.ts'
import { startProgram } from './program.ts'

/** Warm start to ready, the embedded database included. The only bench that stops and starts the program itself. */
export const start: Bench = async (stage) => {
  const times: number[] = []
  for (let i = 0; i < 3; i += 1) {
    await stage.halt()
    const began = performance.now()
    const program = await startProgram(stage.world)
    for (let ready = false; !ready; ) ready = (await ask(program.base, { path: '/readyz' })).status === 200
    times.push(performance.now() - began)
    await stage.resume(program)
  }
  const [p50, p95, p99] = quantiles(times)
  print({
    bench: 'start',
    size: stage.world.label,
    what: 'warm start to ready, embedded database included',
    unit: 'ms',
    p50,
    p95,
    p99,
    n: times.length,
    goal: '≤ 3000',
    ok: p50 <= 3000,
  })
}
