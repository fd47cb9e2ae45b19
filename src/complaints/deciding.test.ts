import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { record, startWorld, type Who, type World } from '../../test/world/world.ts'
import { verifyComplaint } from '../audit/index.ts'

// Who decides, and that nobody carries out or overrules what was decided otherwise.

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

type Step = readonly [who: Who, path: string, body?: object]

/** A new complaint taken through steps, each with the version the one before left; gives its id and the last answer. */
async function taken(...steps: Step[]) {
  const { id } = await record(world)
  let version = 1
  let last: Record<string, unknown> = {}
  const step = async (who: Who, path: string, body: object = {}) => {
    const reply = await world.as(who)('POST', `/api/v1/complaints/${id}/${path}`, { version, ...body })
    last = reply.json()
    if (reply.statusCode === 200) version = reply.json().version
    return last
  }
  for (const [who, path, body] of steps) {
    await step(who, path, body)
    if (last.code) throw new Error(`${path}: ${JSON.stringify(last)}`)
  }
  const page = async (who: Who = 'lead') => (await world.as(who)('GET', `/api/v1/complaints/${id}`)).json()
  const answer = async (who: Who, outcomeCode: string, finding = 'upheld') => {
    const points = (await page()).points as { id: string }[]
    const findings = points.map((p) => ({ pointId: p.id, finding, answer: '查無紀錄' }))
    return step(who, 'replies', { text: '我們的答覆', told: 'phone', decision: true, outcomeCode, findings })
  }
  const verified = () =>
    world.app.db.withScope({ org: world.home.org, scope: 'organisation' }, (tx) =>
      verifyComplaint(tx, world.home.org, id),
    )
  return { id, step, page, answer, verified }
}

const proposed = (remedyCode: string): Step[] => [
  ['mei', 'investigation'],
  ['mei', 'proposal', { remedyCode, text: '全額退款' }],
  ['mei', 'approval-request'],
]
const declined: Step[] = [...proposed('A3'), ['approver', 'approval', { approved: false, reason: '無此權限' }]]
const approved: Step[] = [...proposed('A3'), ['approver', 'approval', { approved: true }]]

