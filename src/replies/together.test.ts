import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ms, record, startWorld, type World } from '../../test/world/world.ts'
import { verifyComplaint } from '../audit/index.ts'

// An answer on the survivor goes to the contact each merged complaint was brought with, too.

let world: World
beforeAll(async () => {
  world = await startWorld({ env: { SMTP_URL: 'smtp://127.0.0.1:9/?from=care@harbour.example' } })
})
afterAll(() => world.stop())

const page = async (id: string) => (await world.as('lead')('GET', `/api/v1/complaints/${id}`)).json()
const post = async (id: string, path: string, body: object) => {
  const { version } = (await page(id)).complaint
  const reply = await world.as('lead')('POST', `/api/v1/complaints/${id}/${path}`, { version, ...body })
  expect(reply.statusCode, reply.body).toBe(200)
}
type Row = { id: string; complaint_id: string; recipient: string; state: string; subject: string; text: string }
const outbox = () =>
  world.app.db.withScope({ org: world.home.org }, (tx) =>
    tx.rows<Row>(sql`select id, complaint_id, recipient, state, envelope->>'subject' as subject, envelope->>'text' as text
      from outbox where org_id = ${world.home.org} order by id`),
  )
const mail = (address: string) => ({ complainant: { name: '陳小明', mail: address } })

async function joined(...addresses: string[]) {
  const survivor = await record(world, { ...mail('one@example.tw'), title: '水壺漏電' })
  const merged: Awaited<ReturnType<typeof record>>[] = []
  for (const address of addresses) {
    const other = await record(world, { ...mail(address), title: `客服不回電` })
    await post(other.id, 'merge', { intoId: survivor.id, sameComplainant: true })
    merged.push(other)
  }
  return { survivor, merged }
}

it('each with its own number and title, one mail an address, and nobody reads the address of another', async () => {
  const { survivor, merged } = await joined('two@example.tw', 'ONE@example.tw', 'two@example.tw')
  const asked = await world.as('lead')('GET', `/api/v1/complaints/${survivor.id}/reach`)
  await post(survivor.id, 'replies', { text: '我們換新的給您。' })
  const rows = await outbox()
  expect(rows.map((r) => [r.complaint_id, r.recipient.toLowerCase(), r.state])).toEqual([
    [survivor.id, 'one@example.tw', 'waiting'],
    [merged[0]?.id, 'two@example.tw', 'waiting'],
  ])
  const shown = (asked.json().sending.mails as { to: string }[]).map((m) => m.to)
  expect(shown).toEqual(rows.map((r) => r.recipient))
  const [own, other] = rows
  expect(other?.subject).toBe(`[${merged[0]?.number}] 客服不回電`)
  for (const secret of ['one@example.tw', survivor.number, '水壺']) expect(JSON.stringify(other)).not.toContain(secret)
  expect(JSON.stringify(own)).not.toMatch(/two@|客服/)
})

it('the address of a merged complaint that is kept from the reader is not shown to them', async () => {
  const { survivor, merged } = await joined('hidden@example.tw')
  await world.app.systemDb.pool.query('update complaint set restricted = true where id = $1', [merged[0]?.id])
  const reply = await world.as('lead')('GET', `/api/v1/complaints/${survivor.id}/reach`)
  expect(reply.json().sending.mails.map((m: { to: string | null }) => m.to)).toEqual(['one@example.tw', null])
})

it('taken back from either place, it leaves to nobody', async () => {
  for (const which of [0, 1]) {
    const { survivor, merged } = await joined(`other${which}@example.tw`)
    const before = (await outbox()).length
    await post(survivor.id, 'replies', { text: '等等再說。' })
    const rows = (await outbox()).slice(before)
    expect(rows).toHaveLength(2)
    const reply = await world.as('lead')('POST', `/api/v1/outbox/${rows[which]?.id}/cancellation`, {})
    expect(reply.statusCode, reply.body).toBe(200)
    expect((await outbox()).slice(before).map((r) => r.state)).toEqual(['cancelled', 'cancelled'])
    expect((await page(survivor.id)).timeline.some((i: { type?: string }) => i.type === 'reply_cancelled')).toBe(true)
    for (const id of [survivor.id, merged[0]?.id ?? ''])
      expect(
        await world.app.db.withScope({ org: world.home.org, scope: 'organisation' }, (tx) =>
          verifyComplaint(tx, world.home.org, id),
        ),
      ).toMatchObject({ ok: true })
  }
})

it('a survivor without an address is answered where the merged one was brought from', async () => {
  const survivor = await record(world)
  const other = await record(world, mail('three@example.tw'))
  await post(other.id, 'merge', { intoId: survivor.id, sameComplainant: true })
  const { way } = (await world.as('lead')('GET', `/api/v1/complaints/${survivor.id}/reach`)).json()
  expect(way).toBe('email')
  await post(survivor.id, 'replies', { text: '好的。' })
  expect(
    (await outbox())
      .slice(-2)
      .map((r) => r.recipient)
      .sort(),
  ).toEqual(['', 'three@example.tw'])
  world.clock.advance(ms.minute)
})
