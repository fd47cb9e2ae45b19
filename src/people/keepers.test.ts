import { describe, expect, it } from 'vitest'
import { keepersAmong } from './keepers.ts'

const who = (id: string, roles: string, member = false) => ({ id, roles: roles.split(' '), member })
const house = [
  who('lead', 'team_lead handler', true),
  who('other-lead', 'team_lead'),
  who('reviewer', 'stage2_reviewer'),
  who('auditor', 'compliance_auditor'),
  who('handler', 'handler', true),
]
const without = (...ids: string[]) => house.filter((c) => !ids.includes(c.id))

describe('who sees a restricted complaint', () => {
  it.each([
    ['the team’s lead', house, ['lead']],
    ['other seniors where the lead is its subject', without('lead'), ['other-lead', 'reviewer']],
    ['compliance where nobody senior is left', without('lead', 'other-lead', 'reviewer'), ['auditor']],
    ['whoever handles complaints in the smallest house', [who('only', 'handler', true)], ['only']],
  ])('%s', (_, some, named) => expect(keepersAmong(some, false).named).toEqual(named))
})

describe('who sees one about somebody here whom nobody named', () => {
  it.each([
    ['a reviewer apart from the team, and compliance; not the team’s lead', house, ['reviewer', 'auditor']],
    ['the lead of another team where there is no reviewer', without('reviewer'), ['other-lead', 'auditor']],
    [
      'the team’s lead where nobody else could act, beside compliance',
      without('reviewer', 'other-lead'),
      ['lead', 'auditor'],
    ],
    ['the only person there is', [who('only', 'team_lead handler', true)], ['only']],
  ])('%s', (_, some, named) => expect(keepersAmong(some, true).named).toEqual(named))
})
