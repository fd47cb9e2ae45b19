import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { record, startWorld, type Who, type World } from '../../test/world/world.ts'
import { verifyComplaint } from '../audit/index.ts'
import { publicActor } from '../people/index.ts'
import { complainantActs } from '../complaints/index.ts'

// An answer counts when the complainant was told: by us, or by somebody who says how.

let world: World
beforeAll(async () => {
  world = await startWorld({ env: { SMTP_URL: 'smtp://127.0.0.1:9/?from=care@harbour.example' } })
})
afterAll(() => world.stop())

type Clock = { kind: string; state: string }

async function taken(body: object = {}) {
  const made = await record(world, body)
  const { id } = made
  let { version } = made
  const step = async (path: string, given: object = {}, who: Who = 'lead') => {
    const reply = await world.as(who)('POST', `/api/v1/complaints/${id}/${path}`, { version, ...given })
    if (reply.statusCode === 200) version = reply.json().version
    return reply.json()
  }
  const page = async () => (await world.as('lead')('GET', `/api/v1/complaints/${id}`)).json()
  const clock = async (kind: string) => ((await page()).clocks as Clock[]).find((c) => c.kind === kind)?.state
  const findings = async () =>
    ((await page()).points as { id: string }[]).map((p) => ({ pointId: p.id, finding: 'upheld' }))
  const way = async () => (await world.as('lead')('GET', `/api/v1/complaints/${id}/reach`)).json().way
  const said = async () =>
    (await page()).timeline.filter((i: { direction?: string }) => i.direction === 'out') as {
      body: string
      channel: string
      visibility: string
      outbox: { state: string } | null
    }[]
  const verified = () =>
    world.app.db.withScope({ org: world.home.org, scope: 'organisation' }, (tx) =>
      verifyComplaint(tx, world.home.org, id),
    )
  return { id, step, page, clock, findings, way, said, verified }
}

describe('an answer to somebody we cannot write to', () => {
  it.each(['phone', 'letter', 'store_visit', 'voicemail'])('who came by %s does not count untold', async (channel) => {
    const it = await taken({ channel, complainant: { name: '吳先生', phone: '0912 345 678' } })
    expect(await it.way()).toBe('none')
    const refused = { code: 'replies.no-way-to-reach', facts: { channel } }
    expect(await it.step('replies', { text: '您好' })).toMatchObject(refused)
    const decision = { decision: true, outcomeCode: 'O1', findings: await it.findings() }
    expect(await it.step('replies', { text: '退款', ...decision })).toMatchObject(refused)
    expect(await it.clock('first_reply')).toBe('running')
    expect(await it.said()).toEqual([])
    expect(await it.step('replies', { text: '退款', told: channel, ...decision })).toMatchObject({ state: 'responded' })
    expect(await it.said()).toMatchObject([{ channel, outbox: null }])
  })

  it('counts in the portal where they wrote to us there, or are said to look', async () => {
    const it = await taken()
    await world.app.db.withScope({ org: world.home.org, scope: 'none' }, (tx) => {
      const actor = publicActor({ id: world.home.org, slug: 'harbour', no: 1 }, 'portal')
      const ctx = { tx, actor, now: world.clock.now, afterCommit: () => undefined }
      return complainantActs(world.app, ctx, it.id, { kind: 'append', text: '補充照片' })
    })
    expect(await it.way()).toBe('portal')
    const { version } = (await it.page()).complaint
    expect(await it.step('replies', { version, text: '收到' })).toMatchObject({ state: 'acknowledged' })
    const other = await taken({ mode: 'anonymous' })
    expect(await other.step('replies', { text: '收到', told: 'portal' })).toMatchObject({ version: 2 })
    expect(await other.said()).toMatchObject([{ channel: 'portal', outbox: { state: 'waiting' } }])
  })

  it('goes by mail where there is an address; nobody else learns which way', async () => {
    const it = await taken({ complainant: { name: '吳', mail: 'wu@customer.example' } })
    expect(await it.way()).toBe('email')
    expect(await it.step('replies', { text: '收到' })).toMatchObject({ version: 2 })
    expect((await world.as('xiu')('GET', `/api/v1/complaints/${it.id}/reach`)).statusCode).toBe(404)
    expect((await world.as('lead', 'neighbour')('GET', `/api/v1/complaints/${it.id}/reach`)).statusCode).toBe(404)
  })

  it('says to which address it would go and from which, to those who may know it', async () => {
    const complainant = { name: '許', mail: 'hsu@customer.example' }
    const sending = async (id: string, who: Who = 'lead') =>
      (await world.as(who)('GET', `/api/v1/complaints/${id}/reach`)).json().sending
    const from = 'care@harbour.example'
    const named = await taken({ complainant })
    expect(await sending(named.id, 'mei')).toEqual({
      mails: [{ to: 'hsu@customer.example', from }],
      more: 0,
      noMail: null,
    })
    const kept = await taken({ complainant, mode: 'confidential' })
    expect((await sending(kept.id)).mails).toEqual([{ to: 'hsu@customer.example', from }])
    expect((await sending(kept.id, 'mei')).mails).toEqual([{ to: null, from }])
    const none = async (body: object) => (await sending((await taken(body)).id)).noMail
    expect(await none({ complainant: { name: '吳', phone: '0912 345 678' } })).toBe('no-address')
    expect(await none({ mode: 'anonymous' })).toBe('anonymous')
  })

  it('is said of questions and of the last word of stage 2 too', async () => {
    const it = await taken()
    const ask = { of: 'customer', text: '請問訂單編號？' }
    expect(await it.step('information-request', ask)).toMatchObject({ code: 'replies.no-way-to-reach' })
    expect(await it.step('information-request', { ...ask, told: 'phone' })).toMatchObject({ state: 'awaiting_info' })
    await it.step('resumption')
    await it.step('replies', {
      text: '不成立',
      told: 'phone',
      decision: true,
      outcomeCode: 'O3',
      findings: await it.findings(),
    })
    await it.step('review', { reason: '不服' })
    const word = { outcomeCode: 'O1', text: '成立' }
    expect(await it.step('final-decision', word, 'reviewer')).toMatchObject({ code: 'replies.no-way-to-reach' })
    expect(await it.step('final-decision', { ...word, told: 'phone' }, 'reviewer')).toMatchObject({ state: 'final' })
    expect(await it.verified()).toMatchObject({ ok: true })
  })
})

