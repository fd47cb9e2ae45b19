import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ms, record } from '../../test/world/world.ts'
import { verifyAll } from '../audit/index.ts'
import { makeMessageId, makeToken, replyAddress } from './domain/token.ts'
import { bounceOf, type MailWorld, newMessageId, type Post, rawMail, startMailWorld } from './mail-world.ts'
import { signersOf } from './tokens.ts'
import { wouldThread } from './would-thread.ts'

// Mail by SMTP into a real listener: what becomes of it, and where it belongs.

let mails: MailWorld
beforeAll(async () => {
  mails = await startMailWorld()
})
afterAll(() => mails.stop())

const becameOf = (done: Awaited<ReturnType<MailWorld['take']>>) => {
  if (done?.state !== 'new' && done?.state !== 'threaded') throw new Error(JSON.stringify(done))
  return done.became
}
/** A complaint somebody wrote by mail. */
async function written(post: Post = {}) {
  const messageId = newMessageId()
  const from = post.from ?? `a-${messageId.slice(0, 8)}@customer.example`
  const became = becameOf(await mails.take({ messageId, from, ...post }))
  expect(became.as).toBe('new')
  const { complaint } = await mails.page(became.complaintId)
  return { id: became.complaintId, number: complaint.number as string, messageId, from }
}
const tokenAddress = (number: string, org = mails.world.home.org) =>
  replyAddress('care@harbour.example', makeToken(signersOf(mails.world.app).address, { org, number }))
const lead = (path: string, body: object) => mails.world.as('lead')('POST', path, body)
const version = async (id: string) => (await mails.page(id)).complaint.version as number

describe('a mail to a mailbox', () => {
  it('becomes a complaint with its words, received when it came', async () => {
    await mails.send({ subject: 'Re: 熱水壺', text: '第二次跳電了。' })
    const receivedAt = mails.world.clock.now
    mails.world.clock.advance(40 * ms.minute)
    const [done] = await mails.drain()
    const { complaint, timeline } = await mails.page(becameOf(done).complaintId)
    expect(complaint).toMatchObject({
      title: '熱水壺',
      channel: 'email',
      receivedAt: new Date(receivedAt).toISOString(),
    })
    expect(timeline[0]).toMatchObject({ kind: 'message', direction: 'in', channel: 'email', body: '第二次跳電了。' })
  })

  it('is refused at once where nobody of that name is, and where it is switched off', async () => {
    await expect(mails.send({ to: 'nobody@harbour.example' })).rejects.toMatchObject({ responseCode: 550 })
    await mails.rows(`update mailbox set off = true where id = $1`, [mails.mailboxes.second])
    await expect(mails.send({ to: 'help@harbour.example' })).rejects.toMatchObject({ responseCode: 550 })
    await mails.rows(`update mailbox set off = false where id = $1`, [mails.mailboxes.second])
  })

  it.each([
    '"care@harbour.example"@evil.example',
    'care@harbour.example@evil.example',
    'care%harbour.example@evil.example',
    'care@evil.example',
  ])('is refused to whoever writes it as %s', async (to) => {
    await expect(mails.send({ text: to }, { to })).rejects.toThrow()
    expect(await mails.drain()).toEqual([])
  })

  it.each<[string, Post & { envelopeTo?: string }]>([
    ['a Message-ID of 5 KB', { messageId: `${'x'.repeat(5_000)}@customer.example` }],
    ['an empty Message-ID', { messageId: '' }],
    ['two hundred References', { references: Array.from({ length: 200 }, () => newMessageId()) }],
    ['nobody in From', { from: '' }],
    ['two people in From', { from: 'Lin <lin2@customer.example>, Mei <mei2@customer.example>' }],
    ['only us in blind copy', { to: 'friends@elsewhere.example', envelopeTo: 'care@harbour.example' }],
    ['nobody in To', { to: 'undisclosed-recipients:;', envelopeTo: 'care@harbour.example' }],
    ['a date of 1900', { date: 'Mon, 1 Jan 1900 00:00:00 +0000' }],
    ['a date of 2099', { date: 'Thu, 1 Jan 2099 00:00:00 +0000' }],
    ['no date anybody knows', { date: 'the day after' }],
  ])('with %s is a complaint of its own, received when it came', async (what, { envelopeTo, ...post }) => {
    const done = await mails.take({ text: `怪信：${what}`, ...post }, { to: envelopeTo ?? 'care@harbour.example' })
    const { complaint } = await mails.page(becameOf(done).complaintId)
    expect(complaint.receivedAt).toBe(new Date(mails.world.clock.now).toISOString())
  })

  it('whose Reply-To is somebody else’s is of who wrote it, and is answered there', async () => {
    const from = 'really@customer.example'
    const done = await mails.take({ from, headers: { 'Reply-To': 'mallory@evil.example' }, text: '請回信' })
    const { customer } = await mails.page(becameOf(done).complaintId)
    const { identities } = (await mails.world.as('lead')('GET', `/api/v1/customers/${customer.id}`)).json()
    expect(identities.map((i: { value: string }) => i.value)).toEqual([from])
  })

  it('whose name is somebody else’s address is shown under its own', async () => {
    const done = await mails.take({ from: '"boss@harbour.example" <who@evil.example>', text: '我是老闆' })
    const { timeline, customer } = await mails.page(becameOf(done).complaintId)
    expect(JSON.stringify([timeline[0].authorName, customer.name])).not.toContain('boss@')
    expect(customer.name).toBe('who@evil.example')
  })

  it('ten times at once is one complaint', async () => {
    const post = { messageId: newMessageId(), text: '十次' }
    await Promise.all(Array.from({ length: 10 }, () => mails.send(post)))
    const done = await mails.drain()
    expect(done.map((o) => o.state)).toEqual(['new'])
    const [row] = await mails.rows<{ deliveries: number }>(
      'select deliveries from inbound_mail where complaint_id = $1',
      [becameOf(done[0]).complaintId],
    )
    expect(row?.deliveries).toBe(10)
  })

  it('without a Message-ID is told apart by what it says', async () => {
    const post = { messageId: false, text: '沒有編號' } as const
    await mails.send(post)
    await mails.send(post)
    await mails.send({ ...post, text: '沒有編號，別的話' })
    expect((await mails.drain()).map((o) => o.state)).toEqual(['new', 'new'])
  })

  it('with other words under an id that was used before is not lost', async () => {
    const messageId = newMessageId()
    await mails.send({ messageId, text: '第一件事' })
    await mails.send({ messageId, text: '完全不同的另一件事' })
    expect((await mails.drain()).map((o) => o.state)).toEqual(['new', 'new'])
  })

  it('to two mailboxes of one house is one complaint that knows both; to two houses, one each', async () => {
    const to = ['care@harbour.example', 'Help+x@Harbour.example', 'care@neighbour.example']
    await mails.send({ text: '寄到三處' }, { to })
    const done = await mails.drain()
    expect(done.map((o) => o.state)).toEqual(['new', 'new'])
    const [row] = await mails.rows<{ n: number }>(
      'select cardinality(mailbox_ids) as n from inbound_mail where complaint_id = $1',
      [becameOf(done[0]).complaintId],
    )
    expect(row?.n).toBe(2)
  })
})

