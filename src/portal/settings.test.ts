import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../test/world/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

it('whoever changes what the public is told answers for it, once a change', async () => {
  for (const published of ['exact', 'exact', 'working_hours'])
    await world.as('admin')('PUT', '/api/v1/settings/public-promises', { published })
  const log = (await world.as('auditor')('GET', '/api/v1/access-log')).json<{ items: { what: string }[] }>()
  expect(log.items.filter((entry) => entry.what === 'portal.promises-set')).toHaveLength(2)
})
