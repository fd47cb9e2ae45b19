import pg from 'pg'
import { expect, test } from 'vitest'
import { emptyDatabase, freshDatabase } from './database.ts'

test('each asker gets a database of its own, and it is gone when dropped', async () => {
  const [one, two] = await Promise.all([freshDatabase(), freshDatabase()])
  expect(one.url).not.toBe(two.url)
  await ask(one.url, 'CREATE TABLE only_here ()')
  await expect(ask(two.url, 'SELECT FROM only_here')).rejects.toThrow('does not exist')
  await Promise.all([one.drop(), two.drop()])
  await expect(ask(one.url, 'SELECT')).rejects.toThrow('does not exist')
})

test('an empty database is UTF8 in the C locale, as in production', async () => {
  const database = await emptyDatabase()
  const [row] = await ask(
    database.url,
    'SELECT pg_encoding_to_char(encoding) AS encoding, datcollate FROM pg_database WHERE datname = current_database()',
  )
  expect(row).toEqual({ encoding: 'UTF8', datcollate: 'C' })
  await database.drop()
})

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