describe('who writes again', () => {
  const customerOf = async (post: Post) => (await mails.page(becameOf(await mails.take(post)).complaintId)).customer.id
  const said = (dmarc: string) => ({
    'Authentication-Results': `mx.harbour.example; dmarc=${dmarc} header.from=customer.example`,
  })

  it('is one customer, though nobody vouches for the mails; a forged one is not theirs', async () => {
    const from = 'often@customer.example'
    const first = await customerOf({ from, text: '第一件' })
    expect(await customerOf({ from, text: '第二件' })).toBe(first)
    expect(await customerOf({ from: 'Often <OFTEN@customer.example>', text: '第三件' })).toBe(first)
    expect(await customerOf({ from, text: '假的', headers: said('fail') })).not.toBe(first)
    expect(await customerOf({ from, text: '真的', headers: said('pass') })).toBe(first)
  })

  it('without a voucher is not taken for somebody of whom more is known', async () => {
    const mail = 'known@customer.example'
    const { id } = await record(mails.world, { complainant: { name: '林', mail, phone: '0912345678' } })
    const known = (await mails.page(id)).customer.id
    const stranger = await customerOf({ from: mail, text: '誰都可以這樣寫' })
    expect(stranger).not.toBe(known)
    expect(await customerOf({ from: mail, text: '再寫一次' })).toBe(stranger)
  })
})

