import { sql } from 'kysely'
import { afterAll, describe, expect, it } from 'vitest'
import { verifyAll } from '../audit/index.ts'
import { newId } from '../kit/ids.ts'
import { createStaff } from '../people/index.ts'
import { record, startWorld, type Who } from '../../test/world/world.ts'
import { routePlace } from './index.ts'

const world = await startWorld()
afterAll(() => world.stop())

const { org, place, staff, teams } = world.home
const inside = <T>(work: Parameters<typeof world.app.db.withScope<T>>[1]) => world.app.db.withScope({ org }, work)
const complaintOf = async (id: string, who: Who = 'lead') =>
  (await world.as(who)('GET', `/api/v1/complaints/${id}`)).json()
const line = (placeId: string | null, typeCode: string | null, teamId: string) =>
  inside((tx) =>
    tx.run(
      sql`insert into routing_line (org_id, id, place_id, type_code, team_id, created_at) values (${org}, ${newId(world.clock.now)}, ${placeId}, ${typeCode}, ${teamId}, now())`,
    ),
  )
const mode = (team: string, to: string) =>
  inside((tx) => tx.run(sql`update team set assignment = ${to} where org_id = ${org} and id = ${team}`))
/** A busy machine says 503 in time; its clients come again. */
const insistent = (body: object, tries = 5): Promise<{ id: string }> =>
  record(world, body).catch((error: Error) => {
    if (tries === 0 || !error.message.includes(' 503 ')) throw error
    return insistent(body, tries - 1)
  })
const taipei = teams.taipei ?? ''
const shanghai = teams.shanghai ?? ''

describe('to which team', () => {
  it('a place has its team, a type goes before it, both together before either; else the default team', async () => {
    const region = newId(world.clock.now)
    await inside((tx) =>
      tx.run(
        sql`insert into place (org_id, id, code, name) values (${org}, ${region}, 'NORTH', '{"zhHant":"北區","zhHans":"北区","en":"North"}')`,
      ),
    )
    await line(null, 'finance', shanghai)
    await line(place, 'F1', taipei)
    const teamOf = async (body: object) => {
      const { complaint } = await complaintOf((await record(world, body)).id)
      return [complaint.teamId, complaint.assignedWhy.rule]
    }
    expect(await teamOf({})).toEqual([taipei, 'place'])
    expect(await teamOf({ placeId: undefined })).toEqual([taipei, 'default'])
    expect(await teamOf({ typeCode: 'F2' })).toEqual([shanghai, 'type'])
    expect(await teamOf({ typeCode: 'F1' })).toEqual([taipei, 'place-and-type'])
    expect(await teamOf({ typeCode: 'F2', teamId: taipei })).toEqual([taipei, 'chosen'])
    // A place without a line of its own is of what it lies under.
    await inside((tx) => routePlace(tx, { org, now: world.clock.now }, region, shanghai))
    const shop = newId(world.clock.now)
    await inside((tx) =>
      tx.run(
        sql`insert into place (org_id, id, code, name, parent_id) values (${org}, ${shop}, 'SHILIN', '{"zhHant":"士林","zhHans":"士林","en":"Shilin"}', ${region})`,
      ),
    )
    expect(await teamOf({ placeId: shop })).toEqual([shanghai, 'place'])
  })
})

