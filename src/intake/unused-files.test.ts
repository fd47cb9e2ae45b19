import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ms, record, startWorld, type World } from '../../test/world/world.ts'
import { verifyAll } from '../audit/index.ts'
import { pruneAll } from '../jobs.ts'
import { newId } from '../kit/ids.ts'
import { removeUnusedFiles } from './unused-files.ts'
import { storeUpload } from './uploads.ts'

let world: World
let org: string
beforeAll(async () => {
  // The age of bytes is the machine's: the clock of this world runs with it.
  world = await startWorld({ now: Date.now() })
  org = world.home.org
})
afterAll(() => world.stop())

const bytes = (text: string) => Readable.from([Buffer.from(text)])
const upload = (uploader: string, text: string) =>
  storeUpload(world.app, { org, uploader, stream: bytes(text), name: 'a.txt', now: world.clock.now })
const stored = async () => {
  const { blobs, unusedBlobs } = await verified()
  return { rows: blobs, unnamed: unusedBlobs }
}

async function verified() {
  const result = await verifyAll(world.app, { blobs: true })
  expect(result.findings).toEqual([])
  return result
}

it('files of a draft nobody sent go with it, those of a complaint stay', async () => {
  const draft = newId(world.clock.now)
  await world.app.db.withScope({ org }, ({ client }) =>
    client.query(
      `insert into portal_draft (org_id, id, token_hash, data, expires_at) values ($1, $2, '\\x00', '{}', $3)`,
      [org, draft, new Date(world.clock.now + ms.day)],
    ),
  )
  await upload(`portal:${draft}`, 'never sent')
  await upload(`portal:${draft}`, 'sent by somebody else too')
  const kept = await upload(`staff:${world.home.staff.intake}`, 'sent by somebody else too')
  await record(world, { attachmentIds: [kept.id] })
  // Put, and then the program was killed before its row.
  await world.app.blobs(org).put(bytes('no row at all'))
  await pruneAll(world.app)
  expect(await stored()).toEqual({ rows: 2, unnamed: 1 })

  world.clock.advance(1.5 * ms.day)
  await pruneAll(world.app)
  expect(await stored()).toEqual({ rows: 1, unnamed: 1 })
  await pruneAll(world.app)
  expect(await stored()).toEqual({ rows: 1, unnamed: 0 })
})

it('an upload of bytes that are just being removed keeps them', async () => {
  const early = await upload('portal:nobody', 'once more')
  await world.app.db.withScope({ org }, async ({ client }) => {
    await client.query('delete from attachment where org_id = $1 and id = $2', [org, early.id])
    await client.query('update blob set created_at = to_timestamp(0) where org_id = $1', [org])
  })
  await new Promise((later) => setTimeout(later, 60))
  const before = Date.now()
  world.clock.now = before
  const [again] = await Promise.all([
    upload(`staff:${world.home.staff.intake}`, 'once more'),
    removeUnusedFiles(world.app, org, before),
    removeUnusedFiles(world.app, org, before),
  ])
  expect(again.size).toBe(9)
  await verified()
})
