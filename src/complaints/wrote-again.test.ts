import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ms, record, startWorld, type Who, type World } from '../../test/world/world.ts'
import { verifyComplaint } from '../audit/index.ts'
import { lapseClocks } from '../clocks/jobs.ts'
import { publicActor } from '../people/index.ts'
import { browser } from '../portal/portal-world.ts'
import { complainantActs } from './index.ts'

// What somebody writes to a complaint that has ended is seen by somebody, with a date.

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

type Clock = { kind: string; milestone: string | null; state: string; dueAt: string; endedAt: string | null }
const again = '又漏電了，我的小孩受傷'

async function taken(body: object = {}) {
  const made = await record(world, { channel: 'phone', complainant: { name: '吳', phone: '0912 345 678' }, ...body })
  const { id } = made
  const page = async () => (await world.as('lead')('GET', `/api/v1/complaints/${id}`)).json()
  const step = async (path: string, given: object = {}, who: Who = 'lead') => {
    const { version } = (await page()).complaint
    return (await world.as(who)('POST', `/api/v1/complaints/${id}/${path}`, { version, ...given })).json()
  }
  const answer = async (more: object = {}) => {
    const points = (await page()).points as { id: string }[]
    const findings = points.map((p) => ({ pointId: p.id, finding: 'upheld' }))
    return step('replies', { text: '退款', told: 'phone', decision: true, outcomeCode: 'O1', findings, ...more })
  }
  const close = async () => {
    await answer()
    await step('confirmation', { stance: 'accepted' })
    return step('closure', { reasonCode: 'C1', summary: '已退款' })
  }
  const writes = () =>
    world.app.db.withScope({ org: world.home.org, scope: 'none' }, (tx) => {
      const actor = publicActor({ id: world.home.org, slug: 'harbour', no: 1 }, 'portal')
      const ctx = { tx, actor, now: world.clock.now, afterCommit: () => undefined }
      return complainantActs(world.app, ctx, id, { kind: 'append', text: again })
    })
  const news = async () => ((await page()).clocks as Clock[]).filter((c) => c.kind === 'next_update')
  const allowed = async (who: Who = 'lead') =>
    ((await world.as(who)('GET', `/api/v1/complaints/${id}`)).json().actions as { name: string; allowed: boolean }[])
      .filter((a) => a.allowed)
      .map((a) => a.name)
  const verified = () =>
    world.app.db.withScope({ org: world.home.org, scope: 'organisation' }, (tx) =>
      verifyComplaint(tx, world.home.org, id),
    )
  const { publicRef, secret } = made
  return {
    id,
    reference: String(publicRef),
    secret: String(secret),
    page,
    step,
    answer,
    close,
    writes,
    news,
    allowed,
    verified,
  }
}
const listed = async (query = '') =>
  (await world.as('lead')('GET', `/api/v1/complaints?limit=100&open=true${query}`)).json().items as {
    id: string
    nextClock: string
    nextDueAt: string
  }[]

