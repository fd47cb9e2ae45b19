import { describe, expect, it } from 'vitest'
import { apply } from './state.ts'
import { Case, hour } from './case-world.ts'
import { withDates } from './decide/dates.ts'
import { event } from './event.ts'

// What whoever answers for complaints relies on: nobody is lost sight of, and nobody pays, decides or ends alone.

const twd = (minor: number) => ({ minor, currency: 'TWD' })
const proposed = (remedyCode = 'A3', minor?: number) => {
  const c = new Case()
  const amount = minor === undefined ? {} : { amount: twd(minor) }
  return c.do('mei', 'investigate', {}).do('mei', 'propose', { remedyCode, ...amount, spoken: c.spoken() })
}
const approvedFor = (minor: number) =>
  proposed('A3', minor).do('mei', 'request_approval', {}).do('lead', 'approve', { approved: true })
const inReview = () => {
  const c = new Case()
  return c
    .answer('mei', 'O3', 'not_upheld')
    .do('complainant', 'request_review', { reasonHash: 'h', reviewer: null, keepers: [] })
}
const final = (c: Case, remedyCode?: string, amount?: ReturnType<typeof twd>) => ({
  outcomeCode: 'O1',
  findings: c.findings(),
  spoken: c.spoken(),
  remedyCode,
  amount,
})

describe('what stage 2 grants', () => {
  it('stays open until it is carried out, and ends as final', () => {
    const c = inReview()
    const answered = c.state.respondedAt
    c.later(hour).do('rui', 'finalise', final(c, 'A13'))
    expect(c.state).toMatchObject({ state: 'remedy_in_progress', open: true, closedAt: null, finalAt: c.now })
    expect(c.state.respondedAt).toBe(answered)
    expect(c.may('mei', 'start_remedy')).toBe(true)
    c.do('mei', 'start_remedy', {}).do('mei', 'finish_remedy', { evidence: c.spoken() })
    expect(c.state).toMatchObject({ state: 'follow_up', open: true })
    c.do('mei', 'confirm', { stance: 'accepted' }).do('mei', 'close', { reasonCode: 'C1', summary: c.written() })
    expect(c.state).toMatchObject({ state: 'final', open: false, closedAt: c.now })
  })

  it('is final at once where nothing is left to do', () => {
    for (const remedyCode of [undefined, 'A1', 'A14']) {
      const c = inReview()
      c.do('rui', 'finalise', final(c, remedyCode))
      expect(c.state).toMatchObject({ state: 'final', open: false })
    }
  })

  it('keeps open what stage 1 had promised and not done', () => {
    const c = approvedFor(1000).answer().do('mei', 'start_remedy', {})
    c.do('complainant', 'request_review', { reasonHash: 'h', reviewer: null, keepers: [] })
    c.do('rui', 'finalise', final(c))
    expect(c.state).toMatchObject({ state: 'remedy_in_progress', remedyCode: 'A3' })
  })

  it('leaves stage 1 nothing to decide while it is carried out', () => {
    const c = inReview()
    c.do('rui', 'finalise', final(c, 'A13'))
    expect(c.may('mei', 'find')).toBe('complaints.after-final')
    expect(c.may('mei', 'propose')).toBe('complaints.after-final')
    expect(c.may('complainant', 'request_review')).toBe('complaints.after-final')
  })

  it('is money only when another person has approved it', () => {
    const c = inReview()
    expect(c.try('rui', 'finalise', final(c, 'A3', twd(500)))).toBe('complaints.remedy-not-approved')
    expect(c.may('mei', 'propose')).toBe('complaints.after-final')
    c.do('rui', 'propose', { remedyCode: 'A3', amount: twd(500), spoken: c.spoken() })
    c.do('rui', 'request_approval', {})
    expect(c.state.state).toBe('review')
    expect(c.may('lead', 'approve')).toBe(true)
    c.do('chief', 'approve', { approved: true })
    expect(c.try('rui', 'finalise', final(c, 'A3', twd(600)))).toBe('complaints.remedy-not-approved')
    c.do('rui', 'finalise', final(c, 'A3', twd(500)))
    expect(c.state).toMatchObject({ state: 'remedy_in_progress', remedyAmount: twd(500) })
  })

  it('is never approved by who decided stage 1', () => {
    const c = proposed('A3', 9).do('mei', 'request_approval', {}).do('lead', 'approve', { approved: true }).answer()
    c.do('complainant', 'request_review', { reasonHash: 'h', reviewer: null, keepers: [] })
    c.do('rui', 'propose', { remedyCode: 'A3', amount: twd(500), spoken: c.spoken() }).do('rui', 'request_approval', {})
    expect(c.may('lead', 'approve')).toBe('complaints.own-decision')
    expect(c.may('chief', 'approve')).toBe(true)
  })
})

