import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type Who, type World } from '../../test/world/world.ts'
import { presentStaff } from './index.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const away = async (who: Who, body: object) => world.as(who)('POST', '/api/v1/me/absences', body)
const present = async (at = world.clock.now) =>
  (
    await world.app.db.withScope({ org: world.home.org }, (tx) =>
      presentStaff(tx, world.home.org, world.home.teams.taipei ?? '', at),
    )
  ).map((s) => s.id)

it('who said they are away is not among those present, from their midnight to their midnight', async () => {
  const { mei, lead } = world.home.staff
  const added = await away('mei', { from: '2026-04-06', until: '2026-04-08', standInId: lead })
  expect(added.statusCode).toBe(201)
  expect(await present(Date.parse('2026-04-05T23:59:00+08:00'))).toContain(mei)
  expect(await present(Date.parse('2026-04-06T00:00:00+08:00'))).not.toContain(mei)
  expect(await present(Date.parse('2026-04-08T23:59:00+08:00'))).not.toContain(mei)
  expect(await present(Date.parse('2026-04-09T00:00:00+08:00'))).toContain(mei)
  await world.as('mei')('PATCH', '/api/v1/me', { zone: 'Europe/London' })
  expect(await present(Date.parse('2026-04-06T00:00:00+08:00'))).toContain(mei)
  await world.as('mei')('PATCH', '/api/v1/me', { zone: 'Asia/Taipei' })

  const listed = (await world.as('intake')('GET', '/api/v1/absences')).json().absences
  expect(listed).toMatchObject([{ staffId: mei, from: '2026-04-06', until: '2026-04-08', standInId: lead, now: false }])

  expect((await world.as('mei')('DELETE', `/api/v1/me/absences/${added.json().id}`)).statusCode).toBe(200)
  expect(await present(Date.parse('2026-04-06T12:00:00+08:00'))).toContain(mei)
  expect((await world.as('mei')('DELETE', `/api/v1/me/absences/${added.json().id}`)).json().code).toBe(
    'people.no-such-absence',
  )
})

it('a lead can say it for somebody who is ill, and it is in the access log; a colleague cannot', async () => {
  const { mei } = world.home.staff
  const body = { from: '2026-05-01', until: '2026-05-02' }
  expect((await world.as('specialist')('POST', `/api/v1/staff/${mei}/absences`, body)).statusCode).toBe(403)
  const said = await world.as('lead')('POST', `/api/v1/staff/${mei}/absences`, body)
  expect(said.statusCode).toBe(201)
  const log = (await world.as('auditor')('GET', '/api/v1/access-log?limit=5')).json().items
  expect(log).toContainEqual(expect.objectContaining({ what: 'people.absence-added', facts: { staff: mei } }))
  expect((await world.as('specialist')('DELETE', `/api/v1/me/absences/${said.json().id}`)).statusCode).toBe(404)
  expect((await world.as('lead')('DELETE', `/api/v1/absences/${said.json().id}`)).statusCode).toBe(200)
})

it('nobody stands in for themselves, a stranger for nobody, and time does not run backwards', async () => {
  const days = { from: '2026-05-01', until: '2026-05-02' }
  for (const standInId of [world.home.staff.mei, world.neighbour.staff.lead])
    expect((await away('mei', { ...days, standInId })).json().code).toBe('people.no-such-stand-in')
  for (const wrong of [
    { from: '2026-05-03', until: '2026-05-02' },
    { from: '2026-02-30', until: '2026-05-02' },
    { from: '2026-05-01', until: '9999-12-31' },
  ])
    expect((await away('mei', wrong)).json().code).toBe('request.invalid')
})

it('everybody keeps a signature in the languages they write', async () => {
  const signature = { zhHant: '海港家電 客訴中心\n林美琳', zhHans: '', en: 'Meilin, Harbour Home' }
  const me = (await world.as('mei')('PATCH', '/api/v1/me', { signature })).json()
  expect(me.signature).toEqual(signature)
  expect((await world.as('mei')('GET', '/api/v1/me')).json().signature).toEqual(signature)
  expect((await world.as('lead')('GET', '/api/v1/me')).json().signature).toEqual({ zhHant: '', zhHans: '', en: '' })
  const long = { ...signature, en: 'x'.repeat(1001) }
  expect((await world.as('mei')('PATCH', '/api/v1/me', { signature: long })).statusCode).toBe(400)
})
