import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { countTests, failedFiles, readReport, type Report, secondTry, summary } from './count.ts'
import { type Outcome, runSteps, stepsOf } from './steps.ts'

/** More failing files than these are no accident. */
const fewFiles = 4

/**
 * What `npm test` runs: types, lint and the web build, then every test; the last line counts them all. A few files in which
 * something failed run once more, alone: what then passes is named, so that it is mended, and does not fail the run.
 */
const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))
const outcomes = await runSteps(root, stepsOf(root), tell)
const tests = await runTests(process.argv.slice(2))
const passed = outcomes.filter((one) => one.passed).length
const count = { passed: passed + tests.passed, failed: outcomes.length - passed + tests.failed, skipped: tests.skipped }
for (const failed of outcomes.filter((one) => !one.passed)) console.log(`✗ ${failed.name} failed, see above`)
for (const name of tests.unsteady) console.log(`! failed among the others, passed alone: ${relative(root, name)}`)
console.log(summary(count))
process.exitCode = count.failed > 0 ? 1 : 0

function tell({ name, passed: fine, seconds, said }: Outcome): void {
  console.log(`${fine ? '✓' : '✗'} ${name} ${seconds.toFixed(1)} s`)
  if (!fine) console.log(said)
}

async function runTests(more: readonly string[]) {
  const first = await runOnce(more)
  const files = first.report ? failedFiles(first.report) : []
  if (!first.report || files.length === 0 || files.length > fewFiles)
    return { ...countTests(first.report, first.exitCode), unsteady: [] }
  const second = await runOnce(files)
  if (!second.report) return { ...countTests(first.report, first.exitCode), unsteady: [] }
  const { report, unsteady } = secondTry(first.report, second.report)
  return { ...countTests(report, second.exitCode), unsteady }
}

async function runOnce(more: readonly string[]): Promise<{ report: Report | undefined; exitCode: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'redress-report-'))
  const reportFile = join(folder, 'report.json')
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
  try {
    const exitCode = await run([vitest, 'run', ...reporters, ...more])
    return { report: readReport(reportFile), exitCode }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Vitest sweeps up after itself when it is asked to end, so it is given the time to. */
function run(args: readonly string[]): Promise<number> {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
    process.on('SIGINT', () => child.kill('SIGINT'))
    child.on('error', () => done(1))
    child.on('close', (code) => done(code ?? 1))
  })
}