describe('approval', () => {
  it.each([
    ['the same', 'A3', 1000, undefined],
    ['less of it', 'A3', 900, undefined],
    ['more of it', 'A3', 1001, 'complaints.remedy-not-approved'],
    ['another one that costs', 'A4', undefined, 'complaints.remedy-not-approved'],
    ['another one in words', 'A1', undefined, 'complaints.other-remedy'],
  ])('is of one remedy and its sum: %s', (_, remedyCode, minor, refused) => {
    const c = approvedFor(1000).answer()
    const amount = minor === undefined ? undefined : twd(minor)
    expect(c.try('mei', 'start_remedy', { remedyCode, amount })).toBe(refused)
  })

  it('is not of another currency', () => {
    const c = approvedFor(1000).answer()
    expect(c.try('mei', 'start_remedy', { amount: { minor: 1, currency: 'USD' } })).toBe(
      'complaints.remedy-not-approved',
    )
  })

  it('decides the matter only when every point has its finding', () => {
    const c = approvedFor(1000)
    expect(c.state).toMatchObject({ state: 'approved', decidedAt: null, outcomeCode: null, decidedBy: 'lead' })
    const d = proposed('A3', 10).do('mei', 'decide', { outcomeCode: 'O1', findings: proposed().findings() })
    d.do('mei', 'propose', { remedyCode: 'A3', spoken: d.spoken() }).do('mei', 'request_approval', {})
    expect(d.do('lead', 'approve', { approved: true }).state.state).toBe('decided')
  })

  it('is void when the proposal changes', () => {
    const c = approvedFor(1000)
    c.do('mei', 'propose', { remedyCode: 'A3', amount: twd(5000), spoken: c.spoken() })
    const findings = c.findings()
    const reply = { spoken: c.spoken(), decision: true, outcomeCode: 'O1', findings }
    expect(c.try('mei', 'reply', reply)).toBe('complaints.remedy-not-approved')
    expect(c.may('mei', 'start_remedy')).not.toBe(true)
  })

  it.each([
    ['A3', undefined, 'complaints.remedy-not-approved'],
    ['A4', undefined, 'complaints.remedy-not-approved'],
    ['A3', twd(0), undefined],
    ['A1', undefined, undefined],
    ['A2', undefined, undefined],
  ])('is needed without any proposal, too: %s %o', (remedyCode, amount, refused) => {
    const c = new Case().answer()
    expect(c.try('mei', 'start_remedy', { remedyCode, amount })).toBe(refused)
  })

  it('stops an answer that grants what nobody approved', () => {
    const c = proposed('A3', 1000)
    const findings = c.findings()
    const reply = { spoken: c.spoken(), decision: true, outcomeCode: 'O1', findings }
    expect(c.try('mei', 'reply', reply)).toBe('complaints.remedy-not-approved')
    const d = new Case()
    const granting = { ...reply, findings: d.findings(), remedyCode: 'A6', amount: twd(100) }
    expect(d.try('mei', 'reply', granting)).toBe('complaints.remedy-not-approved')
  })

  it('is asked for after the answer without leaving where the complaint stands', () => {
    const c = new Case().answer()
    c.do('mei', 'propose', { remedyCode: 'A3', amount: twd(10), spoken: c.spoken() }).do('mei', 'request_approval', {})
    expect(c.may('mei', 'request_approval')).toBe('complaints.approval-asked')
    c.do('lead', 'approve', { approved: true }).do('mei', 'start_remedy', {})
    expect(c.state).toMatchObject({ state: 'remedy_in_progress', remedyAmount: twd(10), approvedBy: 'lead' })
  })
})

