import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { record, startWorld, type World } from '../../test/world/world.ts'

// What is given in confidence stays with intake, leads and auditors; what is restricted stays with those named.

let world: World
beforeAll(async () => {
  world = await startWorld({ env: { SMTP_URL: 'smtp://127.0.0.1:9' } })
})
afterAll(() => world.stop())

const page = async (who: 'mei' | 'lead', id: string) => (await world.as(who)('GET', `/api/v1/complaints/${id}`)).json()

describe('a confidential complainant', () => {
  it('is named to the lead and to no handler: page, outbox, suggestions', async () => {
    const person = { name: '林小姐', mail: 'lin@example.com' }
    const named = await record(world, { text: '第一件', complainant: person })
    const kept = await record(world, {
      text: '另外一件事',
      mode: 'confidential',
      complainant: person,
      onBehalfOf: '林媽媽',
    })
    await world.as('mei')('POST', `/api/v1/complaints/${kept.id}/replies`, { version: 1, text: '已收到' })
    const seen = await page('mei', kept.id)
    expect(seen.customer).toBeNull()
    expect(seen.suggestions.map((s: { id: string }) => s.id)).not.toContain(named.id)
    expect(JSON.stringify(seen)).not.toMatch(/林|lin@/)
    expect((await page('lead', kept.id)).customer).toMatchObject({ name: '林小姐' })
    const outbox = await world.as('mei')('GET', '/api/v1/outbox')
    expect(outbox.body).not.toContain('lin@example.com')
  })

  it('anonymous: nothing that identifies is kept, in the raw item neither', async () => {
    const made = await record(world, {
      mode: 'anonymous',
      complainant: { name: '王先生', phone: '0911222333' },
      onBehalfOf: '王太太',
    })
    const { rows } = await world.app.systemDb.pool.query(
      'select convert_from(raw, $2) as raw from inbound_item where complaint_id = $1',
      [made.id, 'UTF8'],
    )
    expect(rows[0].raw).not.toMatch(/王|0911222333/)
  })
})

describe('an answer', () => {
  it('goes to the address given with this complaint, whoever else gave the same number', async () => {
    const phone = '0922 555 666'
    await record(world, { complainant: { name: '甲', phone, mail: 'first@example.com' } })
    const mine = await record(world, { complainant: { name: '乙', phone, mail: 'second@example.com' } })
    await world.as('mei')('POST', `/api/v1/complaints/${mine.id}/replies`, { version: 1, text: '您好' })
    const { rows } = await world.app.systemDb.pool.query('select recipient from outbox where complaint_id = $1', [
      mine.id,
    ])
    expect(rows).toEqual([{ recipient: 'second@example.com' }])
  })
})

describe('the name of a complainant', () => {
  it('is not told to those who may not know customers, in no list, page, search or answer', async () => {
    const made = await record(world, { complainant: { name: '黃佩君', phone: '0911222333' }, text: '鍋蓋裂了' })
    const seen = async (who: 'qa' | 'improver' | 'mei') => {
      const as = world.as(who)
      const bodies = await Promise.all(
        [`/complaints/${made.id}`, '/complaints?limit=100', `/search?q=${encodeURIComponent('鍋蓋')}`].map(
          async (path) => (await as('GET', `/api/v1${path}`)).body,
        ),
      )
      return bodies.map((body) => [body.includes(made.id), body.includes('黃佩君')])
    }
    expect(await seen('mei')).toEqual([
      [true, true],
      [true, true],
      [true, true],
    ])
    for (const who of ['qa', 'improver'] as const)
      expect(await seen(who), who).toEqual([
        [true, false],
        [true, false],
        [true, false],
      ])
  })
})

describe('the receipt code', () => {
  it('is not told to staff who may not see the complaint, by sending the same item again', async () => {
    const made = await record(world, {
      channel: 'letter',
      externalId: 'letter-9',
      subjectStaffIds: [world.home.staff.mei],
    })
    const again = await world.as('mei')('POST', '/api/v1/complaints', {
      channel: 'letter',
      externalId: 'letter-9',
      text: 'x',
    })
    expect(again.statusCode).toBe(409)
    expect(again.body).not.toContain(String(made.secret))
  })
})

