import { describe, expect, it } from 'vitest'
import { permissionsOf } from './permissions.ts'
import { type Role, type ScopeName, widestScope } from './roles.ts'
import { beyond } from './key-rule.ts'

const person = (roles: readonly Role[], settings: Record<string, ScopeName> = {}) => ({
  permissions: permissionsOf(roles),
  scope: widestScope(roles, settings),
})
type Row = [string, readonly Role[], readonly string[], readonly string[]]

describe('who can answer for a key', () => {
  it.each<Row>([
    ['an administrator not for reading cases', ['administrator'], ['complaint.read'], ['complaint.read']],
    ['nor for mail that went out, though it is shown to them', ['administrator'], ['outbox.read'], ['outbox.read']],
    ['but for a form that brings complaints in', ['administrator'], ['complaint.create', 'attachment.upload'], []],
    ['a lead for what a lead does', ['team_lead'], ['complaint.read', 'complaint.answer', 'customer.read'], []],
    ['a small shop alone for everything', ['administrator', 'team_lead'], ['complaint.read', 'customer.read'], []],
    ['an auditor for reading', ['compliance_auditor'], ['complaint.read'], []],
    ['not for answering', ['compliance_auditor'], ['complaint.read', 'complaint.answer'], ['complaint.answer']],
    ['a handler, who sees a team, not for the whole house', ['handler'], ['complaint.read'], ['complaint.read']],
  ])('%s', (_, roles, wanted, lacking) => expect(beyond(person(roles), wanted, 'organisation')).toEqual(lacking))

  it('a key that sees no more than a team can be answered for by who sees one', () =>
    expect(beyond(person(['handler']), ['complaint.read'], 'team')).toEqual([]))
})