describe('a mail a colleague passes on', () => {
  const passedOn =
    '---------- Forwarded message ---------\nFrom: Lin <lin@passed.example>\nDate: Tue\nSubject: x\nTo: us\n\n'
  const said = (dmarc: string) => ({
    'Authentication-Results': `mx.harbour.example; dmarc=${dmarc} header.from=harbour.test`,
  })
  it.each<[string, Post, boolean, string]>([
    ['from beside us is of whoever wrote it', {}, false, 'lin@passed.example'],
    ['from outside, vouched for, is of whoever wrote it', { headers: said('pass') }, true, 'lin@passed.example'],
    ['from outside, of whom nobody vouches, is the sender’s', {}, true, 'mei@harbour.test'],
    ['from beside us, forged, is the sender’s', { headers: said('fail') }, false, 'mei@harbour.test'],
    ['of no colleague is the sender’s', { from: 'bob@evil.example', headers: said('none') }, false, 'bob@evil.example'],
  ])('%s', async (what, post, outside, whose) => {
    await mails.send({ from: 'mei@harbour.test', subject: 'Fwd: x', text: `${passedOn}壺壞了：${what}`, ...post })
    if (outside) await mails.rows(`update inbound_mail set client_ip = '198.51.100.7' where next_try_at is not null`)
    const [done] = await mails.drain()
    const { customer } = await mails.page(becameOf(done).complaintId)
    const { identities } = (await mails.world.as('lead')('GET', `/api/v1/customers/${customer.id}`)).json()
    expect(identities.map((i: { value: string }) => i.value)).toEqual([whose])
  })
})