describe('a withdrawal where somebody may be at risk', () => {
  it.each([
    ['somebody is hurt', { flags: ['safety'] }],
    ['a child', { flags: ['minor'] }],
    ['critical', { impact: 5, likelihood: 5 }],
    ['somebody of ours is complained of', { subjects: ['mei'] }],
    ['kept from most', { confidentiality: 'restricted' }],
  ])('ends nothing: %s', (_, start) => {
    const c = new Case(start)
    c.do('complainant', 'withdraw', { reasonHash: 'h' })
    expect(c.state).toMatchObject({ open: true, state: 'received', withdrawalAskedAt: c.now })
    const left = c.state.clocks.filter((k) => k.settledAt === null).map((k) => k.kind)
    expect(left).toContain('resolve')
    expect(left).not.toContain('first_reply')
    expect(c.may('complainant', 'withdraw')).toBe('complaints.withdrawal-noted')
    expect(c.may('jun', 'withdraw')).toBe('complaints.withdrawal-noted')
    c.do('lead', 'withdraw', { reasonHash: 'why' })
    expect(c.state).toMatchObject({ open: false, state: 'withdrawn', closureCode: 'C4' })
  })

  it('is noted the same when a colleague writes it down', () => {
    const c = new Case({ flags: ['safety'] }).do('jun', 'withdraw', { reasonHash: 'h' })
    expect(c.state).toMatchObject({ open: true, withdrawalAskedAt: c.now })
    expect(c.may('jun', 'contain')).toBe(true)
  })

  it('ends an ordinary complaint at once', () => {
    const c = new Case().do('complainant', 'withdraw', { reasonHash: 'h' })
    expect(c.state).toMatchObject({ open: false, state: 'withdrawn', withdrawalAskedAt: null })
  })
})

describe('a review', () => {
  const person = (id: string, mayReview: boolean) => ({ owner: { id, chain: [id], teams: [], mayReview }, why: {} })

  it('is not given to who decided before, nor to who may not review', () => {
    const c = inReview()
    expect(c.try('lead', 'assign', person('mei', true))).toBe('complaints.own-decision')
    expect(c.try('lead', 'assign', person('jun', false))).toBe('complaints.not-a-reviewer')
    expect(c.try('lead', 'assign', person('rui', true))).toBeUndefined()
  })
})

describe('a finding that is not fully upheld', () => {
  const silently = (c: Case, finding: string) => c.findings(finding).map((f) => ({ ...f, silent: true as const }))

  it.each(['not_upheld', 'partly_upheld', 'no_finding'])('needs a reason: %s', (finding) => {
    const c = new Case({ points: 2 })
    const findings = silently(c, finding)
    expect(c.try('mei', 'find', { findings })).toBe('complaints.reasons-missing')
    expect(c.try('mei', 'decide', { outcomeCode: 'O3', findings })).toBe('complaints.reasons-missing')
    const reply = { spoken: c.spoken(), decision: true, outcomeCode: 'O3', findings }
    expect(c.try('mei', 'reply', reply)).toBe('complaints.reasons-missing')
    const d = inReview()
    expect(d.try('rui', 'finalise', { ...final(d), findings: silently(d, finding) })).toBe('complaints.reasons-missing')
    expect(c.try('mei', 'find', { findings: c.findings(finding) })).toBeUndefined()
  })

  it('may be said without words when it is upheld', () => {
    const c = new Case()
    expect(c.try('mei', 'find', { findings: silently(c, 'upheld') })).toBeUndefined()
  })
})

