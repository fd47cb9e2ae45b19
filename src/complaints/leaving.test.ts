import pg from 'pg'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { record, startWorld, type Who, type World } from '../../test/world/world.ts'
import { verifyAll } from '../audit/index.ts'
import { releaseLeaver, releaseLeavers } from './leaving.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const page = async (id: string, who: Who = 'lead') => (await world.as(who)('GET', `/api/v1/complaints/${id}`)).json()
const act = async (id: string, path: string, body: object, who: Who = 'lead') => {
  const { complaint } = await page(id, who)
  const reply = await world.as(who)('POST', `/api/v1/complaints/${id}/${path}`, { version: complaint.version, ...body })
  expect(reply.statusCode, reply.body).toBe(200)
}
const owned = async (ownerId: string, body: object = {}) => {
  const { id } = await record(world, body)
  await act(id, 'assignment', { ownerId })
  return id
}
const close = (id: string, active = false) => world.as('admin')('PATCH', `/api/v1/staff/${id}`, { active })
const queued = async () => {
  const client = new pg.Client({ connectionString: world.url })
  await client.connect()
  const { rows } = await client.query(
    `select count(*)::int as n from graphile_worker.jobs where task_identifier = 'release_leaver'`,
  )
  await client.end()
  return rows[0].n
}

it('what somebody answered for goes back to the queue when they leave, and what they promised to a lead', async () => {
  const { mei, lead } = world.home.staff
  const ids = await Promise.all([1, 2, 3].map(() => owned(mei)))
  const [first = '', handed = ''] = ids
  await act(first, 'promises', { text: '週五回電', dueAt: '2026-12-01T09:00:00Z', kind: 'callback' }, 'mei')
  await act(handed, 'assignment', { ownerId: lead })
  await act(handed, 'handover', { staffId: mei, text: '請接手' })
  const left = async () => (await world.as('admin')('GET', `/api/v1/staff/${mei}/leaving`)).json()
  expect(await left()).toEqual({ complaints: 2, duties: 2, emptyTeamIds: [] })

  // Still here: nothing is taken from anybody.
  expect(await releaseLeaver(world.app, { org: world.home.org, staffId: mei })).toBe(0)
  expect((await close(mei)).statusCode).toBe(200)
  expect(await queued()).toBe(1)
  expect(await releaseLeaver(world.app, { org: world.home.org, staffId: mei, by: world.home.staff.admin })).toBe(3)
  expect(await releaseLeaver(world.app, { org: world.home.org, staffId: mei })).toBe(0)
  expect(await left()).toEqual({ complaints: 0, duties: 0, emptyTeamIds: [] })

  const after = await page(first)
  expect(after.complaint).toMatchObject({ owner: null, open: true, teamId: world.home.teams.taipei })
  const told = after.timeline.find((i: { type?: string }) => i.type === 'owner_left')
  expect(told).toMatchObject({
    actor: { kind: 'system' },
    facts: { assignedWhy: { rule: 'owner-left', ownerStaff: mei, by: world.home.staff.admin }, heirStaff: lead },
  })
  await act(handed, 'handover-acceptance', {})
  expect((await page(handed)).complaint.owner.id).toBe(lead)
  expect((await world.as('lead')('GET', '/api/v1/complaints?view=unassigned')).json().items.length).toBeGreaterThan(1)
  await close(mei, true)
})

it('a restricted complaint of somebody who left is still seen by somebody, and never by its subject', async () => {
  const { specialist, lead } = world.home.staff
  const { id } = await record(world, { confidentiality: 'restricted', subjectStaffIds: [lead] }, 'intake')
  const before = await page(id, 'reviewer')
  const body = { version: before.complaint.version, ownerId: specialist }
  const given = await world.as('reviewer')('POST', `/api/v1/complaints/${id}/assignment`, body)
  expect(given.statusCode, given.body).toBe(200)
  await close(specialist)
  expect(await releaseLeavers(world.app)).toBe(1)
  expect((await page(id, 'reviewer')).complaint.owner).toBeNull()
  expect((await world.as('lead')('GET', `/api/v1/complaints/${id}`)).statusCode).toBe(404)
})

it('a lost job is made up for by the hourly look, a team left empty is named, and the history is whole', async () => {
  const { xiu } = world.home.staff
  const id = await owned(xiu)
  const left = (await world.as('admin')('GET', `/api/v1/staff/${xiu}/leaving`)).json()
  expect(left).toMatchObject({ complaints: 1, emptyTeamIds: [world.home.teams.shanghai] })
  expect((await world.as('lead')('GET', `/api/v1/staff/${xiu}/leaving`)).statusCode).toBe(403)
  await world.app.db.withScope({ org: world.home.org }, (tx) =>
    tx.run(sql`update staff set active = false where org_id = ${world.home.org} and id = ${xiu}`),
  )
  expect(await releaseLeavers(world.app)).toBe(1)
  expect(await releaseLeavers(world.app)).toBe(0)
  expect((await page(id)).complaint.owner).toBeNull()
  expect((await verifyAll(world.app)).findings).toEqual([])
})
