import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from '../testing/database.ts'
import { type Database, isUnavailable, openDatabase, type Tx } from './database.ts'

const org = '019cb16c-7100-7179-bea5-fad2970af6c0'
/** The limit of one statement. */
const limitMs = 1_500
const divisionByZero = { code: '22012' }
const bad = sql`select 1/0`
const one = sql<{ one: number }>`select 1 as one`
const slow = sql`select 1 from pg_sleep(1.1)`

let database: TestDatabase
let db: Database
const unhandled: unknown[] = []
const noteUnhandled = (error: unknown) => unhandled.push(error)

beforeAll(async () => {
  process.on('unhandledRejection', noteUnhandled)
  database = await freshDatabase()
  db = openDatabase(database.url, { max: 2, statementTimeoutMs: limitMs })
  await db.withScope({ org }, (tx) =>
    tx.run(sql`insert into organisation (org_id, no, slug, name, locale, zone, created_at)
      values (${org}, 900, 'pipeline', '{}', 'en', 'UTC', now())`),
  )
})
afterAll(async () => {
  process.off('unhandledRejection', noteUnhandled)
  await db.close()
  await database.drop()
})

const keep = (key: string) =>
  sql`insert into team (org_id, id, key, name, calendar_key) values (${org}, gen_random_uuid(), ${key}, '{}', 'x')`
const kept = (key: string) =>
  db.withScope({ org }, (tx) => tx.rows(sql`select 1 from team where org_id = ${org} and key = ${key}`), 'read')
const transaction = <T>(work: (tx: Tx) => Promise<T>) => db.withScope({ org }, work)

describe('a transaction', () => {
  it('gives its value once COMMIT has succeeded, with all it wrote', async () => {
    const value = await transaction(async (tx) => {
      tx.send(keep('sent'))
      await tx.run(keep('awaited'))
      return 5
    })
    expect(value).toBe(5)
    expect([await kept('sent'), await kept('awaited')]).toEqual([[expect.anything()], [expect.anything()]])
  })

  const failing: [string, (tx: Tx) => Promise<unknown>][] = [
    ['sent last', async (tx) => tx.send(bad)],
    [
      'sent before one that is awaited',
      (tx) => {
        tx.send(bad)
        return tx.rows(one)
      },
    ],
    [
      'sent, and the error that follows from it swallowed',
      (tx) => {
        tx.send(bad)
        return tx.rows(one).catch(() => 7)
      },
    ],
    ['swallowed', (tx) => tx.rows(bad).catch(() => 7)],
    ['not awaited', async (tx) => void tx.rows(bad)],
    [
      'not awaited, and met by the next one',
      async (tx) => {
        void tx.first(bad)
        return tx.run(one)
      },
    ],
    ['one of many at once', (tx) => Promise.all([tx.rows(one), tx.rows(bad), tx.rows(one)])],
  ]
  it.each(failing)('a statement that fails (%s) is told by its own error, and nothing is kept', async (how, work) => {
    const gone = transaction(async (tx) => {
      tx.send(keep(how))
      return work(tx)
    })
    await expect(gone).rejects.toMatchObject(divisionByZero)
    expect(await kept(how)).toEqual([])
  })

  it('a COMMIT that became ROLLBACK behind its back is no success', async () => {
    const gone = transaction(async (tx) => {
      await tx.run(keep('behind'))
      await tx.client.query('select 1/0').catch(() => undefined)
      return 'fine'
    })
    await expect(gone).rejects.toThrow('had failed before COMMIT')
    expect(await kept('behind')).toEqual([])
  })

  it('what is thrown in it is told as it is, and nothing is kept', async () => {
    const gone = transaction(async (tx) => {
      await tx.run(keep('thrown'))
      throw new TypeError('mine')
    })
    await expect(gone).rejects.toThrow(new TypeError('mine'))
    expect(await kept('thrown')).toEqual([])
  })

  it('a value that cannot be sent fails it too', async () => {
    const circle: Record<string, unknown> = {}
    circle.itself = circle
    const never = sql`select ${circle}::jsonb`
    const works: ((tx: Tx) => Promise<unknown>)[] = [
      async (tx) => tx.send(never),
      async (tx) => void tx.rows(never),
      (tx) => tx.rows(never).catch(() => 7),
      async (tx) => tx.send(sql`select ${[circle]}::jsonb[]`),
    ]
    for (const work of works) {
      const gone = transaction(async (tx) => {
        tx.send(keep('unsendable'))
        return work(tx)
      })
      await expect(gone).rejects.toThrow(/circular/)
    }
    expect(await kept('unsendable')).toEqual([])
  })

  it('can only be used while it runs', async () => {
    const left = await transaction(async (tx) => ({ tx }))
    await expect(left.tx.rows(one)).rejects.toThrow('the transaction is over')
    expect(() => left.tx.send(one)).toThrow('the transaction is over')
    expect(() => left.tx.client).toThrow('the transaction is over')
    let thrown: Tx | undefined
    await transaction(async (tx) => {
      thrown = tx
      throw new Error('no')
    }).catch(() => undefined)
    await expect(thrown?.run(one)).rejects.toThrow('the transaction is over')
  })

  it('a reader cannot write, and sees one moment however many statements it takes', async () => {
    await expect(db.withScope({ org }, (tx) => tx.run(keep('read')), 'read')).rejects.toMatchObject({ code: '25006' })
    await db.withScope(
      { org },
      async (tx) => {
        const before = await tx.rows(sql`select 1 from team where org_id = ${org}`)
        await transaction((other) => other.run(keep('meanwhile')))
        expect(await tx.rows(sql`select 1 from team where org_id = ${org}`)).toEqual(before)
      },
      'read',
    )
    expect(await kept('meanwhile')).toHaveLength(1)
  })

  it.each(['40001', '40P01'])('one in another’s way (%s) runs again, at most twice', async (code) => {
    const clash = sql.raw(`do $$ begin raise exception 'clash' using errcode = '${code}'; end $$`)
    let runs = 0
    const third = await transaction(async (tx) => {
      runs += 1
      await tx.run(keep(`${code} ${runs}`))
      if (runs < 3) tx.send(clash)
      return runs
    })
    expect(third).toBe(3)
    expect([await kept(`${code} 2`), await kept(`${code} 3`)]).toEqual([[], [expect.anything()]])
    runs = 0
    const never = transaction(async (tx) => {
      runs += 1
      return tx.run(clash)
    })
    await expect(never).rejects.toMatchObject({ code })
    expect(runs).toBe(3)
  })
})