describe('a remedy somebody was asked to approve', () => {
  it('shows whoever approves all that is asked: the words, the sum, the findings, who asks and why', async () => {
    const it = await taken(['mei', 'investigation'])
    const [point] = (await it.page()).points as { id: string }[]
    await it.step('mei', 'findings', {
      findings: [{ pointId: point?.id, finding: 'partly_upheld', answer: '保固內，但外殼有撞痕' }],
    })
    await it.step('mei', 'proposal', {
      remedyCode: 'A3',
      amount: { minor: 128_000, currency: 'TWD' },
      text: '我們將全額退款',
    })
    await it.step('mei', 'approval-request', { reason: '超過我的權限' })
    const page = await it.page('approver')
    expect(page.complaint).toMatchObject({ remedyCode: 'A3', remedyAmount: { minor: 128_000, currency: 'TWD' } })
    expect(page.points[0]).toMatchObject({ finding: 'partly_upheld', answer: '保固內，但外殼有撞痕' })
    const mei = page.timeline.find((i: { type?: string }) => i.type === 'approval_requested').actor.name
    expect(page.proposal).toMatchObject({ text: '我們將全額退款', by: mei, asked: { by: mei, reason: '超過我的權限' } })
    expect(await it.verified()).toMatchObject({ ok: true, problems: [] })
    await it.step('approver', 'approval', { approved: true })
    expect((await it.page()).proposal).toBeNull()
  })

  it('is declined only with a reason', async () => {
    const it = await taken(...proposed('A3'))
    expect(await it.step('approver', 'approval', { approved: false })).toMatchObject({ code: 'request.invalid' })
    expect(await it.step('approver', 'approval', { approved: false, reason: ' ' })).toMatchObject({
      code: 'request.invalid',
    })
    expect((await it.page()).complaint.state).toBe('approval')
  })

  it('is void once declined: neither promised nor carried out', async () => {
    const it = await taken(...declined)
    expect((await it.page()).complaint).toMatchObject({ state: 'investigating', remedyCode: null })
    expect(await it.answer('mei', 'O1')).toMatchObject({ code: 'complaints.remedy-not-approved' })
    await it.step('mei', 'decision', {
      outcomeCode: 'O1',
      findings: [{ pointId: (await it.page()).points[0].id, finding: 'upheld' }],
    })
    expect(await it.step('mei', 'remedy', { remedyCode: 'A3' })).toMatchObject({
      code: 'complaints.remedy-not-approved',
    })
    const start = (await it.page('mei')).actions.find((a: { name: string }) => a.name === 'start_remedy')
    expect(start).toMatchObject({ allowed: false, why: 'complaints.remedy-not-approved' })
    expect(await it.verified()).toMatchObject({ ok: true })
  })

  it('does not stop an answer that grants nothing', async () => {
    const it = await taken(...declined)
    expect(await it.answer('mei', 'O3', 'not_upheld')).toMatchObject({ state: 'responded' })
  })

  it('needs an approval of its own when it is proposed again', async () => {
    const it = await taken(...declined, ['mei', 'proposal', { remedyCode: 'A8', text: '折價券' }])
    expect(await it.answer('mei', 'O1')).toMatchObject({ code: 'complaints.remedy-not-approved' })
    await it.step('mei', 'approval-request')
    await it.step('approver', 'approval', { approved: true })
    expect(await it.answer('mei', 'O1')).toMatchObject({ state: 'responded' })
    expect(await it.step('mei', 'remedy')).toMatchObject({ state: 'remedy_in_progress' })
    expect((await it.page()).complaint.remedyCode).toBe('A8')
  })

  it('is carried out as approved, not as another one', async () => {
    const it = await taken(...approved)
    expect(await it.step('mei', 'remedy', { remedyCode: 'A6' })).toMatchObject({
      code: 'complaints.remedy-not-approved',
    })
    expect(await it.step('mei', 'remedy', { remedyCode: 'A13' })).toMatchObject({ code: 'complaints.other-remedy' })
    expect(await it.step('mei', 'remedy', { remedyCode: 'A3' })).toMatchObject({ state: 'remedy_in_progress' })
  })

  it('changed after approval is to be approved again', async () => {
    const it = await taken(...approved, ['mei', 'proposal', { remedyCode: 'A6', text: '另加賠償' }])
    expect(await it.answer('mei', 'O1')).toMatchObject({ code: 'complaints.remedy-not-approved' })
  })

  it('is not needed for words, and for money it is although nobody was asked', async () => {
    const it = await taken(['mei', 'investigation'], ['mei', 'proposal', { remedyCode: 'A1', text: '致歉' }])
    expect(await it.answer('mei', 'O1')).toMatchObject({ state: 'responded' })
    expect(await it.step('mei', 'remedy', { remedyCode: 'A8' })).toMatchObject({
      code: 'complaints.remedy-not-approved',
    })
    expect(await it.step('mei', 'remedy', { remedyCode: 'A13' })).toMatchObject({ state: 'remedy_in_progress' })
  })

  it('is of the sum that was proposed, and of no more', async () => {
    const twd = (minor: number) => ({ minor, currency: 'TWD' })
    const it = await taken(
      ['mei', 'investigation'],
      ['mei', 'proposal', { remedyCode: 'A3', amount: twd(80_000), text: '退款' }],
      ['mei', 'approval-request'],
      ['approver', 'approval', { approved: true }],
    )
    await it.answer('mei', 'O1')
    expect(await it.step('mei', 'remedy', { amount: twd(80_001) })).toMatchObject({
      code: 'complaints.remedy-not-approved',
    })
    expect(await it.step('mei', 'remedy', { amount: twd(80_000) })).toMatchObject({ state: 'remedy_in_progress' })
    expect((await it.page()).complaint).toMatchObject({ remedyAmount: twd(80_000), approval: 'approved' })
    expect(await it.verified()).toMatchObject({ ok: true })
  })
})

/** Answered by 美琳, looked at again and decided by the reviewer. */
async function final(body: object = {}) {
  const it = await taken(['mei', 'investigation'])
  await it.answer('mei', 'O3', 'not_upheld')
  await it.step('mei', 'review', { reason: '不服' })
  const reply = await it.step('reviewer', 'final-decision', { outcomeCode: 'O1', text: '成立', told: 'phone', ...body })
  return { ...it, reply }
}

