import type pg from 'pg'

/**
 * A server that is frozen, or behind a line that swallows, never answers, and its own timeouts do not reach us. A query that
 * gets no answer within `query_timeout` fails; this ends its connection too, so that nobody is given it again.
 */
export function endWhenSilent(client: pg.ClientBase): void {
  const ask = client.query.bind(client) as (...given: unknown[]) => unknown
  const query = (...given: unknown[]) => {
    const answer = ask(...given)
    if (answer instanceof Promise)
      answer.catch((error: unknown) => {
        if (isSilence(error)) end(client)
      })
    return answer
  }
  Object.assign(client, { query })
}

function end(client: pg.ClientBase): void {
  if ('end' in client && typeof client.end === 'function') client.end().catch(() => undefined)
}

function isSilence(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout'
}