describe('to whom of it', () => {
  it('fifty at the same instant are shared out evenly, and each says who was present with how many', async () => {
    await mode(shanghai, 'fewest_open')
    const more = await Promise.all(
      ['a', 'b', 'c', 'd'].map((n) =>
        inside((tx) =>
          createStaff(
            tx,
            { org, now: world.clock.now },
            { name: n, mail: `${n}@harbour.test`, roles: ['handler'], teamIds: [shanghai], passwordHash: 'x' },
          ),
        ),
      ),
    )
    const people = [staff.xiu, ...more.map((m) => m.staffId)]
    await inside((tx) => tx.run(sql`update complaint set owner_id = null where org_id = ${org} and open`))
    const made = await Promise.all(Array.from({ length: 50 }, () => insistent({ teamId: shanghai })))
    const owners = await inside((tx) =>
      tx.rows<{ owner_id: string; n: number }>(
        sql`select owner_id, count(*)::int as n from complaint where org_id = ${org} and id = any (${made.map((m) => m.id)}::uuid[]) group by 1`,
      ),
    )
    expect(Object.fromEntries(owners.map((o) => [o.owner_id, o.n]))).toEqual(
      Object.fromEntries(people.map((id) => [id, 10])),
    )
    const { complaint, timeline } = await complaintOf(made[0]?.id ?? '')
    expect(complaint.assignedWhy).toMatchObject({ rule: 'chosen', teamId: shanghai, mode: 'fewest_open' })
    expect(complaint.assignedWhy.present.map((p: { staffId: string }) => p.staffId).toSorted()).toEqual(
      people.toSorted(),
    )
    expect(timeline.find((i: { type?: string }) => i.type === 'routed')).toMatchObject({
      type: 'routed',
      actor: { kind: 'system' },
    })
  })

  it('nobody gets what is about them, nor what they may not see; then it waits in the queue, and says that nobody was there', async () => {
    await mode(taipei, 'fewest_open')
    const about = await record(world, { subjectStaffIds: [staff.mei], placeId: undefined })
    expect((await complaintOf(about.id, 'intake')).complaint.owner?.id).not.toBe(staff.mei)
    const hidden = await record(world, { confidentiality: 'restricted', teamId: shanghai, placeId: undefined })
    const { complaint } = await complaintOf(hidden.id)
    expect(complaint.owner).toBeNull()
    expect(complaint.assignedWhy).toMatchObject({ mode: 'fewest_open', present: [] })
  })

  it('what is given back goes to another one', async () => {
    const { id, version } = await record(world, { teamId: shanghai, placeId: undefined })
    const first = (await complaintOf(id)).complaint.owner.id
    const back = await world.as('lead')('POST', `/api/v1/complaints/${id}/assignment`, { version, ownerId: null })
    expect(back.statusCode).toBe(200)
    const { complaint } = await complaintOf(id)
    expect(complaint.owner.id).not.toBe(first)
    expect(complaint.assignedWhy.rule).toBe('returned')
  })

  it('who is away gets nothing, and is not counted as present', async () => {
    await inside((tx) =>
      tx.run(
        sql`insert into absence (org_id, id, staff_id, from_day, until_day, created_at) values (${org}, ${newId(world.clock.now)}, ${staff.xiu}, '2026-03-01', '2026-03-05', now())`,
      ),
    )
    const made = await Promise.all(Array.from({ length: 8 }, () => record(world, { teamId: shanghai })))
    for (const { id } of made) {
      const { owner, assignedWhy } = (await complaintOf(id)).complaint
      expect(owner.id).not.toBe(staff.xiu)
      expect(assignedWhy.present.map((p: { staffId: string }) => p.staffId)).not.toContain(staff.xiu)
    }
  })

  it('another type offers the team it belongs to, and does nothing by itself', async () => {
    const { id, version } = await record(world, { typeCode: 'R1', placeId: undefined })
    const assess = { version, impact: 2, likelihood: 2, flags: [], typeCode: 'F2' }
    await world.as('lead')('POST', `/api/v1/complaints/${id}/assessment`, assess)
    const { complaint } = await complaintOf(id)
    expect(complaint).toMatchObject({ teamId: taipei, reroute: { teamId: shanghai } })
    const moved = await world.as('lead')('POST', `/api/v1/complaints/${id}/assignment`, {
      version: complaint.version,
      ownerId: null,
      teamId: shanghai,
    })
    expect(moved.statusCode).toBe(200)
    expect((await complaintOf(id)).complaint).toMatchObject({ teamId: shanghai, reroute: null })
  })

  it('every step can be proven', async () => {
    const { findings } = await verifyAll(world.app)
    expect(findings).toEqual([])
  })
})