describe('an acknowledgement', () => {
  it('is proven by its words, or by who told them how', async () => {
    const it = await taken({ channel: 'letter', complainant: { name: '吳' } })
    expect(await it.step('acknowledgement')).toMatchObject({ code: 'complaints.acknowledgement-unproven' })
    expect(await it.step('acknowledgement', { text: '收到了' })).toMatchObject({ code: 'replies.no-way-to-reach' })
    expect(await it.step('acknowledgement', { told: 'pigeon' })).toMatchObject({ code: 'intake.unknown-channel' })
    expect(await it.clock('acknowledge')).toBe('running')
    expect(await it.step('acknowledgement', { told: 'phone' })).toMatchObject({ state: 'acknowledged' })
    const told = (await it.page()).timeline.find((i: { type?: string }) => i.type === 'acknowledged')
    expect(told.facts).toMatchObject({ how: 'said', told: 'phone' })
  })
})

describe('redirecting', () => {
  it('tells the complainant to whom, before any date is given up', async () => {
    const it = await taken()
    const to = { to: '台灣電力公司', reason: '不歸我們' }
    expect(await it.step('redirection', to)).toMatchObject({ code: 'request.invalid' })
    expect(await it.step('redirection', { ...to, text: '請洽台電 1911' })).toMatchObject({
      code: 'replies.no-way-to-reach',
    })
    expect(await it.clock('statutory')).toBe('running')
    const done = await it.step('redirection', { ...to, text: '請洽台電 1911', told: 'phone' })
    expect(done).toMatchObject({ state: 'redirected' })
    expect(await it.said()).toMatchObject([{ body: '請洽台電 1911', channel: 'phone', visibility: 'public' }])
    expect(await it.clock('first_reply')).toBe('met')
    expect(await it.clock('statutory')).toBe('cancelled')
    expect(await it.verified()).toMatchObject({ ok: true })
  })
})

describe('an authority', () => {
  const authority = { body: '消保官', number: '府消字 42', sender: '林', askedFor: '2026-03-20T09:00:00Z' }

  it('is answered by an answer to it, not by one to the complainant, and the other way round', async () => {
    const it = await taken({ authority, channel: 'regulator_referral' })
    expect(await it.clock('authority')).toBe('running')
    const decision = { decision: true, outcomeCode: 'O1', findings: await it.findings() }
    await it.step('replies', { text: '退款', told: 'phone', ...decision })
    expect(await it.clock('authority')).toBe('running')
    const close = { reasonCode: 'C2', summary: '已退款' }
    expect(await it.step('closure', close)).toMatchObject({ code: 'complaints.authority-not-answered' })
    const letter = { to: 'authority', text: '檢送處理情形' }
    expect(await it.step('replies', letter)).toMatchObject({ code: 'request.invalid' })
    expect(await it.step('replies', { ...letter, told: 'letter' })).toMatchObject({ state: 'responded' })
    expect(await it.clock('authority')).toBe('met')
    expect((await it.said()).at(-1)).toMatchObject({ channel: 'letter', visibility: 'internal', outbox: null })
    await it.step('confirmation', { stance: 'accepted' })
    expect(await it.step('closure', close)).toMatchObject({ state: 'closed' })
    const event = (await it.page()).timeline.find((i: { type?: string }) => i.type === 'authority_answered')
    expect(event.facts.told).toBe('letter')
    expect(await it.verified()).toMatchObject({ ok: true })
  })

  it.each([
    ['withdrawal', { reason: '當事人說算了' }, 'withdrawn'],
    ['redirection', { to: '台灣電力公司', text: '請洽台電 1911', told: 'phone' }, 'redirected'],
  ])('waits for its answer also before a %s', async (path, command, state) => {
    const it = await taken({ authority, channel: 'regulator_referral' })
    expect(await it.step(path, command)).toMatchObject({ code: 'complaints.authority-not-answered' })
    expect(await it.clock('authority')).toBe('running')
    await it.step('replies', { to: 'authority', text: '檢送處理情形', told: 'letter' })
    expect(await it.step(path, command)).toMatchObject({ state })
    expect(await it.clock('authority')).toBe('met')
  })

  it('answered first leaves the first reply to the complainant owed', async () => {
    const it = await taken({ authority, channel: 'regulator_referral' })
    await it.step('replies', { to: 'authority', text: '已收文', told: 'letter' })
    expect(await it.clock('first_reply')).toBe('running')
    expect((await it.page()).complaint.firstReplyAt).toBeNull()
    const shown = await world.app.db.withScope({ org: world.home.org, scope: 'organisation' }, (tx) =>
      tx.rows(
        sql`select 1 from message where org_id = ${world.home.org} and complaint_id = ${it.id} and direction = 'out' and visibility = 'public'`,
      ),
    )
    expect(shown).toEqual([])
  })

  it('that asked nothing here cannot be answered', async () => {
    const it = await taken()
    expect(await it.step('replies', { to: 'authority', text: 'x', told: 'letter' })).toMatchObject({
      code: 'complaints.no-authority',
    })
  })
})