describe('a connection', () => {
  it('is whole after every failure: the next transaction runs on it, in its own scope', async () => {
    for (let i = 0; i < 6; i++) {
      await expect(transaction(async (tx) => tx.send(bad))).rejects.toMatchObject(divisionByZero)
      const scope = sql<{ org: string }>`select current_setting('app.org') as org`
      expect(await transaction((tx) => tx.first(scope))).toEqual({ org })
    }
    expect({ total: db.pool.totalCount <= 2, busy: db.pool.totalCount - db.pool.idleCount }).toEqual({
      total: true,
      busy: 0,
    })
  })

  it('a name that failed to prepare, or was skipped in a failed transaction, can be prepared again', async () => {
    const named = sql<{ x: number }>`select 4 as x`
    const missing = sql`select * from nowhere`
    await expect(transaction(async (tx) => tx.send(missing, 'missing'))).rejects.toMatchObject({ code: '42P01' })
    await expect(transaction((tx) => tx.rows(missing, 'missing'))).rejects.toMatchObject({ code: '42P01' })
    const skipped = transaction((tx) => {
      tx.send(bad)
      return tx.rows(named, 'skipped')
    })
    await expect(skipped).rejects.toMatchObject(divisionByZero)
    const twice = () => transaction((tx) => Promise.all([tx.rows(named, 'skipped'), tx.rows(named, 'skipped')]))
    expect(await Promise.all([twice(), twice(), twice()])).toEqual(
      Array.from({ length: 3 }, () => [[{ x: 4 }], [{ x: 4 }]]),
    )
  })

  it('is not ended by statements that wait behind each other, each within the limit', async () => {
    const pid = sql<{ pid: number }>`select pg_backend_pid() as pid`
    const [before] = await transaction((tx) =>
      Promise.all([tx.first(pid), tx.rows(slow), tx.rows(slow), tx.rows(slow)]),
    )
    const sent = await transaction(async (tx) => {
      for (let i = 0; i < 3; i++) tx.send(slow)
      return 3
    })
    expect(sent).toBe(3)
    const pids = await Promise.all([1, 2].map(() => transaction((tx) => tx.first(pid))))
    expect(pids).toContainEqual(before)
  }, 30_000)

  it('a statement beyond the limit is cancelled by the server, and counts as an unavailable database', async () => {
    const error: unknown = await transaction(async (tx) => tx.send(sql`select pg_sleep(4)`)).catch((e: unknown) => e)
    expect(error).toMatchObject({ code: '57014' })
    expect(isUnavailable(error)).toBe(true)
  })

  it('that is lost in the middle is an unavailable database, and the next one is new', async () => {
    const lost = transaction(async (tx) => {
      const at = await tx.first(sql<{ pid: number }>`select pg_backend_pid() as pid`)
      const operator = new pg.Client({ connectionString: database.url })
      await operator.connect()
      await operator.query('select pg_terminate_backend($1)', [at?.pid])
      await operator.end()
      await tx.rows(one)
    })
    const error: unknown = await lost.catch((e: unknown) => e)
    expect(isUnavailable(error)).toBe(true)
    expect(await transaction((tx) => tx.rows(one))).toEqual([{ one: 1 }])
  })
})

it('no failure of any of these was left unhandled', async () => {
  await new Promise((later) => setTimeout(later, 50))
  expect(unhandled).toEqual([])
})
