import { existsSync, readFileSync } from 'node:fs'

export type Count = { readonly passed: number; readonly failed: number; readonly skipped: number }

/** What a run of vitest reported in JSON, as far as it is counted. */
export type Report = {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly {
    /** Path of the file. */
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

/** The report in a file; undefined where the run ended before it wrote one. */
export function readReport(reportFile: string): Report | undefined {
  return existsSync(reportFile) ? (JSON.parse(readFileSync(reportFile, 'utf8')) as Report) : undefined
}

/**
 * Counts what vitest reported. A file that failed without a failed test (it could not be loaded, a hook threw) counts
 * as one failed, and so does a run that ended badly for a reason of its own. A skipped test never counts as passed.
 */
export function countTests(report: Report | undefined, exitCode: number): Count {
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  const broken = report.testResults.filter((file) => isBroken(file)).length
  const failed = report.numFailedTests + broken
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** Names of the files in which something failed. */
export function failedFiles(report: Report): string[] {
  return report.testResults.filter((file) => file.status === 'failed').map((file) => file.name)
}

type File = Report['testResults'][number]
const failedIn = (file: File) => file.assertionResults.filter((test) => test.status === 'failed')
const heldIn = (file: File, status: string) => file.assertionResults.filter((test) => test.status === status).length

/** Failed for no test of its own: it could not be loaded, or a hook threw. */
const isBroken = (file: File) => file.status === 'failed' && failedIn(file).length === 0

/**
 * The first run with the files of the second in place of what they said before, and the names of the tests that failed
 * first and passed alone: each of those depends on something it should not.
 */
export function secondTry(first: Report, second: Report): { readonly report: Report; readonly unsteady: string[] } {
  const again = new Map(second.testResults.map((file) => [file.name, file]))
  const testResults = first.testResults.map((file) => again.get(file.name) ?? file)
  const passed = new Set(
    second.testResults.flatMap((file) =>
      file.assertionResults.filter((test) => test.status === 'passed').map((test) => `${file.name} ${test.fullName}`),
    ),
  )
  const unsteady = first.testResults.flatMap((file) =>
    failedIn(file)
      .map((test) => `${file.name} ${test.fullName}`)
      .filter((name) => passed.has(name))
      .concat(isBroken(file) && again.get(file.name)?.status === 'passed' ? [file.name] : []),
  )
  const replaced = first.testResults.filter((file) => again.has(file.name))
  const moved = (status: string) =>
    second.testResults.reduce((n, file) => n + heldIn(file, status), 0) -
    replaced.reduce((n, file) => n + heldIn(file, status), 0)
  return {
    report: {
      ...first,
      testResults,
      numPassedTests: first.numPassedTests + moved('passed'),
      numFailedTests: first.numFailedTests + moved('failed'),
      numPendingTests: first.numPendingTests + moved('pending') + moved('skipped'),
    },
    unsteady,
  }
}

/** The last line of a test run. */
export function summary({ passed, failed, skipped }: Count): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
