import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import pg from 'pg'
import { cast, record } from '../../test/world/world.ts'
import { deafFollower, type LiveWorld, startLiveWorld } from './live-world.ts'
import { pruneStream, renewStreamEpoch } from './stream-epoch.ts'

let world: LiveWorld
const cookies: Record<string, string> = {}
beforeAll(async () => {
  world = await startLiveWorld()
  for (const who of ['lead', 'mei', 'xiu', 'reviewer', 'admin'] as const)
    cookies[who] = await world.cookie(cast[who].mail)
})
afterAll(() => world.stop())

const follow = (who: string, cursor?: string) => world.follow(cookies[who] ?? '', cursor)
const post = (who: keyof typeof cast, id: string, path: string, body: object) =>
  world.as(who)('POST', `/api/v1/complaints/${id}/${path}`, body)

describe('the live stream', () => {
  it('tells those who see a complaint its changed row, and nobody else', async () => {
    const [lead, xiu] = [await follow('lead'), await follow('xiu')]
    const made = await record(world)
    const event = await lead.until((e) => e.name === 'change' && e.data.complaintId === made.id)
    expect(event.data).toMatchObject({
      version: made.version,
      row: { number: made.number, teamId: world.home.teams.taipei },
    })
    const theirs = await record(world, { teamId: world.home.teams.shanghai, placeId: undefined })
    await xiu.until((e) => e.data.complaintId === theirs.id)
    expect(xiu.events.filter((e) => e.data.complaintId === made.id)).toEqual([])
    lead.stop()
    xiu.stop()
  })

  it('begins with counts and a cursor; who comes back with it misses nothing', async () => {
    const first = await follow('lead')
    const { data } = await first.until((e) => e.name === 'counts')
    expect(data).toMatchObject({ all: expect.any(Number) })
    const cursor = first.cursor()
    expect(cursor).toMatch(/^[0-9a-f]{12}\.\d+\.\d+$/)
    first.stop()
    const made = await record(world)
    const again = await follow('lead', cursor)
    await again.until((e) => e.data.complaintId === made.id)
    expect(again.events.some((e) => e.name === 'reload')).toBe(false)
    again.stop()
  })

  it('says "gone" to those who lose sight of a complaint, and only to them', async () => {
    const made = await record(world)
    const [mei, xiu, lead] = [await follow('mei'), await follow('xiu'), await follow('lead')]
    const moved = await post('lead', made.id, 'assignment', {
      version: made.version,
      teamId: world.home.teams.shanghai,
      ownerId: null,
    })
    expect(moved.json()).toMatchObject({ id: made.id })
    await mei.until((e) => e.name === 'gone' && e.data.complaintId === made.id)
    await xiu.until((e) => e.name === 'change' && e.data.complaintId === made.id)
    await lead.until((e) => e.name === 'change' && e.data.complaintId === made.id)
    expect([...xiu.events, ...lead.events].some((e) => e.name === 'gone')).toBe(false)
    for (const one of [mei, xiu, lead]) one.stop()
  })

  it('says nothing at all of a complaint that was never visible', async () => {
    const xiu = await follow('xiu')
    await xiu.until((e) => e.name === 'counts')
    const made = await record(world, { confidentiality: 'secret' })
    await post('lead', made.id, 'assessment', { version: made.version, impact: 2, likelihood: 2 })
    const mark = await record(world, { teamId: world.home.teams.shanghai, placeId: undefined })
    await xiu.until((e) => e.data.complaintId === mark.id)
    expect(xiu.events.filter((e) => e.data.complaintId === made.id)).toEqual([])
    xiu.stop()
  })

  it('misses none of two transactions that commit in the reverse order of their ids', async () => {
    const [a, b] = [await record(world), await record(world)]
    const lead = await follow('lead')
    await lead.until((e) => e.name === 'counts')
    const insert = (id: string) => ({
      text: `insert into stream (org_id, at, complaint_id, version, type, audience) values ($1, now(), $2, 99, 'test', '{}')`,
      values: [world.home.org, id],
    })
    const [early, late] = [
      new pg.Client({ connectionString: world.url }),
      new pg.Client({ connectionString: world.url }),
    ]
    await Promise.all([early.connect(), late.connect()])
    await early.query('begin')
    await early.query(insert(a.id))
    await late.query('begin')
    await late.query(insert(b.id))
    await late.query('commit')
    world.app.wake(world.home.org)
    await new Promise((go) => setTimeout(go, 300))
    const seen = () => lead.events.filter((e) => e.data.type === 'test').map((e) => e.data.complaintId)
    expect(seen()).toEqual([])
    await early.query('commit')
    world.app.wake(world.home.org)
    await lead.until((e) => e.data.type === 'test' && e.data.complaintId === b.id)
    expect(seen()).toEqual([a.id, b.id])
    await Promise.all([early.end(), late.end()])
    lead.stop()
  })

  it('finds what was committed without a wake-up', async () => {
    const lead = await follow('lead')
    await lead.until((e) => e.name === 'counts')
    const made = await record(world)
    const client = new pg.Client({ connectionString: world.url })
    await client.connect()
    await client.query(
      `insert into stream (org_id, at, complaint_id, version, type, audience) values ($1, now(), $2, 99, 'silent', '{}')`,
      [world.home.org, made.id],
    )
    await client.end()
    await lead.until((e) => e.data.type === 'silent')
    lead.stop()
  })

  it.each([
    ['of another installation', 'abcdefabcdef.1.1'],
    ['that is none', "'; drop table stream --"],
  ])('tells a cursor %s to reload', async (_, cursor) => {
    const lead = await follow('lead', cursor)
    await lead.until((e) => e.name === 'reload')
    lead.stop()
  })

  it('tells a cursor from before the pruning, or from before a restore, to reload', async () => {
    const first = await follow('lead')
    const made = await record(world)
    await first.until((e) => e.data.complaintId === made.id)
    const cursor = first.cursor()
    // Told of means behind the horizon, which long transactions of other databases hold back, too: only that is pruned.
    const later = await record(world)
    await first.until((e) => e.data.complaintId === later.id)
    first.stop()
    expect(await pruneStream(world.app.systemDb, world.clock.now + 1)).toBeGreaterThan(0)
    const second = await follow('lead', cursor)
    await second.until((e) => e.name === 'reload')
    const fresh = second.cursor()
    second.stop()
    await world.app.systemDb.withoutScope(renewStreamEpoch)
    const third = await follow('lead', fresh)
    await third.until((e) => e.name === 'reload')
    third.stop()
  })

  it('closes within five seconds of the session’s end, and follows a change of roles', async () => {
    const cookie = await world.cookie(cast.xiu.mail)
    const xiu = await world.follow(cookie)
    await xiu.until((e) => e.name === 'counts')
    const staff = (await world.as('admin')('GET', '/api/v1/staff')).json()
    const one = (staff.staff ?? staff.items).find((s: { id: string }) => s.id === world.home.staff.xiu)
    const changed = await world.as('admin')('PATCH', `/api/v1/staff/${one.id}`, {
      version: one.version,
      roles: ['handler', 'team_lead'],
    })
    expect(changed.statusCode).toBe(200)
    await xiu.until((e) => e.name === 'reload')
    const made = await record(world)
    await xiu.until((e) => e.data.complaintId === made.id)
    await world.app.server.inject({
      method: 'DELETE',
      url: '/api/v1/session',
      headers: { cookie, 'sec-fetch-site': 'same-origin' },
    })
    await xiu.until((e) => e.name === 'closed')
    await xiu.ended
  })

  it.each(['admin'])('is not for %s', async (who) => {
    await expect(follow(who)).rejects.toThrow('stream: 403')
    await expect(world.follow('')).rejects.toThrow('stream: 401')
  })
})

describe('many readers', () => {
  it('twenty connections read the database once, and a deaf one holds up nobody', async () => {
    const cookie = await world.cookie(cast.lead.mail)
    const followers = await Promise.all(Array.from({ length: 20 }, () => world.follow(cookie)))
    const deaf = deafFollower(world.base, cookie)
    const before = await scans()
    const made = await Promise.all(Array.from({ length: 10 }, () => record(world)))
    await Promise.all(followers.flatMap((f) => made.map((m) => f.until((e) => e.data.complaintId === m.id))))
    expect((await scans()) - before).toBeLessThan(60)
    for (const f of followers) f.stop()
    deaf.destroy()
  })
})

/** How often the stream table was read. */
async function scans(): Promise<number> {
  const client = new pg.Client({ connectionString: world.url })
  await client.connect()
  await client.query('select pg_stat_force_next_flush()')
  await new Promise((flushed) => setTimeout(flushed, 1_200))
  const { rows } = await client.query<{ n: string }>(
    `select seq_scan + idx_scan as n from pg_stat_user_tables where relname = 'stream'`,
  )
  await client.end()
  return Number(rows[0]?.n)
}
