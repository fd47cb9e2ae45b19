import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { record } from '../../test/world/world.ts'
import { storeAttachments } from './attachments.ts'
import { type Claim, claimDue, giveBack, keepInHand, lockAllWaiting, readWaiting } from './claim.ts'
import { keepMails } from './keep.ts'
import { type MailWorld, newMessageId, type Post, rawMail, startMailWorld } from './mail-world.ts'
import { type Outcome, writeOne } from './take-in.ts'
import { takeInMany } from './take-in-many.ts'

// Mails taken in together, by hands and processes beside each other: as if they came one after the other.

let mails: MailWorld
/** What a mail whose words hold the key has to wait for before it is read. */
const held = new Map<string, Promise<unknown>>()
let reading = 0
let mostReading = 0
beforeAll(async () => {
  mails = await startMailWorld({
    read: (read) => async (raw, context, whose) => {
      mostReading = Math.max(mostReading, ++reading)
      try {
        const words = Buffer.from(raw).toString()
        for (const [word, until] of held) if (words.includes(word)) await until
        return await read(raw, context, whose)
      } finally {
        reading -= 1
      }
    },
  })
  await mails.take({ text: 'the first one waits for the parser' })
})
afterAll(() => mails.stop())

let n = 0
const words = [
  'kettle',
  'invoice',
  'courier',
  'warranty',
  'balcony',
  'parking',
  'stairs',
  'receipt',
  'window',
  'heating',
]
/** Somebody new writes about something else each time. */
const other = (): Post => {
  n += 1
  const text = Array.from({ length: 12 }, (_, i) => `${words[(n * 7 + i * 3) % 10]}${n}${i}`).join(' ')
  return { from: `p${n}@customer.example`, messageId: newMessageId(), subject: `About ${n}`, text }
}
const becameOf = (done: Outcome | undefined) => {
  if (done?.state !== 'new' && done?.state !== 'threaded') throw new Error(JSON.stringify(done))
  return done.became
}
const home = () => mails.world.home.org
const claim = (most = 16) => claimDue(mails.world.app.db, home(), mails.world.clock.now, most)
async function take(claimed: Claim, until?: number): Promise<Outcome[]> {
  const told: Outcome[] = []
  await takeInMany(mails.at, home(), claimed, (o) => told.push(o), until)
  return told
}
const waiting = () =>
  mails.rows<{ id: string; attempts: number; due: number }>(
    `select i.id, i.attempts, m.next_try_at as due from inbound_item i join inbound_mail m on m.item_id = i.id where i.state = 'waiting' order by m.next_try_at, i.id`,
  )
const customerOf = async (done: Outcome | undefined) => (await mails.page(becameOf(done).complaintId)).customer.id
const photo = (text: string, bytes: number): Pick<Post, 'type' | 'text'> => ({
  type: 'multipart/mixed; boundary="b"',
  text: [
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    '',
    text,
    '--b',
    'Content-Type: application/octet-stream; name="a.bin"',
    'Content-Disposition: attachment; filename="a.bin"',
    'Content-Transfer-Encoding: base64',
    '',
    (
      Buffer.alloc(bytes, n)
        .toString('base64')
        .match(/.{1,76}/g) ?? []
    ).join('\n'),
    '--b--',
  ].join('\n'),
})

