import type pg from 'pg'

export type FailingPool = {
  /** From now on the `nth` statement (from 1; ROLLBACK is not counted) fails at the server, once, with this SQLSTATE. */
  arm(nth: number, sqlState: string): void
  /** Whether that statement was reached, and its text; nothing fails any more. */
  disarm(): string | undefined
}

type Ask = (...given: unknown[]) => unknown

/** Makes a statement of any connection of this pool fail: a real error of the server, which ends the transaction there. */
export function failingPool(pool: pg.Pool): FailingPool {
  let left = 0
  let state = ''
  let failed: string | undefined
  const seen = new WeakSet<object>()
  pool.on('acquire', (client) => {
    if (seen.has(client)) return
    seen.add(client)
    const ask = client.query.bind(client) as Ask
    const query: Ask = (...given) => {
      const text = textOf(given[0])
      if (left === 0 || /^rollback/i.test(text)) return ask(...given)
      left -= 1
      if (left > 0) return ask(...given)
      failed = text
      const callback = given.at(-1)
      const instead = `do $$ begin raise exception 'made to fail' using errcode = '${state}'; end $$`
      return typeof callback === 'function' ? ask(instead, callback) : ask(instead)
    }
    Object.assign(client, { query })
  })
  return {
    arm(nth, sqlState) {
      left = nth
      state = sqlState
      failed = undefined
    },
    disarm() {
      left = 0
      return failed
    },
  }
}

function textOf(query: unknown): string {
  if (typeof query === 'string') return query
  return typeof query === 'object' && query !== null && 'text' in query ? String(query.text) : ''
}
