import { describe, expect, it } from 'vitest'
import { fromAuthority } from '../../channels/domain/index.ts'
import { severityOf } from './severity.ts'

describe('severity', () => {
  it.each([
    ['a small thing is low', 2, 2, [], {}, 'low', []],
    ['a letter of an authority is high, whatever it is about', 1, 1, [], { authority: true }, 'high', ['authority']],
    ['an authority does not lower what is critical', 5, 5, [], { authority: true }, 'critical', []],
    [
      'somebody hurt, as told at intake, is critical',
      2,
      2,
      ['safety'],
      { asTold: true },
      'critical',
      ['hurt-or-danger'],
    ],
    ['once weighed, a safety matter is at least high', 2, 2, ['safety'], {}, 'high', ['safety']],
    ['an injury is critical also when weighed', 5, 1, ['safety'], {}, 'critical', ['injury']],
  ])('%s', (_title, impact, likelihood, flags, circumstances, severity, lifted) => {
    const given = severityOf(impact, likelihood, flags, circumstances)
    expect(given.severity).toBe(severity)
    expect(given.why.lifted).toEqual(lifted)
  })

  it.each(['regulator_referral', 'ombudsman', '1950', '12315', '12345', 'cfpb'])('%s is an authority', (channel) =>
    expect(fromAuthority(channel)).toBe(true),
  )
})
