import { createHash, createPublicKey, verify } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, everyone, ms, record, startWorld, type Who, type World } from '../../test/world/world.ts'
import { chain, genesis, loadEvents } from '../complaints/index.ts'
import { meddling } from './audit-world.ts'
import { writeCheckpoints } from './index.ts'

let world: World
let id: string
let meddle: ReturnType<typeof meddling>
beforeAll(async () => {
  world = await startWorld()
  meddle = meddling(world.url)
  id = (await record(world, { complainant: { name: '吳小姐', mail: 'wu@example.test' }, channel: 'portal' })).id
  const version = async () => (await world.as('mei')('GET', `/api/v1/complaints/${id}`)).json().complaint.version
  const done = async (who: Who, path: string, body: object) => {
    const reply = await world.as(who)('POST', `/api/v1/complaints/${id}/${path}`, { version: await version(), ...body })
    if (reply.statusCode !== 200) throw new Error(reply.body)
  }
  await done('mei', 'assignment', { ownerId: world.home.staff.mei })
  await done('mei', 'replies', { text: '我們在查。' })
  world.clock.advance(ms.hour)
  await writeCheckpoints(world.app)
  await done('mei', 'notes', { text: '問過廠商' })
})
afterAll(() => world.stop())

const checked = async (caller: Caller = world.as('auditor')) =>
  (await caller('GET', `/api/v1/complaints/${id}/verification`)).json()
const codes = async () => (await checked()).problems.map((p: { code: string }) => p.code)