describe('in the order they came', () => {
  it('a large mail begins the complaint to which its postscript belongs', async () => {
    const first = other()
    await mails.send({ ...first, ...photo('my kettle burns', 1_000_000) })
    await mails.send({ ...other(), from: first.from ?? '', inReplyTo: String(first.messageId), text: 'PS: a photo' })
    await mails.send(other())
    const done = await take(await claim())
    const began = done.map(becameOf)
    expect(began.map((b) => b.as).sort()).toEqual(['message', 'new', 'new'])
    const ps = began.find((b) => b.as === 'message')
    const { timeline, attachments } = await mails.page(ps?.complaintId ?? '')
    expect(timeline.flatMap((t: { body?: string }) => t.body ?? [])).toEqual(['my kettle burns', 'PS: a photo'])
    expect(attachments).toHaveLength(1)
  })

  it('a mail that is slow to read holds up its answer, and nothing else', async () => {
    const slow = other()
    let release: () => void = () => undefined
    held.set('slowly', new Promise<void>((done) => (release = done)))
    await mails.send({ ...slow, text: 'read slowly' })
    await mails.send({ ...other(), from: slow.from ?? '', inReplyTo: String(slow.messageId), text: 'PS: still there' })
    for (let i = 0; i < 3; i += 1) await mails.send(other())
    const told: Outcome[] = []
    const all = takeInMany(mails.at, home(), await claim(), (o) => told.push(o))
    await vi.waitFor(() => expect(told.map((o) => o.state)).toEqual(['new', 'new', 'new']), { timeout: 20_000 })
    release()
    await all
    held.clear()
    expect(told.slice(3).map((o) => becameOf(o).as)).toEqual(['new', 'message'])
    expect(becameOf(told[4]).complaintId).toBe(becameOf(told[3]).complaintId)
  })
})

describe('a process that is killed', () => {
  it('parks none of those it had in hand beside the mail that killed it', async () => {
    const killer = other()
    const sent = [other(), killer, other(), other()]
    for (const post of sent) await mails.send(post)
    const { mails: inHand } = await claim()
    expect(inHand).toHaveLength(4)
    const killing = inHand[1]?.id
    const told: Outcome[] = []
    let kills = 0
    for (let turn = 0; turn < 12; turn += 1) {
      mails.world.clock.advance(61_000)
      for (let next = await claim(); next.mails.length > 0; next = await claim()) {
        expect(next.mails).toMatchObject([{ died: true }])
        const [{ attempts } = { attempts: 0 }] = await mails.rows<{ attempts: number }>(
          'select attempts from inbound_item where id = $1',
          [next.mails[0]?.id],
        )
        // It kills the process each time it is read; what was tried too often is not read.
        if (next.mails[0]?.id === killing && attempts <= 3) {
          kills += 1
          break
        }
        told.push(...(await take(next)))
      }
    }
    expect(told.map((o) => o.state).sort()).toEqual(['new', 'new', 'new', 'parked'])
    expect(told.find((o) => o.state === 'parked')).toMatchObject({ reason: 'mail.too-many-tries' })
    expect(kills).toBe(3)
  })

  it('three times, before tries were told apart: all are taken in, one at a time', async () => {
    for (let i = 0; i < 5; i += 1) await mails.send(other())
    await mails.rows(`update inbound_item set attempts = 3 where state = 'waiting'`)
    mostReading = 0
    expect((await mails.drain()).map((o) => o.state)).toEqual(Array(5).fill('new'))
    expect(mostReading).toBe(1)
  })
})

