import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { verifyAll } from '../audit/index.ts'
import { tasksOf } from '../jobs.ts'
import { type Got, type Peer, startPeer } from '../kit/testing/smtp-peer.ts'
import { readMailHere } from '../mail/read/read-mail.ts'
import { bounceOf, type MailWorld, newMessageId, startMailWorld } from '../mail/mail-world.ts'
import { mostEnclosedBytes } from './enclosed.ts'
import { openMail } from './mail.ts'

// Mail out and the way back: what leaves from a mailbox is answered to it, by a real mail server and a real listener.

let mails: MailWorld
let peer: Peer
let mail: ReturnType<typeof openMail>
beforeAll(async () => {
  peer = await startPeer()
  mails = await startMailWorld({ env: { SMTP_URL: peer.url } })
  mail = openMail(peer.url)
})
afterAll(async () => {
  mail.close()
  await mails.stop()
  await peer.stop()
})
beforeEach(() => void peer.got.splice(0))

const idOf = (text: string) => text.replaceAll(/[<>]/g, '')
const send = (id: string | undefined) =>
  tasksOf(mails.world.app, mail.send).send_outbox?.({ org: mails.world.home.org, id })

/** Somebody wrote by mail, and is answered. */
async function answered(text = '您好，我們明天到府檢修。') {
  const messageId = newMessageId()
  const from = `a-${messageId.slice(0, 8)}@customer.example`
  const taken = await mails.take({ messageId, from, references: ['an-earlier@customer.example'] })
  if (taken?.state !== 'new') throw new Error(JSON.stringify(taken))
  const id = taken.became.complaintId
  const { row, got } = await answer(id, text)
  return { id, from, messageId, row, got }
}

async function answer(
  id: string,
  text = '再次說明。',
  attachmentIds: readonly string[] = [],
): Promise<{ row: string; got: Got }> {
  const { version } = (await mails.page(id)).complaint
  const given = { version, text, attachmentIds }
  const reply = await mails.world.as('lead')('POST', `/api/v1/complaints/${id}/replies`, given)
  expect(reply.statusCode, reply.body).toBe(200)
  const [item] = await mails.rows<{ id: string }>('select id from outbox where complaint_id = $1 order by id desc', [
    id,
  ])
  mails.world.clock.advance(11_000)
  await send(item?.id)
  const got = peer.got.at(-1)
  if (!got) throw new Error('nothing was sent')
  return { row: item?.id ?? '', got }
}

/** A file of the lead's, not sent yet. */
async function upload(name: string, body: Buffer): Promise<string> {
  const boundary = 'x-boundary'
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: text/plain\r\n\r\n`
  const whole = Buffer.concat([Buffer.from(head), body, Buffer.from(`\r\n--${boundary}--\r\n`)])
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` }
  const reply = await mails.world.as('lead')('POST', '/api/v1/attachments', whole, headers)
  expect(reply.statusCode, reply.body).toBe(201)
  return reply.json().id
}