describe('the audit of a complaint', () => {
  it('tells of every event who did what, and what it was before and after', async () => {
    const { items, total } = (await world.as('auditor')('GET', `/api/v1/complaints/${id}/audit`)).json()
    expect(items).toHaveLength(total)
    const assigned = items.find((e: { type: string }) => e.type === 'assigned')
    expect(assigned).toMatchObject({ actor: { kind: 'staff', name: '美琳' } })
    expect(assigned.changes).toContainEqual({ field: 'ownerId', of: null, before: null, after: world.home.staff.mei })
  })

  it('says that it is untouched, since when, and what seals it', async () => {
    expect(await checked()).toMatchObject({ ok: true, unsealed: 1, seal: { no: 1, outside: 'agrees' }, problems: [] })
  })

  it.each([
    [
      'an event changed',
      `update complaint_event set payload = payload || '{"x":1}' where complaint_id = $1 and seq = 2`,
      `update complaint_event set payload = payload - 'x' where complaint_id = $1 and seq = 2`,
      'audit.hash-mismatch',
    ],
    [
      'the answer taken out of the outbox',
      `update outbox set complaint_id = '01950000-0000-7000-8000-00000000dead' where complaint_id = $1`,
      `update outbox set complaint_id = $1 where complaint_id = '01950000-0000-7000-8000-00000000dead'`,
      'audit.outbox-missing',
    ],
    [
      'a word changed',
      `update message set body = body || '.' where complaint_id = $1 and direction = 'note'`,
      `update message set body = rtrim(body, '.') where complaint_id = $1 and direction = 'note'`,
      'audit.text-mismatch',
    ],
    [
      'the checkpoint changed',
      `update checkpoint set at = at + interval '1 second' where heads ? $1`,
      `update checkpoint set at = at - interval '1 second' where heads ? $1`,
      'audit.checkpoint-hash-mismatch',
    ],
    [
      'the owner changed',
      `update complaint set owner_id = null where id = $1`,
      `update complaint set owner_id = '$mei' where id = $1`,
      'audit.state-mismatch',
    ],
  ])('finds %s', async (_what, harm, undo, code) => {
    await meddle(harm, [id])
    try {
      expect(await codes()).toContain(code)
    } finally {
      await meddle(undo.replace('$mei', world.home.staff.mei), [id])
    }
    expect(await codes()).toEqual([])
  })

  it('is nothing to those who may not see it, and a file only to those who may have it', async () => {
    const status = async (who: Who, path: string) =>
      (await world.as(who)('GET', `/api/v1/complaints/${id}/${path}`)).statusCode
    for (const path of ['audit', 'verification', 'audit.csv']) {
      expect([path, await status('xiu', path), await status('admin', path)]).toEqual([path, 404, 403])
      expect((await world.app.server.inject(`/api/v1/complaints/${id}/${path}`)).statusCode).toBe(401)
    }
    for (const who of everyone)
      expect([who, await status(who, 'proof.json')]).toEqual([who, who === 'auditor' ? 200 : 403])
    const csv = (await world.as('mei')('GET', `/api/v1/complaints/${id}/audit.csv`)).body
    expect(csv.split('\r\n')).toHaveLength((await checked()).events + 2)
    const log = (await world.as('auditor')('GET', '/api/v1/access-log')).json().items
    expect(log.map((l: { what: string }) => l.what)).toEqual(
      expect.arrayContaining(['audit.proof-exported', 'audit.trail-exported']),
    )
  })

  it('meets every checkpoint, also where the whole history was written anew as a younger one', async () => {
    const { id: other } = await record(world)
    await writeCheckpoints(world.app, { full: true })
    const { org } = world.home
    const events = await world.app.db.withScope({ org }, (tx) => loadEvents(tx, org, other), 'read')
    let head: Parameters<typeof chain>[2] = { seq: 0, hash: genesis }
    for (const event of events) {
      const [young] = chain(org, other, head, [event], event.at + 3 * ms.day, event.actor)
      if (!young) throw new Error('no event')
      head = young
      const { at, prev, hash } = young
      const set = 'update complaint_event set at = $3, prev = $4, hash = $5 where complaint_id = $1 and seq = $2'
      await meddle(set, [other, event.seq, new Date(at), prev, hash])
    }
    await meddle('update complaint set head = $2 where id = $1', [other, head.hash])
    const { ok, seal, problems } = (await world.as('auditor')('GET', `/api/v1/complaints/${other}/verification`)).json()
    expect([ok, seal?.checkpoints, problems.map((p: { code: string }) => p.code)]).toEqual([
      false,
      1,
      expect.arrayContaining(['audit.checkpoint-head-differs']),
    ])
  })

  it('names nobody to those who may not know who complains in confidence', async () => {
    const known = (await world.as('lead')('GET', `/api/v1/complaints/${id}`)).json().customer.id
    const secret = await record(world, { mode: 'confidential', customerId: known })
    const tells = async (who: Who, path: string) =>
      (await world.as(who)('GET', `/api/v1/complaints/${secret.id}/${path}`)).body.includes(known)
    for (const path of ['audit', 'audit.csv']) {
      expect([path, await tells('mei', path), await tells('qa', path)]).toEqual([path, false, false])
      expect([path, await tells('lead', path), await tells('auditor', path)]).toEqual([path, true, true])
    }
  })

  it('gives a proof that holds by what is written in it alone', async () => {
    const proof = (await world.as('auditor')('GET', `/api/v1/complaints/${id}/proof.json`)).json()
    expect(holds(proof)).toBe(true)
    expect(JSON.stringify(proof)).not.toContain('我們在查')
    proof.events[1].hashed.actor.id = world.home.staff.lead
    expect(holds(proof)).toBe(false)
  })
})

type Proof = {
  publicKey: string
  complaint: { id: string }
  events: { prev: string; hash: string; hashed: { seq: number } }[]
  checkpoints: {
    org: string
    no: number
    at: string
    heads: Record<string, [number, string]>
    prev: string
    hash: string
    signature: string
  }[]
}

/** An auditor's own check, after the steps in the file and without anything of ours. */
function holds({ publicKey, complaint, events, checkpoints }: Proof): boolean {
  const sha = (prev: string, value: unknown) =>
    createHash('sha256').update(Buffer.from(prev, 'hex')).update(sorted(value)).digest('hex')
  const chained = events.every(
    (e, i) =>
      e.prev === (events[i - 1]?.hash ?? '0'.repeat(64)) && e.hashed.seq === i + 1 && sha(e.prev, e.hashed) === e.hash,
  )
  const sealed = checkpoints.every(({ org, no, at, heads, prev, hash, signature }) => {
    const [seq, head] = heads[complaint.id] ?? [0, '']
    return (
      sha(prev, { org, no, at, heads }) === hash &&
      verify(null, Buffer.from(hash, 'hex'), createPublicKey(publicKey), Buffer.from(signature, 'base64')) &&
      events[seq - 1]?.hash === head
    )
  })
  return chained && sealed && checkpoints.length > 0
}

function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([k, v]) => `${JSON.stringify(k)}:${sorted(v)}`).join(',')}}`
}
