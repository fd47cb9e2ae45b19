import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { record, startWorld, type World } from '../../test/world/world.ts'
import { verifyAll } from '../audit/index.ts'
import { bringInto } from './bring-world.ts'
import { textSource } from './import-world.ts'
import type { RunRow } from './runs.ts'

// What came in is known as such afterwards: in lists, on its page, by its number there.

let world: World
let run: RunRow
beforeAll(async () => {
  world = await startWorld()
  await record(world)
  const into = { app: world.app, org: world.home.org, now: world.clock.now }
  const rows = [
    'K-1,2024-03-01,2024-03-02,Kettles,一',
    'K-2,2024-03-03,,Returns,二',
    'K-3,2024-03-04,2024-03-01,Kettles,三',
  ]
  const text = ['id,received,closed,type,description', ...rows].join('\n')
  run = await bringInto(into, textSource(text, 'old desk.csv'), { source: 'desk' })
  await bringInto(into, textSource('id,received,description\nZ-1,2024-03-01,別的\n', 'other.csv'), { source: 'other' })
})
afterAll(() => world.stop())

const read = async (who: Parameters<World['as']>[0], url: string, house: 'home' | 'neighbour' = 'home') =>
  (await world.as(who, house)('GET', url)).json()
const numbers = (page: { items: { title: string }[] }) => page.items.map((i) => i.title)

describe('a list of one import', () => {
  test('holds what came of it and nothing else, with other filters, saved and counted', async () => {
    const all = await read('lead', `/api/v1/complaints?importId=${run.id}&open=any`)
    expect(numbers(all)).toEqual(['三', '二', '一'])
    expect(numbers(await read('lead', `/api/v1/complaints?importId=${run.id}`))).toEqual(['二'])
    expect((await read('lead', `/api/v1/complaints/count?importId=${run.id}&open=false`)).count).toBe(2)
    const view = { name: '匯入', shared: true, filter: { open: 'any', importId: run.id } }
    const made = await world.as('admin')('POST', '/api/v1/views', view)
    expect(made.statusCode, made.body).toBe(201)
    const counts = await read('lead', '/api/v1/views/counts')
    expect(counts.items.find((i: { id: string }) => i.id === made.json().id)).toMatchObject({ count: 3 })
    const unknown = { ...view, filter: { importId: world.home.org } }
    expect((await world.as('lead')('POST', '/api/v1/views', unknown)).json().code).toBe('intake.unknown-reference')
  })

  test('shows nobody more than their other lists do, and is called by its file', async () => {
    // Another team's reader sees none of it, another organisation does not even know its name.
    expect(numbers(await read('xiu', `/api/v1/complaints?importId=${run.id}&open=any`))).toEqual([])
    expect(numbers(await read('lead', `/api/v1/complaints?importId=${run.id}&open=any`, 'neighbour'))).toEqual([])
    expect(await read('lead', `/api/v1/imports/${run.id}`)).toMatchObject({ source: 'desk', fileName: 'old desk.csv' })
    expect((await read('lead', `/api/v1/imports/${run.id}`, 'neighbour')).code).toBe('import.no-such-run')
  })
})

describe('an imported complaint', () => {
  test('says where it comes from, and what its source called things that mean nothing here', async () => {
    const [third] = (await read('lead', `/api/v1/complaints?importId=${run.id}&open=any`)).items as { id: string }[]
    const page = await read('lead', `/api/v1/complaints/${third?.id}`)
    expect(page.complaint).toMatchObject({ importId: run.id, typeCode: null })
    const origin = await read('lead', `/api/v1/complaints/${third?.id}/origin`)
    expect(origin).toMatchObject({ id: run.id, source: 'desk', sourceId: 'K-3', flaw: 'closed-before-received' })
    expect(origin.values).toEqual([{ target: 'type', value: 'Kettles' }])
    expect((await read('xiu', `/api/v1/complaints/${third?.id}/origin`)).code).toBe('complaints.not-found')
  })

  test('is missed by search where its later words are, even while those it came with still wait', async () => {
    const [one] = (await read('lead', `/api/v1/complaints?importId=${run.id}`)).items as {
      id: string
      version: number
    }[]
    const noted = await world.as('lead')('POST', `/api/v1/complaints/${one?.id}/notes`, {
      version: one?.version,
      text: '後來說的',
    })
    expect(noted.statusCode, noted.body).toBe(200)
    const wrong = async () => (await verifyAll(world.app)).findings.map((f) => f.code)
    expect(await wrong()).toEqual([])
    await world.app.systemDb.pool.query('delete from search_row where complaint_id = $1', [one?.id])
    expect(await wrong()).toEqual(['audit.search-missing'])
  })

  test('others come from nowhere', async () => {
    const { id } = await record(world)
    expect((await read('mei', `/api/v1/complaints/${id}`)).complaint.importId).toBeNull()
    expect((await read('mei', `/api/v1/complaints/${id}/origin`)).code).toBe('import.not-imported')
  })
})