describe('an answer', () => {
  it.each<[string, (c: Awaited<ReturnType<typeof written>>) => Post]>([
    ['to the signed address', ({ number, from }) => ({ to: tokenAddress(number), from })],
    [
      'to our own Message-ID',
      ({ number, from }) => ({
        from,
        inReplyTo: makeMessageId(
          signersOf(mails.world.app).messageId,
          { org: mails.world.home.org, number, what: 'abc' },
          'x.example',
        ),
      }),
    ],
    ['to a mail of theirs', ({ messageId, from }) => ({ from, references: [newMessageId(), messageId] })],
    ['with the number in its subject', ({ number, from }) => ({ from, subject: `Re: [${number}] Kettle` })],
  ])('%s is theirs: words of the complainant', async (_, post) => {
    const first = await written()
    const became = becameOf(await mails.take({ text: '補充一句', ...post(first) }))
    expect(became).toMatchObject({ as: 'message', complaintId: first.id })
  })

  it.each<[string, (c: Awaited<ReturnType<typeof written>>) => Post, string]>([
    [
      'to an address one character off',
      ({ number, from }) => {
        const [local = '', host] = tokenAddress(number).split('@')
        return { from, to: `${local.slice(0, -1)}${local.endsWith('0') ? '1' : '0'}@${host}` }
      },
      'new',
    ],
    [
      'to the address of another organisation',
      ({ number, from }) => ({ from, to: tokenAddress(number, mails.world.neighbour.org) }),
      'new',
    ],
    ['with a number, from a stranger', ({ number }) => ({ from: 'mallory@evil.example', subject: number }), 'new'],
    [
      'with a number, from somebody in copy',
      ({ number, from }) => ({ from: 'bob@evil.example', cc: from, subject: number }),
      'new',
    ],
    [
      'with a number, from whoever only pretends to be them',
      ({ number, from }) => ({
        from,
        subject: number,
        headers: { 'Authentication-Results': 'mx.harbour.example; dmarc=fail header.from=customer.example' },
      }),
      'new',
    ],
    [
      'to the signed address, from whoever only pretends to be them',
      ({ number, from }) => ({
        from,
        to: tokenAddress(number),
        headers: { 'Authentication-Results': 'mx.harbour.example; dmarc=fail header.from=customer.example' },
      }),
      'side_note',
    ],
    [
      'with a number, from them and somebody else',
      ({ number, from }) => ({ from: `${from}, x@evil.example`, subject: number }),
      'new',
    ],
    [
      'to a mail of theirs, from them and somebody else',
      ({ messageId, from }) => ({ from: `${from}, x@evil.example`, inReplyTo: messageId }),
      'side_note',
    ],
    [
      'with a number, from them only as who sent it',
      ({ number, from }) => ({ from: '', headers: { Sender: from }, subject: number }),
      'new',
    ],
    [
      'of a stranger to the signed address',
      ({ number }) => ({ from: 'aunt@family.example', to: tokenAddress(number) }),
      'side_note',
    ],
    [
      'of a stranger to a mail of theirs',
      ({ messageId }) => ({ from: 'aunt@family.example', inReplyTo: messageId }),
      'side_note',
    ],
  ])('%s is not theirs', async (_, post, as) => {
    const first = await written()
    const before = await mails.page(first.id)
    const became = becameOf(await mails.take({ text: '別人的話', ...post(first) }))
    expect(became.as).toBe(as)
    const after = await mails.page(first.id)
    expect(after.complaint.state).toBe(before.complaint.state)
    expect(after.clocks).toEqual(before.clocks)
  })

  it('again, changed by a relay, is known among others under the same id', async () => {
    const first = await written()
    const said = (text: string, to = 'care@harbour.example'): Post => ({
      messageId: `again-${first.messageId}`,
      from: first.from,
      inReplyTo: first.messageId,
      to,
      text,
    })
    expect(becameOf(await mails.take(said('一')))).toMatchObject({ as: 'message', complaintId: first.id })
    expect(becameOf(await mails.take(said('二')))).toMatchObject({ as: 'message', complaintId: first.id })
    for (const text of ['一', '二'])
      expect(await mails.take(said(text, 'Care <care@harbour.example>'))).toEqual({
        state: 'rejected',
        reason: 'mail.here-already',
      })
  })

  it('what waits to be let in is news for the team, and for the owner alone once there is one', async () => {
    const first = await written()
    const told = async (who: 'lead' | 'mei') => {
      const { items } = (await mails.world.as(who)('GET', '/api/v1/notices')).json()
      const group = items.find((g: { complaintId: string }) => g.complaintId === first.id)
      return ((group?.what ?? []) as { kind: string }[]).filter((w) => w.kind === 'side_note').length
    }
    const aunt = () => ({ from: 'aunt@family.example', to: tokenAddress(first.number), text: '我是她阿姨。' })
    await mails.take(aunt())
    expect([await told('lead'), await told('mei')]).toEqual([1, 1])
    await lead(`/api/v1/complaints/${first.id}/assignment`, {
      version: await version(first.id),
      ownerId: mails.world.home.staff.mei,
    })
    await mails.take(aunt())
    expect([await told('lead'), await told('mei')]).toEqual([1, 2])
  })

  it('where it would go can be asked beforehand, and asking changes nothing', async () => {
    const first = await written()
    const { world, mailboxes } = mails
    const asked = async (post: Post) => {
      const read = await mails.at.read(Buffer.from(rawMail(post)), {})
      if (!read.ok) throw new Error(read.refusal.code)
      const to = { org: world.home.org, mailboxIds: [mailboxes.home], rcptTo: ['care@harbour.example'] }
      return wouldThread(world.app, to, read.value, world.clock.now)
    }
    const { number, from, messageId } = first
    expect(await asked({ from, to: tokenAddress(number) })).toEqual({ number, by: 'address', as: 'message' })
    expect(await asked({ from, inReplyTo: messageId })).toEqual({ number, by: 'stored-id', as: 'message' })
    expect(await asked({ from, subject: `Re: ${number}` })).toEqual({ number, by: 'subject', as: 'message' })
    expect(await asked({ from: 'aunt@family.example', inReplyTo: messageId })).toEqual({
      number,
      by: 'stored-id',
      as: 'side_note',
    })
    expect(await asked({ from })).toBeNull()
  })

  it('in another house, to an id known here, is none', async () => {
    const first = await written()
    const done = await mails.take({ from: first.from, to: 'care@neighbour.example', inReplyTo: first.messageId })
    expect(done?.state).toBe('new')
    const [row] = await mails.rows<{ org_id: string }>('select org_id from complaint where id = $1', [
      becameOf(done).complaintId,
    ])
    expect(row?.org_id).toBe(mails.world.neighbour.org)
  })

  it('to what is merged goes on where that goes on', async () => {
    const first = await written()
    const into = await written({ from: first.from })
    const merged = await lead(`/api/v1/complaints/${first.id}/merge`, {
      version: await version(first.id),
      intoId: into.id,
      sameComplainant: true,
    })
    expect(merged.statusCode, merged.body).toBe(200)
    await mails.take({ from: first.from, inReplyTo: first.messageId, text: '併案後的話' })
    const { timeline } = await mails.page(into.id)
    expect(timeline.some((i: { body?: string }) => i.body === '併案後的話')).toBe(true)
  })

  it('to what ended lately opens it again; to what ended long ago is another complaint, linked', async () => {
    const first = await written()
    const gone = await lead(`/api/v1/complaints/${first.id}/withdrawal`, {
      version: await version(first.id),
      reason: '解決了',
    })
    expect(gone.statusCode, gone.body).toBe(200)
    mails.world.clock.advance(29 * ms.day)
    const soon = becameOf(await mails.take({ from: first.from, inReplyTo: first.messageId, text: '還是壞的' }))
    expect(soon).toMatchObject({ as: 'message', complaintId: first.id })
    expect((await mails.page(first.id)).complaint.state).toBe('wrote_again')

    const second = await written()
    await lead(`/api/v1/complaints/${second.id}/withdrawal`, { version: await version(second.id), reason: '解決了' })
    mails.world.clock.advance(31 * ms.day)
    const late = becameOf(await mails.take({ from: second.from, inReplyTo: second.messageId, text: '又壞了' }))
    expect(late.as).toBe('new')
    expect((await mails.page(late.complaintId)).links).toMatchObject([{ id: second.id }])
  })
})