describe('points', () => {
  it('are corrected, added and taken away, and never numbered twice', () => {
    const c = new Case({ points: 2 })
    expect(c.try('mei', 'edit_point', { pointId: 'p1', words: c.written() })).toBeUndefined()
    c.do('mei', 'remove_point', { pointId: 'p2', reason: c.spoken() })
    expect(c.try('mei', 'remove_point', { pointId: 'p1', reason: c.spoken() })).toBe('complaints.last-point')
    expect(c.try('mei', 'edit_point', { pointId: 'p2', words: c.written() })).toBe('complaints.unknown-point')
    c.do('mei', 'add_point', { point: { id: 'p3', hash: 'h' } })
    expect(c.state.points.map((p) => [p.no, p.gone ?? false])).toEqual([
      [1, false],
      [2, true],
      [3, false],
    ])
    c.answer()
    expect(c.may('mei', 'remove_point')).toBe('complaints.point-decided')
    expect(c.try('mei', 'edit_point', { pointId: 'p1', words: c.written() })).toBe('complaints.point-decided')
  })
})

describe('a closing reason', () => {
  const day = 24 * hour
  const closing = (reasonCode: string) => (c: Case) => c.try('mei', 'close', { reasonCode, summary: c.written() })

  it('"accepted" needs their word', () => {
    const c = new Case().answer()
    expect(closing('C1')(c)).toBe('complaints.acceptance-missing')
    c.do('mei', 'confirm', { stance: 'not_accepted' })
    expect(closing('C1')(c)).toBe('complaints.not-accepted')
    c.do('mei', 'confirm', { stance: 'accepted' })
    expect(closing('C1')(c)).toBeUndefined()
  })

  it('"no answer from them" needs time, a try and no answer', () => {
    const c = new Case().answer()
    expect(closing('C3')(c)).toBe('complaints.silence-too-short')
    c.later(8 * day)
    expect(closing('C3')(c)).toBe('complaints.not-tried')
    c.do('mei', 'try_to_reach', { channel: 'phone' })
    expect(closing('C3')(c)).toBeUndefined()
    const spoken = new Case()
      .answer()
      .later(8 * day)
      .do('mei', 'confirm', { stance: 'not_accepted' })
    expect(closing('C3')(spoken)).toBe('complaints.wrong-closing-reason')
  })
})

describe('a remedy carried out before the answer', () => {
  it('does not take the answer away', () => {
    const c = approvedFor(1000).do('mei', 'start_remedy', {})
    expect(c.may('mei', 'respond')).toBe(true)
    c.answer()
    expect(c.state).toMatchObject({ state: 'remedy_in_progress', respondedAt: c.now })
    expect(c.may('mei', 'respond')).toBe('complaints.not-now')
  })
})

describe('their word on the answer', () => {
  it('counts while the remedy is under way', () => {
    const c = new Case().answer().do('mei', 'start_remedy', { remedyCode: 'A13' })
    c.do('mei', 'confirm', { stance: 'accepted' })
    expect(c.state).toMatchObject({ state: 'remedy_in_progress', stance: 'accepted' })
  })
})

describe('a complaint of before there were two clocks', () => {
  it('gets an answer date once its harm was stopped', () => {
    const c = new Case({ impact: 5, likelihood: 5 })
    const [k] = c.state.clocks.filter((x) => x.kind === 'containment')
    if (!k) throw new Error('no containment')
    const old = { ...k, kind: 'resolve' as const, policy: { key: 'starter', version: 1 } }
    const before = { ...c.state, clocks: [old] }
    const met = { ...old, state: 'met' as const, settledAt: c.now }
    const [contained] = withDates(before, [event('contained', {}, { clocks: [met] })], c.facts('mei'))
    const after = apply(before, 2, contained?.payload.changes ?? {})
    expect(after.clocks.filter((x) => x.settledAt === null).map((x) => x.kind)).toEqual(['next_update', 'resolve'])
  })
})