describe('two hands at once', () => {
  /** Everything that waits for what `query` locks stands there when it is let go. */
  async function behind(query: string, waiters: number, work: () => Promise<Outcome[][]>): Promise<Outcome[][]> {
    const client = new pg.Client({ connectionString: mails.world.app.databaseUrl })
    await client.connect()
    try {
      await client.query(`begin; ${query}`)
      const all = work()
      await vi.waitFor(
        async () => {
          const [row] = await mails.rows<{ n: number }>(
            `select count(distinct pid)::int as n from pg_locks join pg_stat_activity using (pid) where not granted and datname = current_database()`,
          )
          expect(row?.n).toBe(waiters)
        },
        { timeout: 4_000, interval: 20 },
      )
      await client.query('commit')
      return await all
    } finally {
      await client.end()
    }
  }

  it('that bring two teams their mails in different order never stop each other', async () => {
    const { teams } = mails.world.home
    await mails.rows(`update team set assignment = 'fewest_open' where id = any ($1)`, [[teams.taipei, teams.shanghai]])
    await mails.rows('update mailbox set team_id = $2 where id = $1', [mails.mailboxes.home, teams.taipei])
    await mails.rows('update mailbox set team_id = $2 where id = $1', [mails.mailboxes.second, teams.shanghai])
    const [one, two] = ['care@harbour.example', 'help@harbour.example'] as const
    for (const to of [one, two, two, one]) await mails.send({ ...other(), to })
    const claims = [await claim(2), await claim(2)]
    const deadlocks = async () =>
      (
        await mails.rows<{ n: number }>(
          'select deadlocks as n from pg_stat_database where datname = current_database()',
        )
      )[0]?.n
    const before = await deadlocks()
    const done = await behind(
      `select pg_advisory_xact_lock(hashtextextended('turn ' || org_id || staff_id, 0)) from team_member`,
      2,
      () => Promise.all(claims.map((c) => take(c))),
    )
    // A connection tells the statistics a second after it last did.
    await setTimeout(1_200)
    expect(await deadlocks()).toBe(before)
    expect(done.flat().map((o) => o.state)).toEqual(['new', 'new', 'new', 'new'])
    await mails.rows(`update team set assignment = 'by_hand'`)
    await mails.rows('update mailbox set team_id = null')
  })

  it('with two mails of somebody new make one customer', async () => {
    const { from = '' } = other()
    for (let i = 0; i < 2; i += 1) await mails.send({ ...other(), from: i ? from : from.toUpperCase() })
    const claims = [await claim(1), await claim(1)]
    const done = await behind(`select from inbound_mail where next_try_at is not null for update`, 2, () =>
      Promise.all(claims.map((c) => take(c))),
    )
    const [one, two] = await Promise.all(done.flat().map(customerOf))
    expect(one).toBe(two)
  })

  it('neither takes from the other what is being written, however long it takes', async () => {
    await mails.send(other())
    const { mails: inHand } = await claim()
    mails.world.clock.advance(61_000)
    const meanwhile = await mails.world.app.db.withScope({ org: home() }, async (tx) => {
      await lockAllWaiting(
        tx,
        home(),
        inHand.map((m) => m.id),
      )
      return claim()
    })
    expect(meanwhile.mails).toEqual([])
    expect((await mails.drain()).map((o) => o.state)).toEqual(['new'])
  })

  it('and the same mail: the files of the one that is quicker stay, those of the other go', async () => {
    await mails.send({ ...other(), ...photo('two of us', 1_000) })
    const { mails: inHand } = await claim()
    const id = inHand[0]?.id ?? ''
    const waits = await mails.world.app.db.withScope({ org: home() }, (tx) => readWaiting(tx, home(), id))
    if (!waits) throw new Error('it does not wait')
    const read = await mails.at.read(waits.raw, {})
    if (!read.ok) throw new Error(read.refusal.code)
    const hand = async () => ({
      waiting: waits,
      mail: read.value,
      files: await storeAttachments(
        mails.world.app,
        { org: home(), itemId: id, now: mails.world.clock.now },
        read.value.attachments,
      ),
    })
    const [one, two] = [await hand(), await hand()]
    const done = [await writeOne(mails.at, home(), one), await writeOne(mails.at, home(), two)]
    expect(done.map((o) => o.state)).toEqual(['new', 'gone'])
    const { attachments } = await mails.page(becameOf(done[0]).complaintId)
    expect(attachments.map((a: { id: string }) => a.id)).toEqual(one.files.ids)
    expect(
      await mails.rows('select from attachment where uploader = $1 and complaint_id is null', [`mail:${id}`]),
    ).toEqual([])
  })
})