describe('what stage 2 decided', () => {
  it('is not taken up again by who decided at stage 1, nor by just anybody', async () => {
    const it = await final()
    for (const [who, code] of [
      ['mei', 'complaints.after-final'],
      ['specialist', 'complaints.after-final'],
      ['intake', 'complaints.after-final'],
      ['reviewer', 'complaints.own-decision'],
    ] as const)
      expect(await it.step(who, 'reopening', { reason: '再看' }), who).toMatchObject({ code })
    const reopen = (await it.page('mei')).actions.find((a: { name: string }) => a.name === 'reopen')
    expect(reopen).toMatchObject({ allowed: false, why: 'complaints.after-final' })
    expect(await it.step('lead', 'reopening', { reason: '新證據' })).toMatchObject({ state: 'investigating' })
  })

  it('is answered anew only by a reviewer or lead who decided nothing here before', async () => {
    const it = await final()
    await it.step('lead', 'reopening', { reason: '新證據' })
    const point = (await it.page()).points[0].id
    const findings = [{ pointId: point, finding: 'not_upheld', answer: '保固外' }]
    expect(await it.answer('mei', 'O3')).toMatchObject({ code: 'complaints.after-final' })
    expect(await it.step('mei', 'decision', { outcomeCode: 'O3', findings })).toMatchObject({
      code: 'complaints.after-final',
    })
    expect(await it.step('mei', 'findings', { findings })).toMatchObject({ code: 'complaints.after-final' })
    expect(await it.answer('reviewer', 'O3')).toMatchObject({ code: 'complaints.own-decision' })
    await it.step('lead', 'decision', { outcomeCode: 'O2', findings })
    expect(await it.answer('lead', 'O2', 'partly_upheld')).toMatchObject({ state: 'responded' })
    expect(await it.verified()).toMatchObject({ ok: true })
  })

  it('has findings of its own on the points', async () => {
    const it = await taken(['mei', 'investigation'])
    await it.answer('mei', 'O3', 'not_upheld')
    await it.step('mei', 'review', { reason: '不服' })
    const [point] = (await it.page()).points
    const findings = [{ pointId: point.id, finding: 'upheld', answer: '鑑定報告支持' }]
    const stageOne = await it.step('mei', 'findings', { findings })
    expect(stageOne).toMatchObject({ code: 'complaints.after-final' })
    const reply = await it.step('reviewer', 'final-decision', {
      outcomeCode: 'O1',
      text: '成立',
      told: 'phone',
      findings,
    })
    expect(reply).toMatchObject({ state: 'final' })
    const page = await it.page()
    expect(page.points[0]).toMatchObject({ finding: 'upheld', answer: '鑑定報告支持' })
    const event = page.timeline.find((i: { type?: string }) => i.type === 'finalised')
    expect(event.facts).toMatchObject({ stage: 2, findings: [{ pointId: point.id, finding: 'upheld' }] })
    expect(await it.verified()).toMatchObject({ ok: true })
  })

  it('stays open until what it granted is carried out, and then ends as final', async () => {
    const it = await final({ remedyCode: 'A13' })
    expect(it.reply).toMatchObject({ state: 'remedy_in_progress' })
    expect((await it.page()).complaint).toMatchObject({ open: true, closedAt: null })
    expect((await it.page()).complaint.finalAt).not.toBeNull()
    expect(await it.step('mei', 'remedy', { remedyCode: 'A1' })).toMatchObject({ code: 'complaints.other-remedy' })
    expect(await it.step('mei', 'remedy')).toMatchObject({ state: 'remedy_in_progress' })
    expect(await it.step('mei', 'remedy-completion', { evidence: '公告 0042' })).toMatchObject({ state: 'follow_up' })
    await it.step('mei', 'confirmation', { stance: 'accepted' })
    expect(await it.step('mei', 'closure', { reasonCode: 'C1', summary: '依覆核結果辦理' })).toMatchObject({
      state: 'final',
    })
    expect(await it.verified()).toMatchObject({ ok: true })
    const without = await final()
    expect(await without.step('mei', 'remedy')).toMatchObject({ code: 'complaints.no-remedy' })
  })

  it('is money only when somebody else has approved it', async () => {
    const amount = { minor: 50_000, currency: 'TWD' }
    const it = await final({ remedyCode: 'A6', amount })
    expect(it.reply).toMatchObject({ code: 'complaints.remedy-not-approved' })
    await it.step('reviewer', 'proposal', { remedyCode: 'A6', amount, text: '賠償' })
    expect(await it.step('reviewer', 'approval-request')).toMatchObject({ state: 'review' })
    expect(await it.step('approver', 'approval', { approved: true })).toMatchObject({ state: 'review' })
    const granting = { outcomeCode: 'O1', text: '成立', told: 'phone', remedyCode: 'A6', amount }
    expect(await it.step('reviewer', 'final-decision', granting)).toMatchObject({ state: 'remedy_in_progress' })
    expect(await it.verified()).toMatchObject({ ok: true })
  })
})