describe('a message to a closed complaint', () => {
  it('opens it to be looked at: in lists and counts, with a date of one working day, closed when it was closed', async () => {
    const it = await taken()
    await it.step('assignment', { ownerId: world.home.staff.mei })
    expect(await it.close()).toMatchObject({ state: 'closed' })
    const { closedAt } = (await it.page()).complaint
    expect((await listed()).map((c) => c.id)).not.toContain(it.id)
    world.clock.advance(ms.hour)
    await it.writes()
    const after = await it.page()
    expect(after.complaint).toMatchObject({ state: 'wrote_again', endedAs: 'closed', open: true, closedAt })
    expect(after.complaint.owner.id).toBe(world.home.staff.mei)
    expect(await it.news()).toMatchObject([{ milestone: 'wrote_again', state: 'running', endedAt: null }])
    const row = (await listed()).find((c) => c.id === it.id)
    expect(row).toMatchObject({ nextClock: 'next_update', nextDueAt: (await it.news())[0]?.dueAt })
    const names = await it.allowed()
    for (const name of ['reopen', 'reply', 'leave_ended', 'request_review', 'append', 'assign'])
      expect(names).toContain(name)
    for (const name of ['withdraw', 'close', 'merge', 'assess', 'decide', 'redirect']) expect(names).not.toContain(name)
    expect(await it.verified()).toMatchObject({ ok: true })

    await it.writes()
    expect(await it.news()).toHaveLength(1)
    expect(await it.step('replies', { text: '馬上處理', told: 'phone' })).toMatchObject({ state: 'wrote_again' })
    expect(await it.news()).toMatchObject([{ state: 'met' }])
    await it.writes()
    expect((await it.news()).map((c) => c.state)).toEqual(['met', 'running'])
    expect(await it.verified()).toMatchObject({ ok: true })
  })

  it('left ended with a reason, it is what it was, since when it was', async () => {
    const it = await taken()
    await it.close()
    const { closedAt, respondedAt, closureCode } = (await it.page()).complaint
    world.clock.advance(ms.day)
    await it.writes()
    expect(await it.step('left-ended')).toMatchObject({ code: 'request.invalid' })
    expect(await it.step('left-ended', { reason: '只是道謝' })).toMatchObject({ state: 'closed' })
    const after = (await it.page()).complaint
    expect(after).toMatchObject({ endedAs: null, open: false, closedAt, respondedAt, closureCode })
    expect(await it.news()).toMatchObject([{ state: 'met' }])
    expect(await it.verified()).toMatchObject({ ok: true })
  })

  it.each([
    ['closed', 'investigating'],
    ['withdrawn', 'investigating'],
    ['redirected', 'investigating'],
  ])('of %s it is taken up again as before', async (ended, state) => {
    const it = await taken()
    if (ended === 'closed') await it.close()
    if (ended === 'withdrawn') await it.step('withdrawal', { reason: '算了' })
    if (ended === 'redirected') await it.step('redirection', { to: '台電', text: '請洽台電', told: 'phone' })
    await it.writes()
    expect((await it.page()).complaint).toMatchObject({ state: 'wrote_again', endedAs: ended })
    expect(await it.step('reopening', { reason: '又發生了' })).toMatchObject({ state })
    expect((await it.page()).complaint).toMatchObject({ endedAs: null, closedAt: null, open: true })
    expect(await it.news()).toMatchObject([{ state: 'running' }])
    expect(await it.verified()).toMatchObject({ ok: true })
  })

  it('of stage 2 it is taken up by whoever might before, and reviewed no second time', async () => {
    const it = await taken()
    await it.answer()
    await it.step('review', { reason: '不服' })
    const word = { outcomeCode: 'O3', text: '維持', told: 'phone' }
    expect(await it.step('final-decision', word, 'reviewer')).toMatchObject({ state: 'final' })
    await it.writes()
    expect((await it.page()).complaint).toMatchObject({ state: 'wrote_again', endedAs: 'final' })
    expect(await it.allowed('mei')).not.toContain('reopen')
    expect(await it.allowed()).not.toContain('request_review')
    expect(await it.step('reopening', { reason: 'x' }, 'mei')).toMatchObject({ code: 'complaints.after-final' })
    expect(await it.step('left-ended', { reason: '沒有新的事實' })).toMatchObject({ state: 'final' })
  })

  it('asked for a review in it, goes to stage 2', async () => {
    const it = await taken()
    await it.close()
    await it.writes()
    expect(await it.step('review', { reason: '不服' })).toMatchObject({ state: 'review' })
    expect((await it.page()).complaint.endedAs).toBeNull()
    expect(await it.verified()).toMatchObject({ ok: true })
  })

  it('recorded by staff or another system counts the same; what staff note does not', async () => {
    const it = await taken()
    await it.close()
    await it.step('notes', { text: '備忘' })
    expect((await it.page()).complaint.state).toBe('closed')
    const said = await it.step('messages', { channel: 'phone', text: again }, 'intake')
    expect(said).toMatchObject({ state: 'wrote_again' })
  })

  it('whose owner has left goes to the queue, and says so', async () => {
    const it = await taken()
    await it.step('assignment', { ownerId: world.home.staff.specialist })
    await it.close()
    const active = (yes: boolean) =>
      world.app.systemDb.pool.query('update staff set active = $1 where id = $2', [yes, world.home.staff.specialist])
    await active(false)
    await it.writes()
    const page = await it.page()
    await active(true)
    expect(page.complaint).toMatchObject({ owner: null, assignedWhy: { rule: 'owner-gone' } })
    const listed = (await world.as('lead')('GET', '/api/v1/complaints?view=unassigned&limit=100')).json().items
    expect(listed.map((c: { id: string }) => c.id)).toContain(it.id)
    expect(await it.verified()).toMatchObject({ ok: true })
  })

  it('is no target of a merge', async () => {
    const it = await taken()
    await it.close()
    await it.writes()
    const other = await taken()
    const merged = await other.step('merge', { intoId: it.id, sameComplainant: true })
    expect(merged).toMatchObject({ code: 'complaints.merge-target-closed' })
  })

  it('tells the complainant on the portal that it came, and by when somebody looks', async () => {
    const it = await taken()
    await it.close()
    const visitor = browser(world.app, 'harbour')
    const opened = await visitor.fill('/track', { reference: it.reference, secret: it.secret })
    expect(opened.location).toContain('/track/status')
    await visitor.upload('/track/add', { text: again }, [])
    const { text } = await visitor.get('/track/status')
    expect(text).toContain('已收到您的訊息')
    expect(text).toMatch(/最晚 .+，看過您的訊息/)
    expect(text).not.toContain('給您處理結果')
    expect((await it.page()).complaint.state).toBe('wrote_again')
  })
})

