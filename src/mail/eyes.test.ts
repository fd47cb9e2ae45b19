import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { record } from '../../test/world/world.ts'
import { makeToken, replyAddress } from './domain/token.ts'
import { type MailWorld, newMessageId, type Post, startMailWorld } from './mail-world.ts'
import { signersOf } from './tokens.ts'

// What mail tells, and to whom: nobody learns by way of mailboxes and rejected mail what its complaint keeps from them.

let mails: MailWorld
beforeAll(async () => {
  mails = await startMailWorld()
})
afterAll(() => mails.stop())

it('the settings say that a mail came and when, never what it is about', async () => {
  await mails.take({ subject: '關於美琳的祕密' })
  for (const who of ['lead', 'auditor', 'admin'] as const) {
    const reply = await mails.world.as(who)('GET', '/api/v1/settings/mailboxes')
    expect(reply.json().items[0].last).toMatchObject({ state: 'recorded', reason: null })
    expect(reply.body).not.toContain('祕密')
  }
})

it('where the installation listens, and by which server it sends, is told to who sets mailboxes up alone', async () => {
  const told = async (who: 'admin' | 'lead' | 'auditor') =>
    (await mails.world.as(who)('GET', '/api/v1/settings/mail-ways')).statusCode
  expect(await Promise.all((['admin', 'lead', 'auditor'] as const).map(told))).toEqual([200, 403, 403])
})

it('a mail has at most a hundred recipients: the others come with another', async () => {
  const socket = connect(mails.port, '127.0.0.1')
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
  const answered = async (said?: string) => {
    if (said) socket.write(`${said}\r\n`)
    for (;;) {
      const line = String((await lines.next()).value)
      if (line[3] === ' ') return Number(line.slice(0, 3))
    }
  }
  await answered()
  await answered('EHLO customer.example')
  await answered('MAIL FROM:<many@customer.example>')
  const codes: number[] = []
  for (let i = 0; i < 101; i += 1) codes.push(await answered(`RCPT TO:<care+${i}@harbour.example>`))
  socket.destroy()
  expect(codes.slice(0, 100).every((code) => code === 250)).toBe(true)
  expect(codes[100]).toBe(452)
})

/** The address that belongs to a complaint. */
const tokenAddress = (number: string) =>
  replyAddress(
    'care@harbour.example',
    makeToken(signersOf(mails.world.app).address, { org: mails.world.home.org, number }),
  )
const became = (done: Awaited<ReturnType<MailWorld['take']>>) =>
  done?.state === 'new' || done?.state === 'threaded' ? done.became : undefined

it.each<[string, (number: string, messageId: string) => Post]>([
  ['its copy', (_, messageId) => ({ messageId, cc: 'changed@by-a-relay.example' })],
  ['one of ours, come back', (number) => ({ to: tokenAddress(number), headers: { 'X-Redress-Mail': '1' } })],
])(
  'of a complaint about somebody, %s that was rejected is shown to who sees the complaint alone',
  async (what, post) => {
    const { world } = mails
    const messageId = newMessageId()
    const first = { messageId, subject: `祕密：${what}`, from: `secret-${messageId}`, text: `主管的事：${what}` }
    const { complaintId = '' } = became(await mails.take(first)) ?? {}
    const { complaint } = await mails.page(complaintId)
    expect((await mails.take({ ...first, ...post(complaint.number, messageId) }))?.state).toBe('rejected')
    const [{ id } = { id: '' }] = await mails.rows<{ id: string }>(
      `select id from inbound_item where state = 'rejected' order by id desc limit 1`,
    )
    const seen = async (who: 'lead' | 'intake') => {
      const list = (await world.as(who)('GET', '/api/v1/inbound-items?state=rejected')).json()
      const listed = list.items.some((i: { id: string }) => i.id === id)
      return [listed, (await world.as(who)('GET', `/api/v1/inbound-items/${id}/raw`)).statusCode]
    }
    expect(await seen('lead')).toEqual([true, 200])
    await mails.rows(
      `insert into complaint_subject (org_id, complaint_id, staff_id) values ('${world.home.org}', '${complaintId}', '${world.home.staff.lead}')`,
    )
    expect(await seen('lead')).toEqual([false, 404])
    expect(await seen('intake')).toEqual([true, 200])
    expect((await world.as('lead')('POST', `/api/v1/inbound-items/${id}/retry`, {})).statusCode).toBe(404)
  },
)

