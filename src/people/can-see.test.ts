import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { everyone, record, startWorld, type World } from '../../test/world/world.ts'
import { openCounts } from '../complaints/counts.ts'
import { countMatching, listComplaints } from '../complaints/queries.ts'
import { shownByIds } from '../complaints/stream-rows.ts'
import type { Scope } from '../kit/db/database.ts'
import { findComplaints } from '../search/find.ts'
import { publicActor } from './actor.ts'
import { canSee } from './can-see.ts'

let world: World
let ids: string[]
let staff: string[]
let teams: string[]
beforeAll(async () => {
  world = await startWorld()
  staff = everyone.slice(0, 5).map((who) => world.home.staff[who])
  teams = Object.values(world.home.teams)
  ids = []
  for (let n = 0; n < 12; n++) ids.push((await record(world, { text: `熱水壺第 ${n} 次跳電` })).id)
  await record(world, {}, 'intake', 'neighbour')
})
afterAll(() => world.stop())

type Case = {
  team: number
  owner: number
  restricted: boolean
  access: number[]
  helpers: number[]
  subjects: number[]
}
const who = fc.nat(4)
const few = fc.uniqueArray(who, { maxLength: 2 })
const complaint = fc.record({
  team: fc.nat(1),
  owner: fc.integer({ min: -1, max: 4 }),
  restricted: fc.boolean(),
  access: few,
  helpers: few,
  subjects: fc.uniqueArray(who, { maxLength: 1 }),
})
const reader = fc.record({
  staff: who,
  teams: fc.uniqueArray(fc.nat(1)),
  managers: few,
  scope: fc.constantFrom('organisation' as const, 'team' as const, 'tasks' as const, 'none' as const),
})

it('list, search, count and stream show a reader the same complaints, in any organisation', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(complaint, { minLength: 12, maxLength: 12 }),
      fc.array(reader, { minLength: 4, maxLength: 4 }),
      async (cases, readers) => {
        await arrange(cases)
        for (const { staff: n, teams: inTeams, managers, scope } of readers) {
          const me = staff[n] ?? ''
          const chain = [...new Set([me, ...managers.map((m) => staff[m] ?? '')])]
          const seen = await doors({
            org: world.home.org,
            staff: me,
            teams: inTeams.map((t) => teams[t] ?? ''),
            chain,
            scope,
          })
          expect(seen.list, 'list and stream').toEqual(seen.stream)
          expect(seen.search, 'search and stream').toEqual(seen.stream)
          expect(seen.count, 'count and stream').toBe(seen.stream.length)
          expect(seen.matching, 'count of a view and stream').toBe(seen.stream.length)
          expect(seen.restricted, 'count of the restricted').toBe(
            seen.stream.filter((id) => cases[ids.indexOf(id)]?.restricted).length,
          )
        }
      },
    ),
    { numRuns: 25 },
  )
})

async function arrange(cases: readonly Case[]): Promise<void> {
  const org = world.home.org
  await world.app.db.withScope({ org }, async (tx) => {
    for (const table of ['complaint_access', 'complaint_helper', 'complaint_subject'])
      await tx.run(sql`delete from ${sql.table(table)} where org_id = ${org}`)
    for (const [i, c] of cases.entries()) {
      const id = ids[i]
      await tx.run(
        sql`update complaint set team_id = ${teams[c.team]}, owner_id = ${staff[c.owner] ?? null}, restricted = ${c.restricted} where org_id = ${org} and id = ${id}`,
      )
      for (const n of c.access) await tx.run(sql`insert into complaint_access values (${org}, ${id}, ${staff[n]})`)
      for (const n of c.helpers)
        await tx.run(sql`insert into complaint_helper values (${org}, ${id}, ${staff[n]}, 'helper')`)
      for (const n of c.subjects) await tx.run(sql`insert into complaint_subject values (${org}, ${id}, ${staff[n]})`)
    }
  })
}

async function doors(scope: Scope): Promise<{
  list: string[]
  search: string[]
  stream: string[]
  count: number
  matching: number
  restricted: number
}> {
  const { app, clock, home } = world
  const actor = {
    ...publicActor({ id: home.org, slug: home.slug, no: 1 }, 'test'),
    staffId: scope.staff,
    teams: scope.teams ?? [],
    scope,
  }
  const counts = openCounts(app.db, { on: () => () => undefined })
  return app.db.withScope(
    scope,
    async (tx) => {
      const listed = await listComplaints(tx, actor, { view: 'all', open: 'true', sort: 'next', limit: 50 }, clock.now)
      const found = await findComplaints(tx, actor, { q: '熱水壺', order: 'newest', open: 'any', limit: 50 }, clock.now)
      const shown = await shownByIds(tx, home.org, ids, clock.now)
      return {
        list: listed.items.map((r) => r.id).sort(),
        search: found.items.map((i) => i.complaint.id ?? '').sort(),
        stream: ids.filter((id) => shown.has(id) && canSee(scope, shown.get(id)?.audience ?? never())).sort(),
        count: (await counts.of(scope, clock.now)).all,
        matching: (await countMatching(tx, actor, { view: 'all', open: 'true' }, clock.now)).count,
        restricted: (await countMatching(tx, actor, { view: 'all', open: 'true', restricted: 'true' }, clock.now))
          .count,
      }
    },
    'read',
  )
}

function never(): never {
  throw new Error('a complaint is missing')
}