describe('a reply to a complaint that came by a mailbox', () => {
  it('brings its files along, and says which are too large to come', async () => {
    const { id } = await answered()
    const files = [
      await upload('維修單.txt', Buffer.from('已更換密封圈')),
      await upload('record.txt', Buffer.alloc(mostEnclosedBytes, 'a')),
    ]
    const { got } = await answer(id, '請見附件。', files)
    const read = await readMailHere(Buffer.from(got.raw))
    if (!read.ok) throw new Error(read.refusal.code)
    expect(read.value.attachments.map((a) => [a.filename, Buffer.from(a.content).toString()])).toEqual([
      ['維修單.txt', '已更換密封圈'],
    ])
    expect(read.value.text).toContain('record.txt')
    expect(read.value.text).not.toContain('維修單.txt')
  })

  it('leaves from that mailbox, asks for answers at its signed address, and names the mail it answers', async () => {
    const { got, from, messageId, row } = await answered()
    expect(got.to).toEqual([from])
    expect(got.from).toBe('care@harbour.example')
    expect(got.header('From')).toMatch(/<care@harbour\.example>$/)
    expect(got.header('Reply-To')).toMatch(/^care\+[0-9a-z]{36,}@harbour\.example$/)
    expect(got.header('Message-ID')).toMatch(
      new RegExp(`^<${row.replaceAll('-', '')}\\.[0-9a-z]{36,}@harbour\\.example>$`),
    )
    expect(got.header('In-Reply-To')).toBe(`<${messageId}>`)
    expect(got.header('References')).toBe(`<an-earlier@customer.example> <${messageId}>`)
    expect(got.header('Auto-Submitted')).toBe('')
  })

  it('of a web form goes to its From, and says so before; where the form asks for answers is shown at the mail', async () => {
    const form = `form-${newMessageId().slice(0, 8)}@own-shop.example`
    const taken = await mails.take({ from: form, headers: { 'Reply-To': `Hsu <hsu@customer.example>, ${form}` } })
    if (taken?.state !== 'new') throw new Error(JSON.stringify(taken))
    const id = taken.became.complaintId
    const read = async (what: string) =>
      (await mails.world.as('lead')('GET', `/api/v1/complaints/${id}/${what}`)).json()
    expect((await read('mails')).items[0].replyTo).toEqual([{ name: 'Hsu', address: 'hsu@customer.example' }])
    const { sending } = await read('reach')
    const { got } = await answer(id)
    expect(sending.mails).toEqual([{ to: got.to[0], from: got.from }])
    expect(got.to).toEqual([form])
  })

  it.each<[string, (got: Got) => object]>([
    ['to its reply address, without naming it', (got) => ({ to: got.header('Reply-To') })],
    ['to the mailbox, naming its Message-ID', (got) => ({ inReplyTo: idOf(got.header('Message-ID')) })],
    ['with only References', (got) => ({ references: ['x@y.example', idOf(got.header('Message-ID'))] })],
  ])('answered %s, the answer is at the complaint', async (_, post) => {
    const { id, from, got } = await answered()
    const done = await mails.take({ from, subject: 'Re: 別的主旨', text: '星期三可以嗎？', ...post(got) })
    expect(done).toMatchObject({ became: { as: 'message', complaintId: id } })
  })

  it('that came back for good is owed again, and the address is not used until somebody says it may be', async () => {
    const { id, from, got, row } = await answered()
    const done = await mails.take(bounceOf(idOf(got.header('Message-ID'))), { from: '', to: 'care@harbour.example' })
    expect(done).toMatchObject({ became: { as: 'bounce', complaintId: id } })
    const page = await mails.page(id)
    expect(page.complaint.firstReplyAt).toBeNull()
    expect(page.timeline.filter((i: { type?: string }) => i.type === 'reply_failed')).toHaveLength(1)
    expect(await mails.rows('select state from outbox where id = $1', [row])).toEqual([{ state: 'failed' }])
    const way = async () => (await mails.world.as('lead')('GET', `/api/v1/complaints/${id}/reach`)).json().way
    expect(await way()).not.toBe('email')
    const reach = (await mails.world.as('lead')('GET', `/api/v1/complaints/${id}/reach`)).json()
    expect(reach.sending).toMatchObject({ mails: [], noMail: 'not-used' })
    const customer = async () => (await mails.world.as('lead')('GET', `/api/v1/customers/${page.customer.id}`)).json()
    const { version, name, locale, preferredChannel, identities, changes } = await customer()
    expect(identities).toMatchObject([{ value: from, notUsed: 'returned' }])
    expect(changes[0]).toMatchObject({ field: 'notUsed', by: '' })
    const cleared = identities.map((i: { id: string; kind: string; value: string }) => ({
      id: i.id,
      kind: i.kind,
      value: i.value,
      notUsed: null,
    }))
    const body = { version, name, locale, preferredChannel, identities: cleared }
    const saved = await mails.world.as('lead')('POST', `/api/v1/customers/${page.customer.id}/details`, body)
    expect(saved.statusCode, saved.body).toBe(200)
    expect(await way()).toBe('email')
  })

  it('a full mailbox is no reason to give an address up', async () => {
    const { got, row } = await answered()
    await mails.take(bounceOf(idOf(got.header('Message-ID')), '5.2.2'), { from: '', to: 'care@harbour.example' })
    expect(await mails.rows('select state from outbox where id = $1', [row])).toEqual([{ state: 'sent' }])
  })

  it('and all of it verifies', async () => {
    expect((await verifyAll(mails.world.app)).findings).toEqual([])
  })
})
