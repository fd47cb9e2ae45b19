import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../kit/db/database.ts'
import type { RefusalError } from '../kit/pure/result.ts'
import { freshDatabase, type TestDatabase } from '../kit/testing/database.ts'
import { makeLimits, storedTries } from './limits.ts'

test('a caller is held back above its allowance and let on a minute later; others are not', () => {
  const limits = makeLimits()
  const send = (address: string, now: number) => limits.count('submit', address, 3, now)
  for (let i = 0; i < 3; i++) send('a', 0)
  expect(() => send('a', 1000)).toThrow('request.too-many')
  expect(() => send('b', 1000)).not.toThrow()
  expect(() => send('a', 60_001)).not.toThrow()
})

describe('wrong codes of one reference', () => {
  let database: TestDatabase
  const opened: Database[] = []
  /** A process of its own over the same database. */
  const process = () => {
    const db = openDatabase(database.url)
    opened.push(db)
    return storedTries(db, Buffer.alloc(32, 1))
  }
  beforeAll(async () => {
    database = await freshDatabase()
  })
  afterAll(async () => {
    await Promise.all(opened.map((db) => db.close()))
    await database.drop()
  })

  test('five are free over all processes, then each one doubles the wait up to a quarter of an hour', async () => {
    const [one, two] = [process(), process()]
    let now = Date.parse('2026-03-03T02:00:00Z')
    const waits: number[] = []
    for (let i = 0; i < 17; i++) {
      const asked = i % 2 ? one : two
      const wait = await asked.begin('r', now).then(
        () => 0,
        (error: RefusalError) => Number(error.refusal.facts?.retryAfter),
      )
      waits.push(wait)
      now += wait * 1000
      if (wait > 0) await asked.begin('r', now)
    }
    expect(waits).toEqual([0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900])
    await expect(two.begin('other', now)).resolves.toBeUndefined()
    await one.right('r')
    for (let i = 0; i < 5; i++) await two.begin('r', now)
    await expect(one.begin('r', now)).rejects.toThrow('request.too-many')
  })
})