describe('automatic mail', () => {
  it('is kept beside the complaint and changes nothing there, however long it has ended', async () => {
    const first = await written()
    await lead(`/api/v1/complaints/${first.id}/withdrawal`, { version: await version(first.id), reason: '解決了' })
    const before = await mails.page(first.id)
    const became = becameOf(
      await mails.take({
        from: first.from,
        inReplyTo: first.messageId,
        text: '我不在辦公室',
        headers: { 'Auto-Submitted': 'auto-replied' },
      }),
    )
    expect(became).toMatchObject({ as: 'note', complaintId: first.id })
    const after = await mails.page(first.id)
    expect(after.complaint).toMatchObject({ state: 'withdrawn', open: false })
    expect(after.clocks).toEqual(before.clocks)
    expect(
      after.timeline.some(
        (i: { body?: string; direction?: string }) => i.body === '我不在辦公室' && i.direction === 'note',
      ),
    ).toBe(true)
  })

  it('that belongs nowhere waits for somebody to look at it', async () => {
    expect(await mails.take({ text: '自動回覆', headers: { 'Auto-Submitted': 'auto-replied' } })).toEqual({
      state: 'parked',
      reason: 'mail.automatic',
    })
    expect(await mails.take(bounceOf('nobody@elsewhere.example'), { from: '' })).toEqual({
      state: 'rejected',
      reason: 'mail.bounce-of-nothing',
    })
  })
})

describe('a thread, in whatever order its mails come', () => {
  const threads = fc.record({
    order: fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
    cites: fc.constantFrom('all before it', 'the one before it'),
    atOnce: fc.boolean(),
  })

  it('ends in one complaint where each names all before it; else in ones that are linked; nothing is lost or doubled', async () => {
    let n = 0
    await fc.assert(
      fc.asyncProperty(threads, async ({ order, cites, atOnce }) => {
        const mark = `t${n++}`
        const id = (i: number) => `${mark}-${i}@customer.example`
        const became: ReturnType<typeof becameOf>[] = []
        for (const i of order) {
          const before = Array.from({ length: i }, (_, k) => id(k))
          const references = cites === 'all before it' ? before : before.slice(-1)
          await mails.send({
            from: `${mark}@customer.example`,
            messageId: id(i),
            references,
            text: `${mark} 第 ${i} 封`,
          })
          if (!atOnce) became.push(...(await mails.drain()).map(becameOf))
        }
        if (atOnce) became.push(...(await mails.drain()).map(becameOf))
        expect(became).toHaveLength(order.length)
        const ids = [...new Set(became.map((b) => b.complaintId))]
        if (cites === 'all before it') expect(ids).toHaveLength(1)
        const pages = await Promise.all(ids.map((one) => mails.page(one)))
        const said = pages.flatMap((p) => p.timeline.flatMap((t: { body?: string }) => t.body ?? []))
        expect(said.filter((t: string) => t.startsWith(mark)).sort()).toEqual(
          [0, 1, 2, 3].map((i) => `${mark} 第 ${i} 封`),
        )
        // From any of them one comes to all others.
        const reached = new Set(ids.slice(0, 1))
        for (const _ of ids)
          for (const [k, page] of pages.entries())
            for (const other of page.links as { id: string }[]) {
              const one = ids[k] ?? ''
              if (reached.has(one)) reached.add(other.id)
              if (reached.has(other.id)) reached.add(one)
            }
        expect(ids.filter((one) => !reached.has(one))).toEqual([])
      }),
      { numRuns: 8, examples: [[{ order: [2, 0, 3, 1], cites: 'the one before it', atOnce: false }]] },
    )
  })
})

it('what was taken in verifies', async () => {
  expect((await verifyAll(mails.world.app)).findings).toEqual([])
})
