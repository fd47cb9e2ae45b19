import { readFile } from 'node:fs/promises'
import pg from 'pg'
import { expect, it } from 'vitest'
import { emptyDatabase } from '../kit/testing/database.ts'
import { migrate } from '../migrate.ts'
import { dumpSchema } from './index.ts'

it('db/schema.sql is what the migrations make (else run: ./redress schema --write)', async () => {
  const { url, drop } = await emptyDatabase()
  await migrate(url)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const dump = await dumpSchema(client)
  await client.end()
  await drop()
  const kept = await readFile(new URL('../../db/schema.sql', import.meta.url), 'utf8')
  expect(dump).toBe(kept)
})
