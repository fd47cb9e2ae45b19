import { describe, expect, it } from 'vitest'
import { countTests, failedFiles, type Report, secondTry } from './count.ts'

const file = (name: string, tests: Record<string, string>, status?: string): Report['testResults'][number] => ({
  name,
  status: status ?? (Object.values(tests).includes('failed') ? 'failed' : 'passed'),
  assertionResults: Object.entries(tests).map(([fullName, s]) => ({ fullName, status: s })),
})
const reportOf = (...testResults: Report['testResults'][number][]): Report => {
  const count = (status: string) =>
    testResults.flatMap((f) => f.assertionResults).filter((t) => t.status === status).length
  return {
    testResults,
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('pending'),
    numTodoTests: 0,
  }
}

describe('the count of a run', () => {
  const cases: [string, Report | undefined, number, ReturnType<typeof countTests>][] = [
    ['all well', reportOf(file('a', { x: 'passed', y: 'pending' })), 0, { passed: 1, failed: 0, skipped: 1 }],
    ['one failed', reportOf(file('a', { x: 'passed', y: 'failed' })), 1, { passed: 1, failed: 1, skipped: 0 }],
    ['a file that did not load', reportOf(file('a', {}, 'failed')), 1, { passed: 0, failed: 1, skipped: 0 }],
    ['ended badly by itself', reportOf(file('a', { x: 'passed' })), 1, { passed: 1, failed: 1, skipped: 0 }],
    ['no report', undefined, 0, { passed: 0, failed: 1, skipped: 0 }],
  ]
  it.each(cases)('%s', (_name, report, exitCode, count) => {
    expect(countTests(report, exitCode)).toEqual(count)
  })
})

describe('a second try, alone', () => {
  const first = reportOf(
    file('a', { x: 'passed' }),
    file('b', { x: 'passed', y: 'failed', z: 'failed' }),
    file('c', {}, 'failed'),
  )

  it('runs what failed, whatever made it fail', () => {
    expect(failedFiles(first)).toEqual(['b', 'c'])
  })

  it('names what passed this time, and still fails for what did not', () => {
    const second = reportOf(file('b', { x: 'passed', y: 'passed', z: 'failed' }), file('c', { w: 'passed' }))
    const { report, unsteady } = secondTry(first, second)
    expect(unsteady).toEqual(['b y', 'c'])
    expect(countTests(report, 1)).toEqual({ passed: 4, failed: 1, skipped: 0 })
  })

  it('makes the run pass only where everything passed', () => {
    const second = reportOf(file('b', { x: 'passed', y: 'passed', z: 'passed' }), file('c', { w: 'passed' }))
    const { report, unsteady } = secondTry(first, second)
    expect(unsteady).toEqual(['b y', 'b z', 'c'])
    expect(countTests(report, 0)).toEqual({ passed: 5, failed: 0, skipped: 0 })
  })

  it('counts no test as skipped that a hook kept from running at first', () => {
    const hooked = reportOf(file('a', { x: 'pending', y: 'pending' }, 'failed'))
    const { report, unsteady } = secondTry(hooked, reportOf(file('a', { x: 'passed', y: 'pending' })))
    expect(unsteady).toEqual(['a'])
    expect(countTests(report, 0)).toEqual({ passed: 1, failed: 0, skipped: 1 })
  })

  it('does not let a file pass that failed before and is not there', () => {
    const { report } = secondTry(first, reportOf(file('b', { x: 'passed', y: 'passed', z: 'passed' })))
    expect(countTests(report, 0).failed).toBe(1)
  })
})