describe('whoever got a copy, and hands it over first', () => {
  const disguises: [string, Post, { from?: string; to?: string }][] = [
    ['as from nobody', {}, { from: '' }],
    ['as if we had sent it', { headers: { 'X-Redress-Mail': '1' } }, {}],
    ['as an automatic answer', { headers: { 'X-Autoreply': 'yes' } }, {}],
    ['as automatic in another way', { headers: { Precedence: 'list, auto_reply', 'X-Auto-Reply': '1' } }, {}],
    ['as a report of what did not arrive', { headers: { 'X-Failed-Recipients': 'lin@customer.example' } }, {}],
    ['in another coding', { headers: { 'Content-Transfer-Encoding': 'base64' } }, {}],
  ]
  it.each(disguises)('%s, does not keep the real mail out', async (what, disguise, envelope) => {
    const real = { messageId: newMessageId(), text: `請退款。${what}`, from: `real-${newMessageId()}` }
    await mails.take({ ...real, ...disguise }, envelope)
    const { as, complaintId = '' } = became(await mails.take(real)) ?? {}
    expect(as).toBe('new')
    const { timeline } = await mails.page(complaintId)
    expect(timeline.some((i: { body?: string }) => i.body === real.text)).toBe(true)
    // And again is the same mail.
    await mails.send(real)
    expect(await mails.drain()).toEqual([])
  })

  it.each(disguises.slice(0, 1))('%s, does not keep an answer out of its complaint', async (_, disguise, envelope) => {
    const first = { messageId: newMessageId(), from: `real-${newMessageId()}`, text: '第一封' }
    const { complaintId = '' } = became(await mails.take(first)) ?? {}
    const { number } = (await mails.page(complaintId)).complaint
    const answer = { messageId: newMessageId(), from: first.from, to: tokenAddress(number), text: '真的回覆' }
    expect(became(await mails.take({ ...answer, ...disguise }, envelope))?.as).toBe('note')
    expect(became(await mails.take(answer))).toMatchObject({ as: 'message', complaintId })
  })

  it('to a reply address of their own, does not draw it into their complaint', async () => {
    const { id } = await record(mails.world)
    const { number } = (await mails.page(id)).complaint
    const real = { messageId: newMessageId(), text: '真正的申訴', from: `real-${newMessageId()}` }
    expect(became(await mails.take(real, { to: tokenAddress(number) }))?.as).toBe('side_note')
    expect(became(await mails.take(real))?.as).toBe('new')
  })

  it('what was set aside and comes in other bytes is looked at again, once', async () => {
    const post = { messageId: newMessageId(), headers: { 'Auto-Submitted': 'auto-replied' } }
    const relayed = { ...post, headers: { ...post.headers, 'X-Relay': 'a' } }
    const states: (string | undefined)[] = []
    for (const one of [post, post, relayed, relayed]) states.push((await mails.take(one))?.state)
    expect(states).toEqual(['parked', undefined, 'parked', undefined])
  })
})

it('an address a mailbox had before stays its own: answers come there, and no other organisation can have it', async () => {
  const { world } = mails
  const admin = world.as('admin')
  const before = 'before@harbour.example'
  const made = (await admin('POST', '/api/v1/settings/mailboxes', { address: before, name: 'X' })).json()
  const change = (address: string, version: number) =>
    admin('PATCH', `/api/v1/settings/mailboxes/${made.id}`, { version, address })
  const renamed = (await change('after@harbour.example', made.version)).json()
  expect(renamed.former).toEqual([before])
  const taken = await world.as('admin', 'neighbour')('POST', '/api/v1/settings/mailboxes', {
    address: before,
    name: 'X',
  })
  expect([taken.statusCode, taken.json().code]).toEqual([409, 'mail.address-taken'])
  const { complaintId } = became(await mails.take({ to: before, from: `before-${newMessageId()}` })) ?? {}
  const [row] = await mails.rows<{ org: string; boxes: string[] }>(
    `select org_id as org, mailbox_ids as boxes from inbound_mail where complaint_id = '${complaintId}'`,
  )
  expect(row).toEqual({ org: world.home.org, boxes: [made.id] })
  expect((await change(before, renamed.version)).json().former).toEqual(['after@harbour.example'])
})