describe('what is in hand', () => {
  it('is not more than 16 MB', async () => {
    const to = { mailboxIds: [mails.mailboxes.home], rcptTo: ['care@harbour.example'] }
    const envelope = { via: 'smtp', mailFrom: 'a@customer.example', clientIp: '127.0.0.1', helo: 'x' } as const
    const now = mails.world.clock.now
    const raws = [7, 7, 7, 20].map((mb) =>
      Buffer.from(rawMail({ ...other(), ...photo('big', (mb / 1.4) * 1024 * 1024) })),
    )
    for (const [i, raw] of raws.entries())
      await keepMails(mails.world.app, home(), [{ to, envelope, raw, now: now + i }])
    mails.world.clock.advance(10)
    const claims = [await claim(), await claim(), await claim(), await claim()]
    expect(claims.map((c) => c.mails.length)).toEqual([2, 1, 1, 0])
    expect(claims.map((c) => c.more)).toEqual([true, true, false, false])
    await mails.rows(`delete from inbound_item where state = 'waiting'`)
  })

  it('when the turn is over stands in line again where it stood, untried', async () => {
    const first = other()
    await mails.take(first)
    for (let i = 0; i < 4; i += 1)
      await mails.send({ ...other(), from: first.from ?? '', inReplyTo: String(first.messageId) })
    const before = await waiting()
    expect((await take(await claim(), 0)).map((o) => o.state)).toEqual(['threaded'])
    expect(await waiting()).toEqual(before.slice(1))
    expect((await mails.drain()).map((o) => o.state)).toEqual(['threaded', 'threaded', 'threaded'])
  })

  it('can be kept for longer by who has it, and given back by nobody else', async () => {
    await mails.send(other())
    const { app, clock } = mails.world
    const { mails: inHand, lease } = await claim()
    clock.advance(50_000)
    const longer = await keepInHand(app.db, home(), { lease, now: clock.now }, inHand)
    clock.advance(20_000)
    expect((await claim()).mails).toEqual([])
    await giveBack(app.db, home(), lease, inHand)
    expect((await claim()).mails).toEqual([])
    await giveBack(app.db, home(), longer, inHand)
    expect((await mails.drain()).map((o) => o.state)).toEqual(['new'])
  })
})

it('two addresses of one known customer in one hand: each is suggested at the other', async () => {
  const [one, two] = [other(), other()]
  const { id } = await record(mails.world, { complainant: { name: 'Lin', mail: one.from } })
  const { customer } = await mails.page(id)
  await mails.world.app.db.withScope({ org: home() }, (tx) =>
    tx.run(
      sql`insert into customer_identity (org_id, id, customer_id, kind, value, norm, created_at)
        select org_id, gen_random_uuid(), customer_id, kind, ${two.from}, ${two.from}, created_at
        from customer_identity where org_id = ${home()} and customer_id = ${customer.id} and kind = 'mail'`,
    ),
  )
  const headers = { 'Authentication-Results': 'mx.harbour.example; dmarc=pass header.from=customer.example' }
  for (const post of [one, two]) await mails.send({ ...post, headers })
  const done = await take(await claim())
  expect(await Promise.all(done.map(customerOf))).toEqual([customer.id, customer.id])
  const [first, second] = done.map((o) => becameOf(o).complaintId)
  const found = await mails.rows('select reason from duplicate_suggestion where complaint_id = $2 and other_id = $1', [
    first,
    second,
  ])
  expect(found).toEqual([{ reason: 'identity' }])
})

it('the files of a mail that belongs somewhere are stored once', async () => {
  const first = other()
  await mails.take(first)
  const { app } = mails.world
  let puts = 0
  const blobs = (org: string) => {
    const store = app.blobs(org)
    const put: typeof store.put = (bytes) => {
      puts += 1
      return store.put(bytes)
    }
    return Object.assign(Object.create(store) as typeof store, { put })
  }
  await mails.send({
    ...other(),
    ...photo('with a file', 2_000),
    from: first.from ?? '',
    inReplyTo: String(first.messageId),
  })
  const told: Outcome[] = []
  await takeInMany({ ...mails.at, app: { ...app, blobs } }, home(), await claim(), (o) => told.push(o))
  expect(told.map((o) => o.state)).toEqual(['threaded'])
  expect(puts).toBe(1)
})