describe('the process', () => {
  it('what waits for approval is not decided past the approver', async () => {
    const made = await record(world)
    const step = async (who: 'mei' | 'approver', path: string, version: number, body: object = {}) =>
      (await world.as(who)('POST', `/api/v1/complaints/${made.id}/${path}`, { version, ...body })).json()
    await step('mei', 'assignment', 1, { ownerId: world.home.staff.mei })
    await step('mei', 'proposal', 2, { remedyCode: 'A3', text: '退款' })
    await step('mei', 'approval-request', 3)
    expect(await step('mei', 'decision', 4, { outcomeCode: 'O1' })).toMatchObject({ code: 'complaints.not-now' })
    expect(await step('approver', 'approval', 4, { approved: true })).toMatchObject({ state: 'approved' })
  })

  it('a withdrawal taken back runs under the dates of the law it had', async () => {
    const made = await record(world)
    await world.as('mei')('POST', `/api/v1/complaints/${made.id}/withdrawal`, { version: 1, reason: '誤按' })
    await world.as('mei')('POST', `/api/v1/complaints/${made.id}/reopening`, { version: 2, reason: '誤按，繼續' })
    const clocks = (await page('lead', made.id)).clocks as { kind: string; state: string }[]
    expect(clocks.filter((c) => c.kind === 'statutory')).toMatchObject([{ state: 'running' }])
  })
})

describe('a restriction', () => {
  type Named = { access: { id: string }[]; timeline: { type?: string; facts?: Record<string, unknown> }[] }
  const restricted = async (staffIds: string[], who: 'mei' | 'intake' = 'mei', body: object = {}) => {
    const { id, version } = await record(world, body)
    const asked = { version, confidentiality: 'secret', staffIds, reason: '' }
    const reply = await world.as(who)('POST', `/api/v1/complaints/${id}/restriction`, asked)
    expect(reply.statusCode).toBe(200)
    return id
  }
  const seenBy = async (who: 'mei' | 'lead' | 'auditor' | 'reviewer' | 'intake', id: string) =>
    (await world.as(who)('GET', `/api/v1/complaints/${id}`)).statusCode

  it('by a handler that names nobody responsible keeps the lead of the team, and says so', async () => {
    const { staff } = world.home
    const id = await restricted([staff.specialist])
    expect(await seenBy('lead', id)).toBe(200)
    expect(await seenBy('reviewer', id)).toBe(404)
    const { access, timeline } = (await page('lead', id)) as Named
    expect(access.map((p) => p.id).sort()).toEqual([staff.mei, staff.specialist, staff.lead].sort())
    expect(timeline.find((e) => e.type === 'restricted')?.facts).toMatchObject({ keeperStaff: [staff.lead] })
  })

  it('that names a compliance auditor needs no other; about the only lead, others keep it', async () => {
    const { staff } = world.home
    const named = await restricted([staff.auditor])
    expect([await seenBy('lead', named), await seenBy('auditor', named)]).toEqual([404, 200])
    const about = await restricted([], 'mei', { subjectStaffIds: [staff.lead] })
    expect([await seenBy('lead', about), await seenBy('reviewer', about)]).toEqual([404, 200])
  })

  it('keeps somebody responsible when the lead who kept it is named as its subject', async () => {
    const { staff } = world.home
    const id = await restricted([])
    const { version } = ((await page('mei', id)) as { complaint: { version: number } }).complaint
    await world.as('mei')('POST', `/api/v1/complaints/${id}/subjects`, { version, staffIds: [staff.lead] })
    expect([await seenBy('lead', id), await seenBy('reviewer', id)]).toEqual([404, 200])
  })

  it('is set by intake too, which names whom it is about: they do not see it', async () => {
    const { staff } = world.home
    const id = await restricted([], 'intake')
    const { version } = (await world.as('intake')('GET', `/api/v1/complaints/${id}`)).json().complaint
    const body = { version, staffIds: [staff.mei] }
    expect((await world.as('intake')('POST', `/api/v1/complaints/${id}/subjects`, body)).statusCode).toBe(200)
    expect([await seenBy('mei', id), await seenBy('lead', id), await seenBy('intake', id)]).toEqual([404, 200, 200])
  })
})