describe('what is owed survives an end', () => {
  it.each([false, true])(
    'a date that passed before a withdrawal is owed when it is taken up again (noticed: %s)',
    async (noticed) => {
      const it = await taken({ channel: 'letter' })
      world.clock.advance(40 * ms.day)
      if (noticed) await lapseClocks(world.app)
      expect(await it.step('withdrawal', { reason: '算了' })).toMatchObject({ state: 'withdrawn' })
      world.clock.advance(ms.hour)
      await it.step('reopening', { reason: '改變心意' })
      const clocks = (await it.page()).clocks as Clock[]
      for (const kind of ['statutory', 'first_reply'])
        expect(clocks.find((c) => c.kind === kind)).toMatchObject({ state: 'breached', endedAt: null })
      expect(await it.verified()).toMatchObject({ ok: true })
      await it.answer()
      const after = (await it.page()).clocks as Clock[]
      expect(after.find((c) => c.kind === 'statutory')).toMatchObject({
        state: 'breached',
        endedAt: expect.any(String),
      })
    },
  )

  it('an authority waits also for stage 2, and is answered in any state', async () => {
    const authority = { body: '消保官', number: '府消字 42', sender: '林', askedFor: '2030-03-20T09:00:00Z' }
    const it = await taken({ authority, channel: 'regulator_referral' })
    await it.answer()
    await it.step('review', { reason: '不服' })
    const word = { outcomeCode: 'O3', text: '維持', told: 'phone' }
    const refused = { code: 'complaints.authority-not-answered' }
    expect(await it.step('final-decision', word, 'reviewer')).toMatchObject(refused)
    const letter = { text: '檢送處理情形', told: 'letter' }
    expect(await it.step('authority-answers', letter)).toMatchObject({ state: 'review' })
    expect(await it.step('final-decision', word, 'reviewer')).toMatchObject({ state: 'final' })
    expect(await it.step('authority-answers', letter)).toMatchObject({ state: 'final' })
    expect(await it.step('replies', { to: 'authority', ...letter })).toMatchObject({ state: 'final' })
    expect(await it.verified()).toMatchObject({ ok: true })
  })
})

describe('a program', () => {
  it('may acknowledge; the first human reply stays owed', async () => {
    const made = await world.as('admin')('POST', '/api/v1/api-keys', {
      name: 'ERP',
      permissions: ['complaint.read', 'complaint.answer', 'complaint.create'],
    })
    expect(made.statusCode, made.body).toBeLessThan(300)
    const { key, apiKey } = made.json()
    expect((await world.as('lead')('POST', `/api/v1/api-keys/${apiKey.id}/confirmation`)).statusCode).toBe(200)
    const it = await taken({ channel: 'letter' })
    const reply = await world.app.server.inject({
      method: 'POST',
      url: `/api/v1/complaints/${it.id}/replies`,
      payload: { version: 1, text: '包裹已寄出', told: 'phone' },
      headers: { authorization: `Bearer ${key}` },
    })
    expect(reply.statusCode, reply.body).toBe(200)
    const page = await it.page()
    expect(page.complaint).toMatchObject({ firstReplyAt: null, acknowledgedAt: expect.any(String) })
    const state = (kind: string) => (page.clocks as Clock[]).find((c) => c.kind === kind)?.state
    expect([state('acknowledge'), state('first_reply')]).toEqual(['met', 'running'])
    expect(await it.verified()).toMatchObject({ ok: true })
  })
})

it('leaves histories of before as they were', async () => {
  const rows = await world.app.systemDb.pool.query(
    "select count(*)::int as n from complaint where state <> 'wrote_again' and open and closed_at is not null and org_id = $1",
    [world.home.org],
  )
  expect(rows.rows[0]?.n).toBe(0)
})
